import gc
import importlib
import inspect
import pkgutil
import re
import time
import tracemalloc

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

import shop
import storefront
from shop.browse.list_query import canonical
from shop.caching.memory import ENTRY_OVERHEAD, Memory, MemoryCache
from shop.caching.tiers import ITEM_LIMIT, CacheEntry


@pytest.fixture
def pages():
    return caches["pages"]


def page(text="Hello"):
    return HttpResponse(text, headers={"ETag": '"1"'})


def forget_memory(cache):
    cache.memory.clear()


def test_page_comes_back_from_memory_and_from_the_shared_cache(pages):
    pages.set("key", page(), 60)
    for tier in ("memory", "shared", "memory"):
        if tier == "shared":
            forget_memory(pages)
        response = pages.get("key")
        assert (response.content, response.headers["ETag"], pages.tier) == (b"Hello", '"1"', tier)


@pytest.mark.parametrize("tier", ["memory", "shared"])
def test_redirect_stays_one(pages, tier):
    pages.set("key", HttpResponse(status=301, headers={"Location": "/vase/"}), 60)
    if tier == "shared":
        forget_memory(pages)
    response = pages.get("key")
    assert (response.status_code, response.headers["Location"]) == (301, "/vase/")


def test_page_is_found_in_no_tier_once_it_is_deleted_or_all_are(pages):
    pages.set("key", page(), 60)
    assert pages.delete("key")
    assert (pages.get("key"), pages.tier) == (None, None)
    pages.set("key", page(), 60)
    pages.clear()
    assert (pages.get("key"), pages.tier) == (None, None)


@pytest.mark.parametrize(
    ("size", "seconds", "is_kept"),
    [(ITEM_LIMIT, 60, True), (ITEM_LIMIT + 1, 60, False), (10, 0, False)],
)
def test_page_too_large_for_memcached_or_for_no_time_is_not_kept(pages, size, seconds, is_kept):
    pages.set("key", page("x" * size), seconds)
    in_memory = pages.get("key")
    forget_memory(pages)
    assert [found is not None for found in (in_memory, pages.get("key"))] == [is_kept, is_kept]


def test_each_reader_gets_a_response_of_its_own(pages):
    pages.set("key", page(), 60)
    pages.get("key").headers["ETag"] = "spoiled"
    assert pages.get("key").headers["ETag"] == '"1"'


def test_fragment_is_text():
    fragments = caches["template_fragments"]
    fragments.set("key", "<p>Grüße</p>", 60)
    forget_memory(fragments)
    assert fragments.get("key") == "<p>Grüße</p>"


def test_expired_entry_is_a_miss_in_both_tiers(pages, monkeypatch):
    pages.set("key", page(), 60)
    now = time.time()
    monkeypatch.setattr("shop.caching.tiers.time.time", lambda: now + 61)
    assert (pages.get("key"), pages.tier) == (None, None)
    forget_memory(pages)
    assert (pages.get("key"), pages.tier) == (None, None)


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"rubbish", b"[]\nbody", b'{"expires": 1}\nx', "text", 7])
def test_entry_that_cannot_be_unpacked_is_a_miss(pages, rubbish):
    caches["shared"].set(pages.make_key("key"), rubbish, 60)
    assert pages.get("key") is None


def test_memory_keeps_what_was_used_last():
    memory = Memory(max_bytes=3 * 810)
    for name in "abc":
        memory.set(name, CacheEntry(built=0, expires=0, body=bytes(300)))
    memory.get("a")
    memory.set("d", CacheEntry(built=0, expires=0, body=bytes(300)))
    assert [name for name in "abcd" if memory.get(name)] == ["a", "c", "d"]


def test_memory_never_exceeds_its_bound():
    memory = Memory(max_bytes=10_000)
    for n in range(100):
        memory.set(str(n % 7), CacheEntry(built=0, expires=0, body=bytes(n * 50)))
        assert memory.size <= 10_000
    memory.clear()
    assert memory.size == 0


def entry(size=300):
    return CacheEntry(built=0, expires=0, body=bytes(size))


def names_in(memory):
    return set(memory.entries)


def test_crawl_pushes_out_nothing_that_is_asked_for_often():
    memory = Memory(max_bytes=100_000)
    often = {f"often {n}" for n in range(50)}
    for name in often:
        memory.set(name, entry())
        memory.get(name)
    for n in range(5000):
        memory.set(f"once {n}", entry(n % 3000))
    assert often <= names_in(memory)
    assert memory.size <= 100_000


def test_memory_is_not_kept_for_what_was_asked_for_often_long_ago():
    memory = Memory(max_bytes=100_000)
    for wave in range(3):
        for n in range(200):
            memory.set(f"{wave} {n}", entry())
            memory.get(f"{wave} {n}")
    present = names_in(memory)
    assert all(name.startswith("2 ") for name in present)
    assert len(present) > 100


