import threading
from contextlib import nullcontext

import pytest
from django.core.cache import caches

from shop.caching import single_flight
from shop.caching.single_flight import render_lock
from tests.threads import LONG


def together(count, work):
    """Run work(n) in count threads that start at the same moment; none of them may raise."""
    barrier, errors = threading.Barrier(count), []

    def run(n):
        barrier.wait()
        try:
            work(n)
        except Exception as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=[n]) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_one_renders_and_the_others_find_what_it_stored():
    stored, rendered = {}, []

    def ask(n):
        if "page" not in stored:
            with render_lock("page"):
                if "page" not in stored:
                    rendered.append(n)
                    stored["page"] = n

    together(50, ask)
    assert len(rendered) == 1


def test_turns_of_different_pages_do_not_wait_for_each_other():
    inside = threading.Barrier(2, timeout=LONG)

    def ask(n):
        with render_lock(f"page-{n}"):
            inside.wait()

    together(2, ask)


def test_turn_of_a_dead_process_is_waited_for_no_longer_than_patience(monkeypatch):
    monkeypatch.setattr(single_flight, "LOCK_SECONDS", 0.2)
    caches["shared"].set("lock:page", "taken", 60)
    clock = Clock()
    monkeypatch.setattr(single_flight, "time", clock)
    with render_lock("page"):
        assert clock.slept == pytest.approx(0.2, abs=0.02)
    assert caches["shared"].get("lock:page") == "taken"


@pytest.mark.parametrize("where", ["in this process", "in another one"])
def test_turn_that_is_never_given_back_holds_up_nobody_for_good(monkeypatch, where):
    """Whoever waits goes on after LOCK_SECONDS: without a limit this takes a minute, and fails."""
    monkeypatch.setattr(single_flight, "LOCK_SECONDS", 0.05)
    has_gone_on = threading.Event()

    def wait():
        with render_lock("page"):
            has_gone_on.set()

    if where == "in another one":
        caches["shared"].set("lock:page", "taken", LONG * 2)
    with render_lock("page") if where == "in this process" else nullcontext():
        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        assert has_gone_on.wait(LONG)
    waiting.join(LONG)
    assert not waiting.is_alive()


def test_next_one_goes_on_when_the_turn_is_given_back_and_is_counted_as_waiting(monkeypatch):
    """Here nobody else takes turns: threads of this process know of each other without a cache."""
    monkeypatch.setattr(single_flight, "_process_lock", lambda key, deadline: nullcontext())
    monkeypatch.setattr(single_flight, "LOCK_SECONDS", LONG)
    order, waits, has_begun = [], [], threading.Event()
    monkeypatch.setattr(single_flight, "WAITS", Waits(waits, has_begun))

    def wait():
        with render_lock("page"):
            order.append("second")

    with render_lock("page"):
        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        assert has_begun.wait(LONG)
        third = threading.Thread(target=wait, daemon=True)
        third.start()
        order.append("first")
    for thread in (waiting, third):
        thread.join(LONG / 2)
        assert not thread.is_alive()
    assert order == ["first", "second", "second"]
    assert not single_flight._locks


def test_who_waits_for_nobody_is_not_counted_as_waiting(monkeypatch):
    waits = []
    monkeypatch.setattr(single_flight, "WAITS", Waits(waits, threading.Event()))
    with render_lock("page"):
        pass
    assert not waits


def test_turn_taken_when_the_cache_lost_the_one_that_was_there_is_given_back(monkeypatch):
    shared, real = caches["shared"], caches["shared"].add
    answers = iter([False])
    monkeypatch.setattr(shared, "add", lambda *args: next(answers, True) and real(*args))
    with render_lock("page"):
        assert shared.get("lock:page") == "taken"
    assert shared.get("lock:page") is None


def test_turn_is_given_back_after_an_error():
    with pytest.raises(ZeroDivisionError), render_lock("page"):
        raise ZeroDivisionError
    assert caches["shared"].get("lock:page") is None
    assert not single_flight._locks


def test_without_a_cache_nobody_waits(monkeypatch):
    monkeypatch.setattr(caches["shared"], "add", lambda *args: False)
    monkeypatch.setattr(single_flight.time, "sleep", lambda seconds: pytest.fail("waited"))
    with render_lock("page"):
        pass


class Waits:
    """A metric that says when somebody begins to wait."""

    def __init__(self, waits, has_begun):
        self.waits, self.has_begun = waits, has_begun

    def inc(self):
        self.waits.append(1)
        self.has_begun.set()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.slept = 0

    def monotonic(self):
        return self.slept

    def sleep(self, seconds):
        self.slept += seconds
