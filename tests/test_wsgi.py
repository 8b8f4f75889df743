"""What the production server is asked: bodies are read whole, and by part of the threads only."""

import errno
import io
import runpy
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from storefront import bodies
from tests.threads import LONG

FROZEN = """
import re
from storefront import watchdog
watchdog.SECONDS_FROZEN, watchdog.SECONDS_BETWEEN_BEATS = 2, 0.2
watchdog.start()
print("is started", flush=True)
re.match("(a+)+$", "a" * 60 + "b")
"""


@pytest.fixture
def ask(monkeypatch):
    """Return a function that sends a body and returns (status, what the shop was given)."""
    given = []

    def shop(environ, start_response):
        given.append(environ["wsgi.input"].read())
        start_response("403 Forbidden", [])
        return [b"refused"]

    monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: shop)
    monkeypatch.setattr("storefront.watchdog.start", lambda: None)
    application = runpy.run_module("storefront.wsgi")["application"]

    def ask(body, **headers):
        statuses = []
        environ = {"wsgi.input": body, "CONTENT_LENGTH": "200000"} | headers
        application(environ, lambda status, headers: statuses.append(status[:3]))
        return statuses[0], given.pop() if given else None

    return ask


class Dripping:
    """A body that never ends."""

    def read(self, size):
        return b"x"


class Silent:
    """A body of which nothing comes until it is let go."""

    def __init__(self):
        self.is_read, self.end = threading.Event(), threading.Event()

    def read(self, size):
        self.is_read.set()
        self.end.wait(LONG)
        return b""


def test_form_that_the_shop_refuses_unread_is_read_before_it_is_answered(ask):
    form = io.BytesIO(b"x" * 200_000)
    assert ask(form) == ("403", b"x" * 200_000)
    assert form.read() == b""


def test_request_without_a_body_is_not_read(ask):
    assert ask(io.BytesIO(b"x"), CONTENT_LENGTH="")[0] == "403"


def test_body_that_never_ends_is_given_up(ask, monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS_IN_ALL", 0.1)
    assert ask(Dripping()) == ("408", None)


def test_body_that_is_too_large_is_refused(ask, monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 100_000)
    assert ask(io.BytesIO(b"x" * 200_000)) == ("413", None)


def test_full_disk_is_told(ask, monkeypatch):
    def copy(source):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bodies, "_copy", copy)
    assert ask(io.BytesIO(b"form")) == ("503", None)


def test_silent_visitors_hold_part_of_the_threads_and_forms_are_told_so(ask, monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS_FOR_A_PLACE", 0.01)
    silent = [Silent() for _ in range(settings.THREADS // 2)]
    threads = [threading.Thread(target=ask, args=[body], daemon=True) for body in silent]
    for thread, body in zip(threads, silent, strict=True):
        thread.start()
        assert body.is_read.wait(LONG)
    assert ask(io.BytesIO(b"form")) == ("503", None)
    assert ask(io.BytesIO(), CONTENT_LENGTH="")[0] == "403"
    for thread, body in zip(threads, silent, strict=True):
        body.end.set()
        thread.join(LONG)
    assert ask(io.BytesIO(b"form")) == ("403", b"form")


def test_worker_that_is_frozen_ends_and_says_where_it_was():
    ended = subprocess.run(
        [sys.executable, "-c", FROZEN], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=LONG
    )
    assert (ended.returncode, ended.stdout) == (1, "is started\n")
    assert "in match" in ended.stderr
