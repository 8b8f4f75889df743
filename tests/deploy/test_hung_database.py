"""The production server on a PostgreSQL that is stopped in the middle of its work, and says nothing."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .layout import wait_until

pytestmark = pytest.mark.xdist_group("deploy")

VASE, NEVER_SEEN, FORM = "/products/vase/", "/products/?sort=name", "/accounts/login/"
THREADS = 8
BOUND = 30  # seconds for what takes a few; it would take minutes if each request waited
SLOW_QUERY = """
from django.db import connection
from storefront.postgresql import base
asked, answers = [], base._answers
base._answers = lambda connection: asked.append(answers(connection)) or asked[-1]
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_sleep(1.5)")
assert asked == [True], asked
"""


@pytest.fixture
def ask(shop):
    """Return a function that asks one server, past nginx."""

    def ask(path):
        connection = http.client.HTTPConnection("127.0.0.1", shop.servers[0].port, timeout=BOUND)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    return ask


def test_shop_answers_while_the_database_hangs_and_goes_on_when_it_is_back(shop, ask):
    for _ in range(2 * THREADS):  # Each thread has its connection.
        assert ask(VASE).status == 200
    shop.database.pause()
    try:
        with ThreadPoolExecutor(3 * THREADS) as pool:
            pages, searches, forms = (pool.map(ask, [path] * THREADS) for path in (VASE, NEVER_SEEN, FORM))
        started = time.monotonic()
        quiet = [ask("/healthz") for _ in range(20)]
        later_pages = [ask(VASE) for _ in range(60)]
        later_searches = [ask(NEVER_SEEN) for _ in range(60)]
        assert time.monotonic() - started < BOUND
    finally:
        shop.database.resume()
    pages, searches = [*pages, *later_pages], [*searches, *later_searches]
    assert {page.headers["X-Cache"] for page in pages} == {"stale"}
    assert {(answer.status, answer.headers["Retry-After"]) for answer in searches} == {(503, "10")}
    assert {answer.status for answer in quiet} == {200}
    assert {answer.status for answer in forms} == {503}
    wait_until(lambda: {ask(VASE).headers["X-Cache"] for _ in range(2 * THREADS)} <= {"hit", "miss"})
    assert ask(NEVER_SEEN).status == 200


def test_query_that_is_only_slow_is_waited_for(shop):
    """A server that answers others is at work, not away."""
    shop.run(SLOW_QUERY)
