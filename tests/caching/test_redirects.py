"""Redirects of cached pages lead on, and are nobody's to keep: no mark of a page is on them."""

import pytest

from shop.catalogue.models import Product
from tests.admin_forms import change_in_admin
from tests.factories import ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
MARKS = {"etag", "last-modified", "surrogate-key", "surrogate-control", "content-encoding"}


@pytest.fixture(autouse=True)
def keyed(settings):
    settings.SURROGATE_KEYS = True


def assert_leads_to(response, status, target):
    assert (response.status_code, response.headers["Location"]) == (status, target)
    assert MARKS & {name.lower() for name in response.headers} == set()
    assert "public" not in response.headers.get("Cache-Control", "")
    assert response.content == b""


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_variant_that_is_gone_leads_to_its_product_until_it_is_there(client, headers):
    vase = ProductFactory(slug="vase")
    address = "/products/vase/?variant=GONE"
    headers |= {"Accept-Encoding": "gzip"}
    for _ in range(2):
        response = client.get(address, headers=headers)
        assert_leads_to(response, 302, "/products/vase/")
        assert response.headers["X-Cache"] == "miss"
    VariantFactory(product=vase, sku="GONE", is_default=False, position=1)
    assert client.get(address, headers=headers).status_code == 200


def test_former_address_leads_to_the_present_one(staff_client, client):
    vase = ProductFactory(title="Vase", slug="vase")
    change_in_admin(staff_client, vase, {"slug": "jug"})
    assert Product.objects.get(pk=vase.pk).slug == "jug"
    for _ in range(2):
        response = client.get("/products/vase/?variant=A", headers={"Accept-Encoding": "gzip"})
        assert_leads_to(response, 301, "/products/jug/?variant=A")
        assert response.headers["Cache-Control"] == "no-cache"
