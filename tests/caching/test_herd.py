"""A herd on a page that was just cleared, against the production server with a real memcached."""

import http.client
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import RequestFactory

from bench.freshness.services import ROOT, Node, Server
from shop.caching import single_flight
from shop.caching.page_keys import page_key
from shop.caching.versions import clearing, read_versions
from storefront.settings import shared_cache
from tests.factories import ProductFactory
from tests.servers import started, use_database
from tests.services import require
from tests.threads import LONG

pytestmark = [pytest.mark.memcached, pytest.mark.xdist_group("herd")]

WORKERS, THREADS, HERD = 3, 8, 200
RELEASE = "herd"
ADDRESS = "/products/vase/"


class Shop(NamedTuple):
    port: int
    node: Node
    product: object


class Answer(NamedTuple):
    status: int
    outcome: str
    text: str
    seconds: float


@pytest.fixture(scope="module")
def shop(tmp_path_factory, django_db_blocker):
    require("memcached", shutil.which("memcached"))
    folder = tmp_path_factory.mktemp("herd")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        use_database(folder / "db.sqlite3", stack)
        call_command("migrate", verbosity=0)
        product = ProductFactory(slug="vase")
        node = started(Node(), stack)
        server = started(Server(folder, environment(folder, node), WORKERS, THREADS), stack)
        # Each worker reads its templates now, so that waiting is all that takes time later.
        herd(server.port, "/healthz")
        herd(server.port, "/products/")
        yield Shop(server.port, node, product)


def environment(folder, node):
    return {
        "PYTHONPATH": str(ROOT / "bench"),
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
        "DEBUG": "1",
        "CACHE_GUARD_RAISES": "0",
        "RELEASE": RELEASE,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": f"memcached://{node.address}",
    }


def herd(port, address, count=HERD):
    """Ask count times at the same moment."""
    barrier = threading.Barrier(count)

    def ask(_):
        barrier.wait()
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        connection.request("GET", address)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(response.status, response.headers["X-Cache"], text, time.monotonic() - start)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def rename(product, title):
    with clearing():
        product.title = title
        product.save()


@pytest.mark.parametrize("title", ["Red vase", "Green vase", "Black vase"])
def test_page_that_was_cleared_is_rendered_once_by_each_process_at_most(shop, title):
    rename(shop.product, title)
    answers = herd(shop.port, ADDRESS)
    assert {answer.status for answer in answers} == {200}
    assert all(title in answer.text for answer in answers)
    assert 1 <= sum(answer.outcome == "miss" for answer in answers) <= WORKERS


def test_turn_of_a_process_that_died_is_not_waited_for_until_it_ends(shop, settings):
    shared = shared_cache(f"memcached://{shop.node.address}") | {"KEY_PREFIX": f"shared.{RELEASE}"}
    settings.CACHES = settings.CACHES | {"shared": shared}
    rename(shop.product, "White vase")
    versions = read_versions(["site", "product:vase", "reviews:vase"])
    request = RequestFactory().get(ADDRESS, headers={"host": f"127.0.0.1:{shop.port}"})
    key = f"lock:{page_key(request, versions, 'page')}"
    caches["shared"].set(key, "taken", 10 * LONG)

    answers = herd(shop.port, ADDRESS, WORKERS * THREADS)

    assert {answer.status for answer in answers} == {200}
    assert all("White vase" in answer.text for answer in answers)
    # It was waited for, so it is the right one; it was not taken from the dead, and yet all were answered.
    assert max(answer.seconds for answer in answers) > single_flight.LOCK_SECONDS * 0.9
    assert caches["shared"].get(key) == "taken"
