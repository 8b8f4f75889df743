import time

import pytest
from django.core.cache import caches
from django.http import HttpResponse

from shop.caching.tiers import Entry, Memory


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
    assert pages.get("key") is None
    forget_memory(pages)
    assert pages.get("key") is None


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"rubbish", b"[]\nbody", b'{"expires": 1}\nx', "text", 7])
def test_entry_that_cannot_be_unpacked_is_a_miss(pages, rubbish):
    caches["shared"].set(pages.make_key("key"), rubbish, 60)
    assert pages.get("key") is None


def test_memory_keeps_what_was_used_last():
    memory = Memory(max_bytes=3000)
    for name in "abc":
        memory.set(name, Entry(built=0, expires=0, body=bytes(300)))
    memory.get("a")
    memory.set("d", Entry(built=0, expires=0, body=bytes(300)))
    assert [name for name in "abcd" if memory.get(name)] == ["a", "c", "d"]


def test_memory_never_exceeds_its_bound():
    memory = Memory(max_bytes=10_000)
    for n in range(100):
        memory.set(str(n % 7), Entry(built=0, expires=0, body=bytes(n * 50)))
        assert memory.size <= 10_000
    memory.clear()
    assert memory.size == 0
