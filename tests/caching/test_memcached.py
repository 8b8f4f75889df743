"""Pages kept in a real memcached: new after a write, and shown all the same when it is gone."""

import os
import pickle
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest
from django.core.cache import caches
from pymemcache.client.base import Client

from shop.caching.versions import clearing
from storefront.settings import shared_cache
from tests.factories import PASSWORD, MemberFactory, ProductFactory
from tests.services import require

pytestmark = [pytest.mark.memcached, pytest.mark.django_db]

ADDRESSES = ("/products/vase/", "/products/", "/")
PATIENCE = 10  # seconds


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(autouse=True)
def cache_on_memcached(settings, port):
    shared = shared_cache(f"memcached://127.0.0.1:{port}")
    # A node that is back is noticed at once, for the test's sake.
    shared["OPTIONS"]["dead_timeout"] = 0
    settings.CACHES = settings.CACHES | {"shared": shared}


@contextmanager
def memcached(port):
    """Run memcached on a port of this machine, and kill it in the end."""
    program = shutil.which("memcached")
    require("memcached", program)
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, "-l", "127.0.0.1", "-p", str(port), "-m", "16", *user])
    try:
        wait_until_it_answers(process, port)
        yield
    finally:
        process.kill()
        process.wait()


def wait_until_it_answers(process, port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            break
    pytest.fail("memcached does not start")


def get(client, address):
    """Ask as if in a process that has just started, with nothing in its own memory."""
    for alias in ("pages", "template_fragments"):
        caches[alias].memory.clear()
    return client.get(address)


def becomes_a_hit(client, address):
    """Ask until the page comes from memcached: a busy machine may miss the tenth of a second it allows."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        response = get(client, address)
        assert response.status_code == 200
        if response.headers["X-Cache"] == "hit":
            return True
    return False


def rename(product, title):
    with clearing():
        product.title = title
        product.save()


def test_pages_outlive_memcached_and_are_never_stale(client, port):
    product = ProductFactory(title="Blue vase", slug="vase")
    with memcached(port):
        for address in ADDRESSES:
            assert "Blue vase" in get(client, address).content.decode()
            assert becomes_a_hit(client, address)
        rename(product, "Red vase")
        for address in ADDRESSES:
            response = get(client, address)
            assert response.headers["X-Cache"] == "miss"
            assert "Red vase" in response.content.decode()
            assert "Blue vase" not in response.content.decode()
            assert becomes_a_hit(client, address)
    for address in ADDRESSES * 2:
        response = get(client, address)
        assert (response.status_code, response.headers["X-Cache"]) == (200, "miss")
        assert "Red vase" in response.content.decode()
    rename(product, "Green vase")
    with memcached(port):
        for address in ADDRESSES:
            assert "Green vase" in get(client, address).content.decode()
            assert becomes_a_hit(client, address)


def test_connection_is_kept_between_requests(client, port):
    ProductFactory(title="Blue vase", slug="vase")
    with memcached(port):
        get(client, "/products/vase/")
        watcher = Client(("127.0.0.1", port))
        before = watcher.stats()[b"total_connections"]
        for number in range(5):
            get(client, f"/products/?page={number + 2}")
        assert watcher.stats()[b"total_connections"] == before
        watcher.close()


def test_members_sign_in_while_memcached_is_away(client):
    member = MemberFactory()
    answer = client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_limits_hold_while_memcached_is_away(client):
    fields = {"login": "nobody@example.com", "password": "guess"}
    statuses = [client.post("/accounts/login/", fields).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


class Bomb:
    """Something that does as it is told when it is unpickled, as whoever writes to memcached could send."""

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("flags", [0, 1, 2, 3, 255])
def test_what_memcached_holds_is_never_unpickled(port, tmp_path, flags):
    bomb = Bomb()
    bomb.path = str(tmp_path / "exploded")
    with memcached(port):
        cache = caches["shared"]
        raw = Client(("127.0.0.1", port))
        raw.set(cache.make_key("page"), pickle.dumps(bomb), flags=flags, noreply=False)
        raw.close()
        value = cache.get("page", "nothing")
    assert value == (pickle.dumps(bomb) if flags == 0 else "nothing")
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("value", [b"bytes \x00\xff", "text", 7, 1.5, True, ["a", 1.25], {"key": [None]}])
def test_plain_values_come_back_as_they_were(port, value):
    with memcached(port):
        caches["shared"].set("key", value)
        assert caches["shared"].get("key") == value
        assert type(caches["shared"].get("key")) is type(value)


def test_counter_counts(port):
    with memcached(port):
        caches["shared"].add("count", 1)
        assert caches["shared"].incr("count", 2) == 3
        assert caches["shared"].get("count") == 3
