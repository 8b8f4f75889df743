import gzip

import pytest
from django.db import OperationalError, connection

from shop.caching.versions import clear, clearing
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(title="Blue vase", slug="vase")


def test_cached_pages_are_revalidated_and_cookieless(client, product):
    response = client.get("/products/vase/")
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert "Expires" not in response.headers
    assert "Cookie" not in response.headers["Vary"]
    assert not response.cookies


def test_etag_answers_304_until_the_page_changes(client, product):
    etag = client.get("/products/vase/").headers["ETag"]
    again = client.get("/products/vase/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["X-Cache"]) == (304, b"", "hit")
    product.title = "Red vase"
    product.save()
    assert client.get("/products/vase/", headers={"If-None-Match": etag}).status_code == 200


def test_page_rendered_again_without_a_change_keeps_its_etag(client, product):
    etag = client.get("/products/vase/").headers["ETag"]
    with clearing():
        clear(["product:vase"])
    again = client.get("/products/vase/", headers={"If-None-Match": etag})
    assert (again.status_code, again.headers["X-Cache"]) == (304, "miss")


def test_body_is_stored_compressed_and_sent_as_asked(client, product):
    plain = client.get("/products/vase/")
    packed = client.get("/products/vase/", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.content) == plain.content
    for response in (plain, packed):
        assert int(response.headers["Content-Length"]) == len(response.content)
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_head_is_answered_without_a_body(client, product):
    assert client.head("/products/vase/").content == b""
    assert b"Blue vase" in client.get("/products/vase/").content


def test_authorization_header_makes_no_entry_of_its_own(client, product):
    client.get("/products/vase/", headers={"Authorization": "Basic eDp5"})
    response = client.get("/products/vase/")
    assert response.headers["X-Cache"] == "hit"
    assert "Authorization" not in response.headers["Vary"]


def test_not_found_is_not_cached(client):
    client.get("/products/later/")
    ProductFactory(slug="later")
    assert client.get("/products/later/").status_code == 200


class Database:
    """A database that can go away, by way of an execute wrapper."""

    is_away = False

    def __call__(self, execute, sql, params, many, context):
        if self.is_away:
            raise OperationalError("gone")
        return execute(sql, params, many, context)


@pytest.fixture
def database():
    database = Database()
    with connection.execute_wrapper(database):
        yield database


def test_last_copy_is_shown_and_marked_while_the_database_is_away(client, product, database):
    client.get("/products/vase/")
    with clearing():
        clear(["product:vase"])
    database.is_away = True
    response = client.get("/products/vase/", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["X-Cache"] == "stale"
    assert response.headers["Cache-Control"] == "private, no-store"
    page = response.content.decode()
    assert "Blue vase" in page
    assert "last copy" in page
    database.is_away = False
    assert client.get("/products/vase/").headers["X-Cache"] == "miss"


@pytest.mark.parametrize("address", ["/products/vase/", "/readyz"])
def test_without_a_copy_the_answer_is_503(client, product, database, address):
    database.is_away = True
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 503
    if address != "/readyz":
        assert response.headers["Retry-After"] == "10"
    database.is_away = False
    assert client.get(address).status_code == 200


def test_admin_answers_503_while_the_database_is_away(staff_client, database):
    database.is_away = True
    staff_client.raise_request_exception = False
    assert staff_client.get("/admin/").status_code == 503


def test_fragments_of_a_page_are_new_when_the_page_is(client, product):
    client.get("/")
    product.seller.name = "Kiln and Wheel"
    product.seller.save()
    _, _, makers = client.get("/").content.partition(b'class="makers')
    assert b"Kiln and Wheel" in makers
