"""What is shown while the database is away: the last copy of the very page, as nobody's cache may keep it."""

from itertools import count

import pytest
from django.db import OperationalError, connection
from django.test import Client

from shop.caching.versions import clear, clearing
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
PAGE = "/products/vase/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def vase():
    return ProductFactory(title="Blue vase", slug="vase")


class Database:
    """A database that goes away after so many statements more."""

    left = float("inf")

    def __call__(self, execute, sql, params, many, context):
        if self.left <= 0:
            raise OperationalError("gone")
        self.left -= 1
        return execute(sql, params, many, context)


@pytest.fixture
def database():
    database = Database()
    with connection.execute_wrapper(database):
        yield database


def renew():
    with clearing():
        clear(["product:vase"])


def test_last_copy_is_shown_wherever_in_a_rendering_the_database_goes_away(client, database):
    client.get(PAGE)
    for left in count():
        renew()
        database.left = left
        response = client.get(PAGE)
        database.left = float("inf")
        assert "Blue vase" in response.content.decode()
        if response.headers["X-Cache"] != "stale":
            break
    assert left > 2
    assert response.headers["X-Cache"] == "miss"
    assert "last copy" not in response.content.decode()


def test_without_a_copy_a_rendering_that_is_cut_off_is_503(client, database):
    client.raise_request_exception = False
    database.left = 1
    assert client.get(PAGE).status_code == 503


@pytest.mark.parametrize(("kept", "asked"), [({}, HTMX), (HTMX, {})], ids=["page", "fragment"])
def test_page_is_no_last_copy_of_its_fragment_nor_the_other_way_round(client, database, kept, asked):
    client.raise_request_exception = False
    shown = client.get(PAGE, headers=kept).content.decode()
    renew()
    database.left = 0
    assert client.get(PAGE, headers=asked).status_code == 503
    copy = client.get(PAGE, headers=kept)
    assert copy.headers["X-Cache"] == "stale"
    assert ("<html" in copy.content.decode()) == ("<html" in shown) == (kept == {})


@pytest.mark.parametrize("other", ["other.example", "127.0.0.1:8443"])
def test_last_copy_is_the_same_for_every_host_and_names_none_of_them(client, database, settings, other):
    settings.ALLOWED_HOSTS = ["testserver", "other.example", "127.0.0.1"]
    Client(headers={"Host": other}).get(PAGE)
    database.left = 0
    copies = [asking.get(PAGE) for asking in (client, Client(headers={"Host": other}))]
    assert [copy.headers["X-Cache"] for copy in copies] == ["stale"] * 2
    assert copies[0].content == copies[1].content
    assert other.encode() not in copies[0].content


@pytest.mark.parametrize("left", [0, 1], ids=["before", "while it is rendered"])
def test_last_copy_says_nothing_that_any_cache_would_keep_it_for(client, database, settings, left):
    settings.SURROGATE_KEYS = True
    etag = client.get(PAGE).headers["ETag"]
    renew()
    database.left = left
    copy = client.get(PAGE, headers={"If-None-Match": etag})
    assert (copy.status_code, copy.headers["X-Cache"]) == (200, "stale")
    assert copy.headers["Cache-Control"] == "private, no-store"
    kept = {"etag", "expires", "last-modified", "surrogate-key", "surrogate-control"}
    assert kept & {name.lower() for name in copy.headers} == set()
    assert "Content-Encoding" not in copy.headers
    assert int(copy.headers.get("Content-Length", len(copy.content))) == len(copy.content)
