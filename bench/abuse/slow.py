"""What is sent a letter at a time."""

from .runner import PRODUCT
from .visitor import FORM


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
