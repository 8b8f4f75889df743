"""Limits and notes: counted by all processes together, whatever happens to pages and database."""

import threading
from hashlib import blake2b

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

from shop.caching import notes
from shop.caching.clients import network_of
from shop.caching.models import Note
from shop.caching.rate_limit import DAY, HOUR, MINUTE, is_within_limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still, until a test moves it."""

    class Clock:
        now = 1_800_000_000.0

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("shop.caching.notes.time.time", clock)
    return clock


@pytest.mark.parametrize(("most", "seconds"), [(1, 30), (3, MINUTE), (30, HOUR), (7, DAY), (1000, MINUTE)])
def test_so_many_are_allowed_at_once_and_then_one_each_step(clock, most, seconds):
    assert [is_within_limit("x", most, seconds) for _ in range(most + 1)] == [True] * most + [False]
    clock.now += seconds / most * 0.9
    assert not is_within_limit("x", most, seconds)
    clock.now += seconds / most * 0.11
    assert is_within_limit("x", most, seconds)
    assert not is_within_limit("x", most, seconds)
    clock.now += 2 * seconds
    assert [is_within_limit("x", most, seconds) for _ in range(most + 1)] == [True] * most + [False]


def test_a_steady_user_below_the_rate_is_never_refused(clock):
    for _ in range(500):
        assert is_within_limit("x", 10, MINUTE)
        clock.now += 6


def test_what_is_refused_is_not_counted(clock):
    for _ in range(100):
        is_within_limit("x", 2, MINUTE)
    clock.now += 31
    assert is_within_limit("x", 2, MINUTE)


def test_names_are_counted_apart_whatever_they_hold(clock):
    names = ["a", "A", "a ", "ä", "x" * 5000, "x" * 5001, "a\nb", "🏺"]
    assert all(is_within_limit(name, 1, HOUR) for name in names)
    assert not any(is_within_limit(name, 1, HOUR) for name in names)


def test_nobody_learns_from_the_table_whose_addresses_are_counted(clock):
    is_within_limit("reset:anna@shop.example", 1, DAY)
    cache.set("allauth:rl:ip:203.0.113.9", [1.5], DAY)
    for note in Note.objects.all():
        assert "anna" not in note.name and "203" not in note.name and "203" not in note.value


def test_names_in_the_table_cannot_be_guessed_without_the_key(clock):
    is_within_limit("x", 1, HOUR)
    assert Note.objects.get().name != blake2b(b"limit:x", digest_size=16).hexdigest()


def test_default_cache_is_cleared_as_a_whole(clock):
    cache.set("a", 1)
    cache.clear()
    assert cache.get("a") is None


def test_one_more_use_is_one_statement(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(notes, "_next_sweep", float("inf"))
    is_within_limit("x", 5, HOUR)
    with django_assert_num_queries(3):  # with the test's savepoint around it
        is_within_limit("x", 5, HOUR)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_than_fit_are_told_yes():
    answers = []

    def use():
        answers.append(is_within_limit("x", 5, HOUR))
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True] * 5


def test_pages_push_nothing_out():
    is_within_limit("x", 1, HOUR)
    cache.add("used", "y", 60)
    for n in range(6000):
        caches["shared"].set(f"page:{n}", b"x", 60)
    caches["shared"].clear()
    assert not is_within_limit("x", 1, HOUR)
    assert not cache.add("used", "y", 60)


def test_without_the_table_nobody_is_refused(monkeypatch, caplog):
    monkeypatch.setattr(notes, "_next_sweep", 0)  # Sweeping is no reason to refuse anybody either.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE caching_note RENAME TO elsewhere")
    assert all(is_within_limit("x", 1, HOUR) for _ in range(3))
    assert cache.add("used", "y") and cache.add("used", "y")
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.delete("a") is False
    assert "Nothing is noted down" in caplog.text


def test_what_is_set_again_is_kept_for_as_long_as_it_is_said_then(clock):
    cache.set("a", "old", 60)
    cache.set("a", "new", 600)
    assert cache.get("a") == "new"
    clock.now += 61
    assert cache.get("a") == "new"
    cache.set("a", "newer", 60)
    clock.now += 61
    assert cache.get("a") is None


def test_deleting_one_leaves_the_others(clock):
    cache.set("a", 1)
    cache.set("b", 2)
    assert cache.delete("a")
    assert (cache.get("a"), cache.get("b")) == (None, 2)


def test_setting_sweeps_now_and_then(clock, monkeypatch):
    monkeypatch.setattr(notes, "_next_sweep", float("inf"))
    cache.set("ended", 1, 60)
    clock.now += 61
    monkeypatch.setattr(notes, "_next_sweep", 0)
    cache.set("a", 1)
    assert Note.objects.count() == 1
    cache.set("ends at once", 1, -1)
    assert Note.objects.count() == 2  # Not before the next time.


def test_default_cache_keeps_what_libraries_put_into_it(clock):
    assert cache.get("history", []) == []
    cache.set("history", [clock.now, 2.5], 300)
    assert cache.get("history") == [clock.now, 2.5]
    assert cache.add("lock", True, 10)
    assert not cache.add("lock", True, 10)
    assert cache.delete("lock") and not cache.delete("lock")
    assert cache.add("lock", True, 10)
    cache.set("ever", "y", None)
    clock.now += 301
    assert cache.get("history") is None
    assert cache.add("lock", True, 10)
    assert cache.get("ever") == "y"


def test_what_has_ended_is_swept_and_nothing_else(clock, monkeypatch):
    monkeypatch.setattr(notes, "_next_sweep", float("inf"))
    for n in range(50):
        is_within_limit(f"short {n}", 1, MINUTE)
    is_within_limit("long", 1, HOUR)
    clock.now += MINUTE + 1
    monkeypatch.setattr(notes, "_next_sweep", 0)
    is_within_limit("another", 1, MINUTE)
    assert Note.objects.count() == 2
    assert not is_within_limit("long", 1, HOUR)


@pytest.mark.parametrize(
    ("address", "forwarded", "proxies", "network"),
    [
        ("203.0.113.77", "", 0, "203.0.113.0/24"),
        ("203.0.113.77", "198.51.100.1", 0, "203.0.113.0/24"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", 1, "203.0.113.0/24"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", 2, "198.51.100.0/24"),
        ("10.0.0.1", "", 1, "10.0.0.0/24"),
        ("10.0.0.1", "198.51.100.1", 2, "10.0.0.0/24"),
        ("2001:db8:1:2:3::4", "", 0, "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "", 0, "203.0.113.0/24"),
        ("", "", 0, "unknown"),
        ("10.0.0.1", "rubbish", 1, "unknown"),
    ],
)
def test_one_is_known_by_ones_network(settings, address, forwarded, proxies, network):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": forwarded})
    assert network_of(request) == network


@settled(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_nothing_that_is_claimed_to_be_an_address_is_an_error(text):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=text))
