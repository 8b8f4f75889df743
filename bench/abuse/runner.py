"""Run one attack, with somebody beside it who is only looking at a product."""

import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from statistics import quantiles

from .visitor import Visitor

PRODUCT, QUIET = "/products/harbour-teapot/", "/healthz"
BYSTANDER, ATTACKER = "127.0.0.9", "127.0.0.66"
SECONDS_BETWEEN = 0.1
# What no attack may bring about: the 95th percentile of a product page, the size of a worker.
MOST_MILLISECONDS, MOST_MEGABYTES = 200, 400


@dataclass
class Result:
    """What others met during an attack: milliseconds, megabytes, and what the attacker was answered."""

    name: str
    page_p50: float
    page_p95: float
    quiet_p95: float
    failed: int
    megabytes: float
    answers: dict

    HEAD = ("attack", "page p50", "page p95", "/healthz p95", "not answered", "largest worker", "answers")

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
        self.failed = self.megabytes = 0
        self.threads = [threading.Thread(target=self.look, args=[path], daemon=True) for path in self.times]
        self.threads.append(threading.Thread(target=self.weigh, daemon=True))

    def warm_up(self):
        for _ in range(40):
            self.visitor.get(PRODUCT)

    def start(self):
        for thread in self.threads:
            thread.start()

    def look(self, path):
        while not self.is_over.is_set():
            took, status = self.visitor.timed(path)
            self.times[path].append(took * 1000)
            self.failed += status != "200"
            self.is_over.wait(max(0, SECONDS_BETWEEN - took))

    def weigh(self):
        while not self.is_over.is_set():
            self.megabytes = max(self.megabytes, self.shop.largest_worker())
            self.is_over.wait(0.25)

    def result(self, name, answers):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        page, quiet = self.times[PRODUCT], self.times[QUIET]
        return Result(
            name, share(page, 50), share(page, 95), share(quiet, 95), self.failed, self.megabytes, answers
        )


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
