"""Readers: processes that ask for pages and compare them with what they knew before they asked."""

import random
import re
import signal
import time
import zlib
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from operator import ge

from .connection import Connection
from .subjects import (
    ARCHIVED,
    LINKED,
    MOVERS,
    PRICE,
    PRODUCTS,
    REPLY,
    REVIEWED,
    SMALL,
    STATE,
    TITLE,
    VERDICT,
    detail_page,
    pages_of,
    rating,
    ratings_in,
    related_page,
    shared_pages,
    state,
    versions_in,
)

DECISIVE_SECONDS = 1.0
OUTCOME = re.compile(rb"(?i)\r\nx-cache: *([\w-]+)")
EDGE = re.compile(rb"(?i)\r\nx-edge: *([\w-]+)")
ETAG = re.compile(rb'(?i)\r\netag: *W/"(\w+)"')
SAMPLES = 50


@dataclass
class Tally:
    """What one reader counted."""

    reads: Counter = field(default_factory=Counter)
    hits: Counter = field(default_factory=Counter)
    misses: Counter = field(default_factory=Counter)
    editions: dict = field(default_factory=lambda: defaultdict(set))
    stale: Counter = field(default_factory=Counter)
    compared: Counter = field(default_factory=Counter)
    decisive: Counter = field(default_factory=Counter)
    last_copies: Counter = field(default_factory=Counter)
    failures: Counter = field(default_factory=Counter)
    edge: Counter = field(default_factory=Counter)
    samples: list = field(default_factory=list)
    by_second: dict = field(default_factory=lambda: defaultdict(Counter))
    hit_times: array = field(default_factory=lambda: array("f"))
    miss_times: array = field(default_factory=lambda: array("f"))


@dataclass
class Content:
    """What a page said: its bytes, the versions in them, and what else can be checked."""

    body: bytes
    versions: dict
    linked: set
    is_archived: bool
    ratings: dict

    @classmethod
    def of(cls, page, body, is_compressed):
        text = zlib.decompress(body, 31) if is_compressed else body
        linked = set(map(int, LINKED.findall(text)))
        return cls(body, versions_in(text), linked, ARCHIVED in text, ratings_in(text, page))

    def can_be_checked(self, page):
        """Say whether a page names what it must: else it would pass for fresh whatever it is."""
        needed = {TITLE + page.subject} if page.kind in ("detail", "reviews") else set()
        if page.kind == "detail":
            needed.add(PRICE + page.subject)
        if needed and page.subject in REVIEWED:
            needed.add(REPLY + page.subject)
        return bool(self.versions) and needed <= self.versions.keys()


