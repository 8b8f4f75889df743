"""Addresses that are dear to answer, and heads of requests."""

import random

from .runner import PRODUCT
from .visitor import Visitor

SCRIPTS = [(0x61, 26), (0x430, 32), (0x3B1, 24), (0x5D0, 27), (0x627, 28), (0x4E00, 20_000), (0xAC00, 11_000)]


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


def many_cookies(visitor):
    visitor.cookies = {f"c{number}": "x" for number in range(3000)}
    return lambda number: visitor.get(PRODUCT)


def many_headers(visitor):
    headers = {f"X-{number}": "x" for number in range(90)}
    return lambda number: visitor.get(PRODUCT, **headers)
