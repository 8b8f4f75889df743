"""The last copy of each page, for the time while the database is away and versions cannot be read."""

from django.core.cache import caches

from .limits import DAY
from .page_keys import variant_key
from .tiers import Entry, decompress

NOTICE = (
    b'<p class="last-copy" role="status">Part of the shop is away for a moment. '
    b"This page is the last copy we have and may be out of date.</p>"
)


def keep_last_copy(request, response):
    """Keep a copy of a page that was just rendered, whatever its versions."""
    entry = Entry.of(response, DAY)
    caches["shared"].set(_key(request), entry.pack(), DAY)


def last_copy(request):
    """Return the last copy of a page, marked as such, or None."""
    packed = caches["shared"].get(_key(request))
    if packed is None:
        return None
    response = Entry.unpack(packed).value
    if response.headers.get("Content-Encoding") == "gzip":
        decompress(response)
    response.content = response.content.replace(b"<main", NOTICE + b"<main", 1)
    for name in ("Content-Length", "ETag", "Expires", "Surrogate-Key", "Surrogate-Control"):
        del response.headers[name]
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Cache"] = "last-copy"
    return response


def _key(request):
    return f"last:{variant_key(request)}"
