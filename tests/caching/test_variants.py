"""Of the pages that visitors can make in any number, those are stored that are asked for again."""

import pytest
from django.core.cache import caches

from shop.caching.memory import Memory
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vase():
    return ProductFactory(title="Blue vase", brand="Kiln")


def outcomes(client, address, times=3):
    return [client.get(address).headers["X-Cache"] for _ in range(times)]


@pytest.mark.parametrize(
    "address",
    [
        "/products/?q=vase",
        "/products/?brand=Kiln&in_stock=1",
        "/products/?price_max=19.99",
        "/filters/?spec=Material%3AOak",
        "/suggestions/?q=blue",
    ],
)
def test_what_anybody_can_make_up_is_stored_when_asked_for_again(client, address):
    assert outcomes(client, address) == ["miss", "miss", "hit"]


@pytest.mark.parametrize(
    "address", ["/", "/products/?sort=price", "/products/?in_stock=1", "/suggestions/?q=bl"]
)
def test_what_there_is_a_bounded_number_of_is_stored_at_once(client, address):
    assert outcomes(client, address, times=2) == ["miss", "hit"]


def test_long_addresses_are_never_stored(client):
    brands = "&".join(f"brand={'x' * 60}{n}" for n in range(6))
    assert outcomes(client, f"/products/?{brands}") == ["miss"] * 3


def test_searches_that_nobody_repeats_leave_a_marker_each_and_no_page(client, monkeypatch):
    client.get("/products/")
    stored = []
    monkeypatch.setattr(Memory, "set", lambda memory, key, entry: stored.append(key))
    shared = caches["shared"]
    monkeypatch.setattr(shared, "set", lambda key, *args: key.startswith("asked:") or stored.append(key))
    for n in range(10):
        assert client.get(f"/products/?q=vase+{n}").status_code == 200
    assert stored == []


def test_page_that_is_not_stored_is_sent_like_one_that_is(client):
    first, second = (client.get("/products/?q=vase") for _ in range(2))
    for name in ("ETag", "Cache-Control", "Vary"):
        assert first.headers[name] == second.headers[name]
    assert "Expires" not in first.headers
    assert (
        client.get("/products/?q=vase", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    )
