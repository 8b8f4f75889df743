"""Kinds of attacks: by requests at a rate, by connections that are held, by a neighbour that hangs."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from .runner import counted

RATE = 10  # requests a second
MOST_AT_ONCE = 64


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
