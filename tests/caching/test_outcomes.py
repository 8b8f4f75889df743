"""Every answer under the page cache is counted once, by what became of it."""

from collections import Counter

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from prometheus_client import REGISTRY

from shop.caching import admission, metrics
from shop.caching.admission import Bulkhead
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
PAGE, SEARCH = "/products/vase/", "/products/?q=vase"


@pytest.fixture(autouse=True)
def vase():
    return ProductFactory(title="Blue vase", slug="vase")


@pytest.fixture
def counted():
    """Return a function that returns what was counted since it was called last."""
    seen = Counter()

    def count():
        total = Counter(
            {
                (view, name): times
                for view, found in metrics.outcomes().items()
                for name, times in found.items()
            }
        )
        new = total - seen
        seen.update(new)
        return dict(new)

    count()
    return count


def test_page_is_missed_and_then_found_in_memory_or_behind_it(client, counted):
    client.get(PAGE)
    assert counted() == {("product_detail", "miss"): 1}
    client.get(PAGE)
    assert counted() == {("product_detail", "memory"): 1}
    caches["pages"].memory.clear()
    client.get(PAGE)
    assert counted() == {("product_detail", "shared"): 1}


def test_unbounded_page_may_be_refused(client, counted, monkeypatch):
    monkeypatch.setattr(admission, "BULKHEAD", bulkhead := Bulkhead(1, 1))
    with bulkhead.place():
        assert client.get(SEARCH).headers["X-Cache"] == "busy"
    assert counted() == {("product_list", "busy"): 1}


def test_page_may_be_shown_although_the_database_is_away(client, counted):
    client.get(PAGE)
    counted()

    def fail(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(fail):
        client.get(PAGE)
    assert counted() == {("product_detail", "stale"): 1}


def test_rendering_is_timed_by_view(client):
    def timed():
        return REGISTRY.get_sample_value("shop_render_seconds_count", {"view": "product_detail"}) or 0

    before = timed()
    client.get(PAGE)
    client.get(PAGE)
    assert timed() == before + 1
