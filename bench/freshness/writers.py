"""Writers: signed in to the admin, they change what pages show and note when the answer came."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException

from .forms import Browser, Form, UnexpectedStatusError
from .readers import some_product
from .subjects import (
    CATEGORIES,
    CATEGORY,
    MOVERS,
    PRICE,
    REPLY,
    REVIEWED,
    SELLER,
    SELLERS,
    STATE,
    TITLE,
    VERDICT,
    category_name,
    price,
    reply,
    seller_name,
    state,
    title,
    verdict,
)

EMAIL, PASSWORD = "staff@example.com", "for-this-measurement-only"
# Seconds between two writes of a writer, on average; they come as they come, at times several at once.
PAUSE = 2.5


@dataclass
class Writes:
    """What one writer did; a write is unknown if its answer was lost."""

    answered: Counter = field(default_factory=Counter)
    unknown: Counter = field(default_factory=Counter)
    unsent: Counter = field(default_factory=Counter)
    refused: list = field(default_factory=list)
    times: list = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A kind of change of one subject."""

    kind: str
    slot: int
    path: str
    form_id: str
    number: int


def write(ledger, number, writers, port, results):
    """Write until the measurement is over, then send the Writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    writer = Writer(ledger, number, writers, port)
    change = None
    while not ledger.is_over.value:
        # After an unknown write the same subject is written again, until it is known.
        change = writer.write(change or writer.choose())
        time.sleep(writer.random.expovariate(1 / PAUSE))
    results.send(writer.done)


class Writer:
    """Writes the subjects whose number leaves its own number when divided by that of the writers."""

    def __init__(self, ledger, number, writers, port):
        self.ledger = ledger
        self.number = number
        self.writers = writers
        self.random = random.Random(1000 + number)
        self.browser = Browser(port)
        self.versions = Counter()
        self.done = Writes()
        self.is_signed_in = False

    def choose(self):
        chance = self.random.random()
        if chance < 0.015:
            return rename_seller(self.own(range(SELLERS)))
        if chance < 0.03:
            return rename_category(self.own(range(CATEGORIES)))
        if chance < 0.2:
            return change_product("state", STATE, self.own(MOVERS))
        if chance < 0.35:
            return reply_to_review(self.own(REVIEWED))
        if chance < 0.5:
            return judge_review(self.own(REVIEWED))
        product = some_product(self.random)
        product -= (product - self.number) % self.writers
        if chance < 0.8:
            return change_product("price", PRICE, max(product, self.number))
        return change_product("title", TITLE, max(product, self.number))

    def own(self, numbers):
        return self.random.choice([n for n in numbers if n % self.writers == self.number])

    def write(self, change):
        """Make a change, and return it if its outcome is unknown."""
        form = self.opened(change)
        if form is None:
            return change
        self.versions[change.slot] += 1
        version = self.versions[change.slot]
        self.ledger.start(change.slot, version)
        self.ledger.is_writing[self.number] = 1
        started_at = time.monotonic()
        try:
            status, body = self.browser.send(change.path, form.fields | fields_of(change, version))
        except (OSError, HTTPException) as error:
            status, body = reason(error), b""
        self.ledger.is_writing[self.number] = 0
        return self.noted(change, version, status, body, started_at)

    def opened(self, change):
        try:
            if not self.is_signed_in:
                self.browser.sign_in(EMAIL, PASSWORD)
                self.is_signed_in = True
            return self.browser.open(change.path, change.form_id)
        except (OSError, HTTPException) as error:
            self.done.unsent[self.ledger.fault.value, reason(error)] += 1
            return None

    def noted(self, change, version, status, body, started_at):
        if status == 200:
            self.done.refused.append((change, Form(change.form_id, body.decode()).errors))
            return change
        if status != 302:
            self.done.unknown[self.ledger.fault.value, status] += 1
            return change
        self.ledger.answer(change.slot, version)
        self.done.answered[change.kind] += 1
        self.done.times.append(time.monotonic() - started_at)
        if change.kind in ("title", "price", "state", "reply", "verdict"):
            self.ledger.latest_product.value = change.number
        return None


def reason(error):
    return f"{error}" if isinstance(error, UnexpectedStatusError) else type(error).__name__


def change_product(kind, first_slot, product):
    path = f"/admin/catalogue/product/{product + 1}/change/"
    return Change(kind, first_slot + product, path, "product_form", product)


def reply_to_review(product):
    review = 2 * REVIEWED.index(product) + 1
    return Change("reply", REPLY + product, f"/sell/reviews/{review}/reply/", f"reply-form-{review}", product)


def judge_review(product):
    review = 2 * REVIEWED.index(product) + 2
    path = f"/admin/reviews/review/{review}/change/"
    return Change("verdict", VERDICT + product, path, "review_form", product)


def rename_seller(seller):
    path = f"/admin/sellers/seller/{seller + 1}/change/"
    return Change("seller", SELLER + seller, path, "seller_form", seller)


def rename_category(category):
    path = f"/admin/catalogue/category/{category + 1}/change/"
    return Change("category", CATEGORY + category, path, "category_form", category)


def fields_of(change, version):
    """Return the fields of the form that make the change."""
    match change.kind:
        case "title":
            return {"title": title(change.number, version)}
        case "price":
            return {"variants-0-price": price(change.number, version)}
        case "state":
            category, is_listed = state(version)
            return {"category": category + 1, "status": "listed" if is_listed else "archived"}
        case "reply":
            return {"reply": reply(change.number, version)}
        case "verdict":
            return {"verdict": "approve" if verdict(version) else "reject", "reason": "Not now."}
        case "seller":
            return {"name": seller_name(change.number, version)}
        case "category":
            return {"name": category_name(change.number, version)}