@settled(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["get", "set", "delete"]), st.sampled_from("abcdefgh"), st.integers(0, 3000)
        ),
        max_size=80,
    )
)
def test_memory_is_a_dictionary_that_forgets(steps):
    memory, model = Memory(max_bytes=5000), {}
    for verb, name, size in steps:
        if verb == "set":
            model[name] = entry(size)
            memory.set(name, model[name])
        elif verb == "delete":
            model.pop(name, None)
            memory.delete(name)
        else:
            assert memory.get(name) in (None, model.get(name))
        held = memory.entries
        assert memory.size == sum(one.weight + len(key) + ENTRY_OVERHEAD for key, one in held.items()) <= 5000
        assert held.items() <= model.items()
    for name in "abcdefgh":
        memory.delete(name)
    assert (memory.size, memory._proven_size, memory.entries) == (0, 0, {})


def pages_of_a_crawl(n):
    headers = tuple((f"Header-{k}", f"{n:06} " + "x" * 40) for k in range(10))
    return f"pages.tests:1:key.{n:032}" + "k" * 100, CacheEntry(
        time.time() + n, time.time(), bytes(200), 200, headers
    )


def fill_with_pages(memory, number):
    for n in range(number):
        memory.set(*pages_of_a_crawl(n))
        if n % 2:
            memory.get(pages_of_a_crawl(n)[0])


def fill_with_dependencies(number):
    cache = caches["dependencies"]
    for n in range(number):
        cards = tuple(f"card:{n}-{k}-{'x' * 40}" for k in range(25))
        cache.set(f"{n:032}", (f"{n:032}", cards))


def growth(fill):
    """Return how many bytes more are in use after fill()."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        fill()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def test_what_memory_says_it_holds_is_what_it_takes():
    memory = Memory(max_bytes=2**20)
    assert growth(lambda: fill_with_pages(memory, 1000)) < 1.1 * 2**20
    assert memory.size > 0.9 * 2**20


def test_what_pages_contain_is_bounded_by_bytes(monkeypatch):
    memory = Memory(max_bytes=2**20)
    monkeypatch.setattr(caches["dependencies"], "memory", memory)
    assert growth(lambda: fill_with_dependencies(1000)) < 1.1 * 2**20
    assert memory.size > 0.9 * 2**20


def test_long_addresses_leave_nothing_behind():
    """Two thousand of 8,000 letters once made a worker larger by 70 MB for good."""

    def ask(length):
        for n in range(100):
            canonical("&".join(f"brand={n}{k}{'x' * 60}" for k in range(length)))

    assert growth(lambda: ask(100)) < 1_000_000
    # And two thousand short ones no more than ten.
    assert growth(lambda: ask(4)) * 20 < 10 * 2**20


def test_no_function_remembers_its_results_without_a_bound():
    """Those of the import from Icecat aside, which is a command and ends."""
    names = [
        module.name
        for package in (shop, storefront)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not re.search(r"migrations|management|icecat|wsgi|tracing|sentry|urls", module.name)
    ]
    found = {
        function
        for name in names
        for function in vars(importlib.import_module(name)).values()
        if hasattr(function, "cache_parameters") and function.__module__.startswith(("shop", "storefront"))
    }
    assert len(found) > 5
    for function in found:
        is_bounded = function.cache_parameters()["maxsize"] is not None
        assert is_bounded or not inspect.signature(function).parameters, function


class TestMemoryCache:
    @pytest.fixture
    def cache(self):
        return MemoryCache("", {"KEY_PREFIX": "test", "OPTIONS": {"MAX_BYTES": 2**20}})

    @pytest.fixture(autouse=True)
    def empty(self, cache):
        cache.clear()

    def test_it_keeps_until_a_time(self, cache, monkeypatch):
        cache.set("a", b"1", 60)
        cache.set("ever", ("x", ("y",)), None)
        assert (cache.get("a"), cache.get("b", "nothing")) == (b"1", "nothing")
        now = time.time()
        monkeypatch.setattr("shop.caching.memory.time.time", lambda: now + 61)
        assert (cache.get("a"), cache.get("ever")) == (None, ("x", ("y",)))
        assert cache.add("a", "new", 60) and not cache.add("a", "newer", 60)

    def test_it_is_one_for_all_threads(self, cache):
        other = MemoryCache("", {"KEY_PREFIX": "test", "OPTIONS": {"MAX_BYTES": 2**20}})
        assert cache.add("turn", "taken") and not other.add("turn", "taken")
        assert other.delete("turn") and not cache.delete("turn")
        assert cache.get("turn") is None
