"""Clients who ask as soon as they are answered, and write once in a while."""

import random
import re
import time
from dataclasses import dataclass
from http.client import HTTPException

from freshness.connection import Connection
from freshness.forms import Browser, UnexpectedStatusError

SHARES = {"product": 60, "list": 25, "search": 10, "island": 5}
READS_A_WRITE = 100
STAFF, PASSWORD = "staff@ingle.example", "for-this-measurement-only"
OUTCOME = re.compile(rb"(?i)\r\nx-cache: *([\w-]+)")


@dataclass(frozen=True)
class Answer:
    """What a client got: sent at (monotonic seconds), what it asked for, what came, seconds it took."""

    at: float
    kind: str
    outcome: str
    took: float

    @property
    def ended(self):
        return self.at + self.took

    @property
    def is_good(self):
        wanted = {"write": ("302",), "island": ("200",)}.get(self.kind, ("hit", "miss", "stale"))
        return self.outcome in wanted


def ask(client, results):
    while not results.poll():
        client.read(client.any_kind())
        if len(client.answers) % (READS_A_WRITE + 1) == READS_A_WRITE:
            client.write()
    results.send(client.answers)


class Client:
    """One who asks for popular things more often, and writes now and then, as staff do."""

    def __init__(self, number, port, goods):
        self.chance = random.Random(number)
        self.connection, self.browser = Connection(port), Browser(port)
        self.goods, self.answers = goods, []
        self.browser.sign_in(STAFF, PASSWORD)

    def any_kind(self):
        return self.chance.choices(list(SHARES), list(SHARES.values()))[0]

    def read(self, kind):
        self.note(kind, self.get, self.address(kind), kind == "island")

    def write(self):
        self.note("write", self.change_a_price)

    def note(self, kind, does, *arguments):
        at = time.monotonic()
        try:
            outcome = does(*arguments)
        except UnexpectedStatusError as error:
            outcome = str(error)
        except (OSError, HTTPException) as error:
            outcome = type(error).__name__
        self.answers.append(Answer(at, kind, outcome, time.monotonic() - at))

    def get(self, address, is_personal):
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        cookie = f"Cookie: {cookies}\r\n" if is_personal else ""
        head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"
        status, answered, _ = self.connection.get(head.encode())
        found = OUTCOME.search(answered)
        return found[1].decode() if found and status == 200 else str(status)

    def change_a_price(self):
        path = f"/admin/catalogue/product/{self.popular()['pk']}/change/"
        form = self.browser.open(path, "product_form")
        price = f"{self.chance.randrange(500, 30_000) / 100:.2f}"
        # A former price must be higher than any that is chosen here.
        prices = {"variants-0-price": price, "variants-0-compare_at_price": ""}
        status, _ = self.browser.send(path, form.fields | prices)
        return str(status)

    def address(self, kind):
        product = self.popular()
        match kind:
            case "product":
                return f"/products/{product['slug']}/"
            case "list":
                path = self.chance.choice(["/products/", f"/categories/{product['category_path']}/"])
                return path + self.chance.choice(["", "", "?page=2", "?sort=price", "?in_stock=1"])
            case "search":
                word = self.chance.choice(product["title"].split())
                return f"/products/?q={word.lower()}"
            case "island":
                return "/me/"

    def popular(self):
        """Return a product, those at the front many times as often as those at the back (Zipf)."""
        return self.goods[int(len(self.goods) ** self.chance.random()) - 1]
