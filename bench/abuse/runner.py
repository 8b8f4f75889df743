"""Run one attack, with somebody beside it who is only looking at a product."""

import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import cycle
from statistics import quantiles

from .visitor import Visitor

PRODUCT, QUIET = "/products/harbour-teapot/", "/healthz"
# What others look at in turns: pages that many ask for.
SHELVES = ["/", "/products/", "/categories/tableware/", "/products/harbour-teapot/reviews/"]
BYSTANDER, ATTACKER = "127.0.0.9", "127.0.0.66"
SECONDS_BETWEEN = 0.1
# What no attack may bring about: the 95th percentile of a product page, the size of a worker.
MOST_MILLISECONDS, MOST_MEGABYTES = 200, 400


@dataclass
class Result:
    """What others met during an attack (milliseconds, share of hits, megabytes), and what was answered."""

    name: str
    page_p50: float
    page_p95: float
    quiet_p95: float
    failed: int
    hits: float
    megabytes: float
    answers: dict

    HEAD = (
        *("attack", "page p50", "page p95", "/healthz p95", "not answered", "hits"),
        *("largest worker", "answers"),
    )

    @property
    def facts(self):
        return asdict(self)

    @property
    def row(self):
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        return [
            self.name,
            *(f"{value:,.0f} ms" for value in (self.page_p50, self.page_p95, self.quiet_p95)),
            str(self.failed),
            f"{self.hits:.1%}",
            f"{self.megabytes:,.0f} MB",
            answers or "–",
        ]

    @property
    def line(self):
        is_good = self.page_p95 <= MOST_MILLISECONDS and self.megabytes <= MOST_MEGABYTES
        return ("ok   " if is_good else "OVER ") + " | ".join(self.row)


def run(shop, attack, seconds):
    """Return the Result of an attack of so many seconds on a server that has just started."""
    shop.start()
    try:
        bystander = Bystander(shop)
        bystander.warm_up()
        prepared = attack.prepare(shop, Visitor(shop, ATTACKER))
        bystander.start()
        answers = prepared(attack.seconds or seconds)
        return bystander.result(attack.name, answers)
    finally:
        shop.stop()


class Bystander:
    def __init__(self, shop):
        self.shop = shop
        self.visitor = Visitor(shop, BYSTANDER)
        self.is_over = threading.Event()
        self.times = {PRODUCT: [], QUIET: []}
        self.outcomes = Counter()
        self.failed = self.megabytes = 0
        targets = [(self.look, PRODUCT), (self.look, QUIET), (self.browse,), (self.weigh,)]
        self.threads = [threading.Thread(target=act, args=args, daemon=True) for act, *args in targets]

    def warm_up(self):
        for _ in range(10):
            for path in (PRODUCT, *SHELVES):
                self.visitor.get(path)

    def start(self):
        for thread in self.threads:
            thread.start()

    def look(self, path):
        while not self.is_over.is_set():
            took, status = self.visitor.timed(path)
            self.times[path].append(took * 1000)
            self.failed += status != "200"
            self.is_over.wait(max(0, SECONDS_BETWEEN - took))

    def browse(self):
        """Count which of the pages that many ask for come from the cache."""
        visitor = Visitor(self.shop, BYSTANDER)
        for path in cycle(SHELVES):
            if self.is_over.wait(SECONDS_BETWEEN):
                return
            visitor.get(path)
            self.outcomes[visitor.outcome] += 1

    def weigh(self):
        while not self.is_over.is_set():
            self.megabytes = max(self.megabytes, self.shop.largest_worker())
            self.is_over.wait(0.25)

    def result(self, name, answers):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        page, quiet = self.times[PRODUCT], self.times[QUIET]
        hits = self.outcomes["hit"] / max(1, self.outcomes.total())
        times = (share(page, 50), share(page, 95), share(quiet, 95))
        return Result(name, *times, self.failed, hits, self.megabytes, answers)


def share(values, percent):
    """Return a percentile; of a single value that value."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def counted(pool, send, rate, seconds):
    """Send at a rate, however long the answers take; return how often each came."""
    began, futures = time.monotonic(), []
    for number in range(int(rate * seconds)):
        time.sleep(max(0, began + number / rate - time.monotonic()))
        futures.append(pool.submit(send, number))
    return dict(Counter(future.result() for future in futures))
