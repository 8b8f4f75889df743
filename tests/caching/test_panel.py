import pytest
from django.test import Client

from shop.accounts.models import User
from shop.caching.metrics import outcomes
from shop.caching.models import Version
from shop.caching.versions import clear, clearing
from tests.admin_forms import confirm_in_admin
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(title="Blue vase", slug="vase")


def test_staff_sees_what_the_cache_knows_of_a_page(client, staff_client, product):
    client.get("/products/vase/")
    page = staff_client.get("/me/cache/?page=/products/vase/").content.decode()
    for text in ("Built", "product:vase", "site", "hit ratio", "memory"):
        assert text in page


def test_panel_sums_up_what_became_of_the_pages_of_its_view(staff_client, product, monkeypatch):
    counts = {"memory": 2, "shared": 4, "miss": 2}
    monkeypatch.setattr("shop.caching.panel.outcomes", lambda: {"product_detail": counts})
    page = staff_client.get("/me/cache/?page=/products/vase/").content.decode()
    text = " ".join(page.split())
    assert "All pages of product_detail: hit ratio 0.750 · 2 memory · 2 miss · 4 shared" in text
    monkeypatch.setattr("shop.caching.panel.outcomes", dict)
    assert "hit ratio 0.000" in staff_client.get("/me/cache/?page=/products/vase/").content.decode()


def test_panel_tells_a_page_from_its_fragment_for_htmx(client, staff_client, product):
    def said():
        page = staff_client.get("/me/cache/?page=/products/").content.decode()
        return "found in memory" in page, "Its fragment for htmx: not in the cache" in page

    assert said() == (False, False)
    client.get("/products/")
    assert said() == (True, True)
    client.get("/products/", headers={"HX-Request": "true"})
    assert said() == (True, False)


def test_panel_that_htmx_asks_for_describes_the_whole_page(client, staff_client, product):
    client.get("/products/")
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/products/"}
    page = staff_client.get("/me/cache/", headers=headers).content.decode()
    assert "Its fragment for htmx: not in the cache" in page


def test_htmx_says_which_page_it_is_about(client, staff_client, product):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/products/?sort=price&utm_source=x"}
    page = staff_client.get("/me/cache/", headers=headers).content.decode()
    assert "/products/?sort=price<" in page
    assert "Not in the cache" in page
    assert "<html" not in page


def test_button_builds_the_page_anew_and_signs_it(client, staff, staff_client, product):
    visitor = Client()
    visitor.get("/products/vase/")
    visitor.get("/categories/" + product.category.path + "/")
    response = staff_client.post("/me/cache/clear/", {"page": "/products/vase/"})
    assert (response.status_code, response.url) == (302, "/products/vase/")
    assert visitor.get("/products/vase/").headers["X-Cache"] == "miss"
    assert visitor.get("/categories/" + product.category.path + "/").headers["X-Cache"] == "hit"
    assert Version.objects.get(tag="product:vase").cleared_by == f"person {staff.pk} in the admin: by hand"


@pytest.mark.parametrize("address", ["/admin/", "/nowhere/", "//evil.example/", "/me/cache/", ""])
def test_pages_that_are_not_cached_have_no_panel(staff_client, address):
    assert staff_client.get("/me/cache/", {"page": address or "x"}).status_code == 404
    assert staff_client.post("/me/cache/clear/", {"page": address or "x"}).status_code == 404


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_panel_is_for_staff_only(client, product, is_signed_in):
    if is_signed_in:
        client.force_login(UserFactory())
    assert client.get("/me/cache/?page=/products/vase/").status_code == 404
    assert client.post("/me/cache/clear/", {"page": "/products/vase/"}).status_code == 404


def test_marker_comes_with_signing_in_and_goes_with_signing_out(client, db):
    User.objects.create_superuser("boss@example.com", "a long password")
    client.post("/accounts/login/", {"login": "boss@example.com", "password": "a long password"})
    assert client.cookies["marker"].value == "staff"
    client.post("/admin/logout/")
    assert client.cookies["marker"].value == ""


def test_anonymous_visitor_gets_no_cookie_anywhere(client, product):
    for address in ("/", "/products/", "/products/vase/", "/robots.txt", "/nowhere/", "/healthz"):
        assert not client.get(address).cookies


def test_every_write_is_signed(staff, staff_client, product):
    confirm_in_admin(staff_client, "/admin/catalogue/product/", "archive_products", [product])
    version = Version.objects.get(tag="product:vase")
    assert version.cleared_by == f"person {staff.pk} in the admin: product {product.pk}"


def test_staff_clears_tags_in_the_admin(client, staff_client, product):
    with clearing():
        clear(["product:vase"])
    visitor = Client()
    visitor.get("/products/vase/")
    data = {"action": "clear_again", "_selected_action": ["product:vase"]}
    assert staff_client.post("/admin/caching/version/", data).status_code == 302
    assert visitor.get("/products/vase/").headers["X-Cache"] == "miss"


def test_outcomes_are_counted_by_view_and_tier(client, product):
    before = outcomes().get("product_detail", {})
    client.get("/products/vase/")
    client.get("/products/vase/")
    after = outcomes()["product_detail"]
    for outcome in ("miss", "memory"):
        assert after[outcome] - before.get(outcome, 0) == 1


def test_metrics_need_their_token(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "let me in"
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
    response = client.get("/metrics", headers={"Authorization": "Bearer let me in"})
    assert b"shop_pages_total" in response.content