def read(ledger, number, port, results):
    """Read until the measurement is over, then send the Tally."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reader = Reader(ledger, number, port)
    while not ledger.is_over.value:
        reader.read(reader.choose())
    results.send(reader.tally)


class Reader:
    def __init__(self, ledger, number, port):
        self.ledger = ledger
        self.number = number
        self.random = random.Random(number)
        self.connection = Connection(port)
        self.tally = Tally()
        self.contents = {}
        self.shared = shared_pages()
        # The home page, and the first list as a page and as a fragment.
        self.front = [page for page in self.shared if page.url in ("/", "/products/")]
        self.of_product = [pages_of(product) for product in range(PRODUCTS)]
        self.details = [detail_page(product) for product in range(PRODUCTS)]
        self.related = [related_page(product) for product in range(PRODUCTS)]

    def choose(self):
        """Choose a page: often one that was written a moment ago, or one that shows much."""
        chance = self.random.random()
        if chance < 0.45:
            return self.random.choice(self.of_product[self.ledger.latest_product.value])
        if chance < 0.6:
            return self.random.choice(self.front)
        if chance < 0.8:
            return self.random.choice(self.shared)
        product = some_product(self.random)
        if chance < 0.96 or product in MOVERS:
            return self.details[product]
        return self.related[product]

    def read(self, page):
        fault = self.ledger.fault.value
        known = self.ledger.known()
        sent_at = time.monotonic()
        try:
            status, head, body = self.connection.get(page.request(self.random))
        except OSError as error:
            self.tally.failures[fault or self.ledger.fault.value, type(error).__name__] += 1
            return
        took = time.monotonic() - sent_at
        fault = fault or self.ledger.fault.value
        if status != 200:
            self.tally.failures[fault, status] += 1
            self.tally.by_second[self.ledger.second()]["failures"] += 1
            return
        outcome = OUTCOME.search(head)[1]
        if outcome == b"stale":
            self.tally.last_copies[fault] += 1
            return
        content = self.content(page, head, body)
        if not content.can_be_checked(page):
            self.tally.failures[fault, f"nothing to check in {page.url}"] += 1
            return
        if at_edge := EDGE.search(head):
            self.tally.edge[at_edge[1].decode()] += 1
        if etag := ETAG.search(head):  # A page that is not stored has none.
            self.tally.editions[page].add(etag[1])
        self.count(page, outcome, took)
        self.judge(page, content, known, sent_at, outcome)

    def content(self, page, head, body):
        """Return the Content of an answer; the same bytes as last time are not searched again."""
        last = self.contents.get(page)
        if last is not None and last.body == body:
            return last
        content = self.contents[page] = Content.of(page, body, b"content-encoding: gzip" in head.lower())
        return content

    def count(self, page, outcome, took):
        tally, second = self.tally, self.tally.by_second[self.ledger.second()]
        self.ledger.reads[self.number] += 1
        tally.reads[page.kind] += 1
        second["reads"] += 1
        if outcome == b"hit":
            tally.hits[page.kind] += 1
            second["hits"] += 1
            tally.hit_times.append(took)
        else:
            tally.misses[page.kind] += 1
            tally.miss_times.append(took)

    def judge(self, page, content, known, sent_at, outcome):
        self.tally.compared[page.kind] += len(content.versions)
        written_at = map(self.ledger.answered_at.__getitem__, content.versions)
        if sent_at - max(written_at, default=0) < DECISIVE_SECONDS:
            self.tally.decisive[page.kind] += 1
        faults = self.older(content, known) + self.misplaced(page, content, known[0])
        faults += self.misrated(content, known[0])
        if not faults:
            self.ledger.show(content.versions)
            return
        self.tally.stale[page.kind] += 1
        self.tally.by_second[self.ledger.second()]["stale"] += 1
        if len(self.tally.samples) < SAMPLES:
            when = sent_at - self.ledger.begun_at
            self.tally.samples.append((when, page.url, page.kind, outcome.decode(), faults))

    def older(self, content, known):
        """Return (slot, version shown, version known, seconds since its write) of what is too old."""
        seen = content.versions
        if all(all(map(ge, seen.values(), map(floor.__getitem__, seen))) for floor in known):
            return []
        now, (answered, shown) = time.monotonic(), known
        return [
            (slot, version, max(answered[slot], shown[slot]), now - self.ledger.answered_at[slot])
            for slot, version in seen.items()
            if version < max(answered[slot], shown[slot])
        ]

    def misplaced(self, page, content, answered):
        """Return what older() does for movers that stand where they should not, or are missing."""
        if page.kind == "detail" and page.subject in MOVERS:
            products, is_right = [page.subject], self.is_archived_rightly
        elif page.kind == "category" and page.subject in SMALL:
            products, is_right = MOVERS, self.is_placed_rightly
        else:
            return []
        return [
            (STATE + product, None, version, time.monotonic() - self.ledger.answered_at[STATE + product])
            for product in products
            for version in [answered[STATE + product]]
            # A write under way may show or not.
            if self.ledger.started[STATE + product] == version
            if not is_right(page, content, product, version)
        ]

    def misrated(self, content, answered):
        """Return what older() does for products whose stars are not those of their reviews."""
        return [
            (VERDICT + product, None, version, time.monotonic() - self.ledger.answered_at[VERDICT + product])
            for product, shown in content.ratings.items()
            for version in [answered[VERDICT + product]]
            if self.ledger.started[VERDICT + product] == version
            if shown != rating(version)
        ]

    def is_archived_rightly(self, page, content, product, version):
        return content.is_archived != state(version)[1]

    def is_placed_rightly(self, page, content, product, version):
        category, is_listed = state(version)
        return (product in content.linked) == (is_listed and category == page.subject)


def some_product(generator):
    """Choose a product, the newest much more often."""
    return PRODUCTS - 1 - int(PRODUCTS * generator.random() ** 2.5)
