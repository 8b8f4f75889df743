"""The seller's list and overview: found, filtered, and changed many at once."""

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.selling.views.own_products import OwnProducts
from tests.factories import ProductFactory, ReviewFactory

from .forms import Form

pytestmark = pytest.mark.django_db
LIST = "/sell/products/"


@pytest.fixture
def shelf(seller, vases, vase):
    common = {"seller": seller, "category": vases}
    return {
        "vase": vase,
        "jug": ProductFactory(title="Jug", price="10.00", stock=0, **common),
        "bowl": ProductFactory(title="Bowl", price="20.00", stock=40, status="draft", **common),
        "plate": ProductFactory(title="Plate", price="5.05", stock=3, status="archived", **common),
    }


def titles(response):
    return [product.title for product in response.context["products"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Plate", "Bowl", "Jug", "Belly vase"]),
        ("?q=vase", ["Belly vase"]),
        ("?q=v-l", ["Belly vase"]),
        ("?q=vase+belly", ["Belly vase"]),
        ("?state=draft", ["Bowl"]),
        ("?state=archived", ["Plate"]),
        ("?state=waiting", []),
        ("?state=nonsense", ["Plate", "Bowl", "Jug", "Belly vase"]),
        ("?stock=out", ["Jug"]),
        ("?stock=low", ["Plate"]),
        ("?stock=plenty", ["Bowl", "Belly vase"]),
        ("?sort=title", ["Belly vase", "Bowl", "Jug", "Plate"]),
        ("?sort=price", ["Plate", "Jug", "Bowl", "Belly vase"]),
        ("?sort=stock", ["Jug", "Plate", "Belly vase", "Bowl"]),
    ],
)
def test_list_is_narrowed_and_sorted(sell, shelf, query, found):
    assert titles(sell.get(LIST + query)) == found
    fragment = sell.get(LIST + query, headers={"HX-Request": "true"})
    assert titles(fragment) == found
    assert "<html" not in fragment.content.decode()


def test_back_shows_the_whole_page(sell, shelf):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in sell.get(f"{LIST}?q=vase", headers=headers).content.decode()


def test_other_pages_are_reached_from_a_change_that_was_refused(sell, shelf, monkeypatch):
    monkeypatch.setattr(OwnProducts, "paginate_by", 2)
    refused = chosen(sell, "stock", query="?sort=price", stock="5").content.decode()
    assert 'href="/sell/products/?page=2&amp;sort=price"' in refused


def test_stock_is_the_sum_of_variants_whatever_is_searched(sell, vase):
    assert "11 in stock" in sell.get(f"{LIST}?q=v-").content.decode()


def chosen(client, address, *products, query="", **extra):
    data = {"chosen": [product.pk for product in products]} | extra
    return client.post(f"{LIST}{address}/{query}", data)


def test_prices_change_by_percent_to_the_cent(sell, shelf):
    response = chosen(sell, "prices", shelf["vase"], shelf["plate"], percent="-10", query="?sort=price")
    assert response.headers["Location"] == f"{LIST}?sort=price"
    prices = {str(v.price) for p in ("vase", "plate") for v in shelf[p].variants.all()}
    assert prices == {"27.00", "45.00", "4.55"}
    assert "€27.00" in Client().get("/products/belly-vase/").content.decode()
    assert "Prices changed: 2." in sell.get(LIST).content.decode()


def test_former_price_goes_when_the_price_reaches_it(sell, vase):
    vase.variants.filter(sku="V-S").update(compare_at_price="32.00")
    chosen(sell, "prices", vase, percent="10")
    assert vase.variants.get(sku="V-S").compare_at_price is None


def test_stock_is_set_for_all_that_match(sell, shelf):
    sell.post(f"{LIST}stock/?state=draft", {"everything": "1", "stock": "8"})
    assert {p.variants.get().stock for p in (shelf["bowl"],)} == {8}
    assert shelf["jug"].variants.get().stock == 0


def test_archived_and_listed_again(sell, shelf):
    chosen(sell, "archiving", shelf["vase"], shelf["bowl"])
    status = dict(Product.objects.values_list("title", "status"))
    assert (status["Belly vase"], status["Bowl"]) == ("archived", "draft")
    chosen(sell, "listing", shelf["vase"])
    assert Product.objects.get(title="Belly vase").is_listed


def test_listing_new_products_sends_them_for_approval(sell, shelf):
    chosen(sell, "listing", shelf["bowl"])
    bowl = shelf["bowl"].edits.get()
    assert bowl.is_waiting
    assert Product.objects.get(title="Bowl").is_draft
    chosen(sell, "listing", shelf["bowl"])
    assert "Left as they are: 1." in sell.get(LIST).content.decode()


def test_listing_lists_at_once_where_nothing_waits(sell, live, shelf):
    chosen(sell, "listing", shelf["bowl"])
    assert Product.objects.get(title="Bowl").is_listed


@pytest.mark.parametrize(
    ("address", "data", "message"),
    [
        ("prices", {"percent": ""}, "By how many percent?"),
        ("prices", {"percent": "-95"}, "greater than or equal to -90"),
        ("prices", {"percent": "1e9"}, "Write a number like 12"),
        ("stock", {"stock": "-1"}, "greater than or equal to 0"),
        ("stock", {"stock": "many"}, "Enter a whole number."),
    ],
)
def test_mistake_shows_the_list_as_it_was(sell, shelf, address, data, message):
    response = chosen(sell, address, shelf["jug"], query="?sort=title", **data)
    assert response.status_code == 200
    html = response.content.decode()
    assert message in html
    assert titles(response) == ["Belly vase", "Bowl", "Jug", "Plate"]
    assert Form(response, "own-products").data["chosen"] == [str(shelf["jug"].pk)]
    (value,) = data.values()
    assert f'value="{value}"' in html


def test_nothing_chosen_changes_nothing(sell, shelf):
    assert "Choose the products first." in chosen(sell, "stock", stock="5").content.decode()


def test_list_asks_a_bounded_number_of_queries(sell, seller, vases, django_assert_max_num_queries):
    for _ in range(60):
        ProductFactory(seller=seller, category=vases)
    with django_assert_max_num_queries(12):
        response = sell.get(LIST)
    assert len(titles(response)) == 50
    assert "/sell/products/?page=2" in response.content.decode()
    assert len(titles(sell.get(f"{LIST}?page=2"))) == 10


def test_overview_counts_and_names_what_needs_a_hand(sell, shelf):
    html = sell.get("/sell/").content.decode()
    context = sell.get("/sell/").context
    assert context["counts"] == {"listed": 2, "draft": 1, "archived": 1, "out": 1}
    assert [product.title for product in context["low"]] == ["Jug"]
    assert "New in the last twelve months" in html
    assert [bar.value for bar in context["charts"][1].bars] == [0] * 5


def test_overview_shows_the_newest_reviews_of_the_sellers_own(sell, vase):
    ReviewFactory(product=vase, title="Holds water")
    ReviewFactory(title="Of another shop")
    html = sell.get("/sell/").content.decode()
    assert "Holds water" in html
    assert "Of another shop" not in html


def test_overview_of_an_empty_shop(sell):
    assert "Fill your first shelf" in sell.get("/sell/").content.decode()
    assert "Your shelf is empty still." in sell.get(LIST).content.decode()
    assert "None of your products is like that." in sell.get(f"{LIST}?q=x").content.decode()
