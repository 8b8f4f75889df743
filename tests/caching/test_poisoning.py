"""No request can put into the cache what another visitor is then shown."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client

from tests.factories import ProductFactory, UserFactory
from tests.public_pages import pages_that_differ, rendered_anew, shown_on

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
GZIP = b"\x1f\x8b"


@pytest.fixture(autouse=True)
def product():
    return ProductFactory(title="Blue vase", slug="vase")


@pytest.fixture
def victim():
    return Client()


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Original-URL"),
        *("X-Rewrite-URL", "Forwarded", "Origin", "Referer", "User-Agent", "Accept-Language", "Cookie"),
        *("X-HTTP-Method-Override", "HX-Current-URL", "HX-Target", "HX-Prompt", "X-Forwarded-Scheme"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/products/", "/products/vase/", "/feed.xml"])
def test_header_reaches_no_page(client, victim, header, address):
    poisoned = client.get(address, headers={header: f"https://{EVIL}/", "Accept-Encoding": "gzip"})
    shown = victim.get(address)
    assert (poisoned.headers["X-Cache"], shown.headers["X-Cache"]) == ("miss", "hit")
    assert EVIL not in shown.content.decode()
    assert EVIL not in str(shown.headers)


def test_protocol_is_taken_from_no_header_unless_a_proxy_is_trusted(client, victim):
    client.get("/products/vase/", headers={"X-Forwarded-Proto": "https"})
    shown = victim.get("/products/vase/")
    assert shown.headers["X-Cache"] == "hit"
    assert "testserver" not in shown.content.decode()


def test_unknown_host_is_refused_whatever_is_stored(client):
    client.get("/")
    assert client.get("/", headers={"Host": EVIL}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        *("/me/x.css", "/me/cache/x.css", "/accounts/x.css", "/accounts/export/x.js", "/sell/x.png"),
        *("/me/%2e%2e/products/vase/", "/me;/x.css", "/me/?x.css", "/products/vase/%2e%2e/%2e%2e/me/"),
    ],
)
def test_no_trick_with_the_path_stores_what_is_personal(address):
    person = Client()
    person.force_login(UserFactory(display_name="Unmistakable Name"))
    person.get(address, headers={"HX-Request": "true"})
    assert not [text for text in stored_texts() if "Unmistakable" in text]
    assert "Unmistakable" not in Client().get(address, headers={"HX-Request": "true"}).content.decode()


def stored_texts():
    """Return all pages and fragments that this process's memory holds, as people would read them."""
    memories = [caches[alias].memory for alias in ("pages", "template_fragments")]
    bodies = [entry.body for memory in memories for entry in memory.entries.values()]
    return [(gzip.decompress(body) if body[:2] == GZIP else body).decode() for body in bodies]


def test_stored_texts_are_read_as_people_read_them(client):
    client.get("/products/vase/")
    assert any("Blue vase" in text for text in stored_texts())


@pytest.mark.parametrize(
    "query",
    [
        "q=vase;q=%3Cscript%3E",
        "sort=price&sort=%22%3E%3Cscript%3E",
        "utm_content=%3Cscript%3E&sort=price;page=2",
        "sort%5B%5D=%3Cscript%3E",
        "callback=%3Cscript%3E",
    ],
)
def test_parameter_that_hides_behind_another_is_not_cloaked(client, victim, query):
    pages = {name: f"/products/{name}" for name in ("", "?sort=price", "?q=vase", "?page=2")}
    client.get(f"/products/?{query}")
    shown = shown_on(victim, pages)
    assert "<script>" not in victim.get(f"/products/?{query}").content.decode().split("</head>")[1]
    assert pages_that_differ(shown, rendered_anew(victim, pages)) == []


def test_body_of_a_get_is_not_read(client, victim):
    body = b"q=evil&sort=price"
    form = "application/x-www-form-urlencoded"
    client.generic("GET", "/products/", body, form)
    shown = victim.get("/products/")
    assert shown.headers["X-Cache"] == "hit"
    assert "evil" not in shown.content.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "TRACE", "PURGE"])
def test_other_methods_neither_store_nor_clear(client, victim, method):
    victim.get("/products/vase/")
    response = client.generic(method, "/products/vase/")
    assert response.status_code == (200 if method == "OPTIONS" else 405)
    assert "X-Cache" not in response.headers
    assert victim.get("/products/vase/").headers["X-Cache"] == "hit"


def test_part_of_a_page_is_not_stored_for_the_whole(client, victim):
    client.get("/products/vase/", headers={"Range": "bytes=0-10"})
    shown = victim.get("/products/vase/")
    assert shown.content.decode().rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("header", "value"), [("If-None-Match", "*"), ("If-Modified-Since", "Mon, 01 Jan 2035 00:00:00 GMT")]
)
def test_answer_without_a_body_is_not_stored(client, victim, header, value):
    client.get("/products/vase/", headers={header: value})
    assert b"Blue vase" in victim.get("/products/vase/").content
