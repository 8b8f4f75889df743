"""The attacks: each a name, and how to make one request of it, or one connection that is held."""

from .addresses import (
    beginnings,
    crowd,
    gets,
    long_address,
    many_cookies,
    many_headers,
    many_words,
    one_of_many_addresses,
    words_of_nothing,
)
from .bodies import avif_of_megapixels, jpeg_of_many_scans, png_bomb
from .forms import (
    application_with,
    fields_of_one_hash,
    import_of_backslashes,
    many_fields,
    markdown_table,
    resets,
    review_of,
    review_with,
    sign_ins,
    upload_of,
)
from .kinds import Attack, connections, hang_the_database, nothing, requests
from .slow import slow_body, slow_head

ATTACKS = [
    Attack("nothing", nothing),
    requests("reviews with JPEGs of 500 scans, signed out", review_with("a.jpg", jpeg_of_many_scans)),
    requests("reviews with AVIFs of 49 megapixels, signed out", review_with("a.avif", avif_of_megapixels)),
    requests("reviews with PNGs of 400 megapixels, signed out", review_with("a.png", png_bomb)),
    requests("reviews of 4,000 @, signed out", review_of("@" * 4000, False)),
    requests("reviews of 4,000 @, signed in", review_of("@" * 4000, True)),
    requests("a seller's uploads of JPEGs of 500 scans", upload_of("a.jpg", jpeg_of_many_scans)),
    requests("a seller's uploads of AVIFs of 49 megapixels", upload_of("a.avif", avif_of_megapixels)),
    requests("applications with logos of 49 megapixels", application_with("a.avif", avif_of_megapixels)),
    requests("a seller's imports with a cell of backslashes", import_of_backslashes),
    requests("a seller's previews of a table of 31 kB", markdown_table),
    requests("searches without a result", gets(words_of_nothing)),
    requests("searches of 40 words", gets(many_words)),
    requests("suggestions in any script", gets(beginnings)),
    requests("addresses of 6,000 letters", gets(long_address)),
    requests("filters in any combination", gets(one_of_many_addresses)),
    requests("the same from 3,000 addresses, 30 a second", crowd, rate=30),
    requests("sign-ins with wrong passwords", sign_ins),
    requests("resets, while the mail server says nothing", resets),
    requests("forms of 400,000 fields", many_fields),
    requests("forms of 2,000 fields of one hash", fields_of_one_hash),
    requests("3,000 cookies", many_cookies),
    requests("90 headers", many_headers),
    connections("24 forms that drip", 24, slow_body()),
    connections("100 heads that drip", 100, slow_head()),
    Attack("a database that hangs", hang_the_database),
]
