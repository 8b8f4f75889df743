"""One limit for each quantity: in the database, the admin, imports, and filters of lists."""

from decimal import Decimal

import pytest
from django.db import transaction

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Photo, Variant
from shop.sellers.models import Seller
from tests.admin_forms import change_in_admin, form_data
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db
BEYOND = [
    (Variant, "price", Decimal("100000000")),
    (Variant, "compare_at_price", Decimal("100000000")),
    (Variant, "stock", 1_000_001),
    (Variant, "position", 1_000_001),
    (Category, "position", 1_000_001),
    (Photo, "position", 1_000_001),
    (Seller, "since", 12),
    (Seller, "since", 3000),
]


@pytest.mark.parametrize(("model", "column", "value"), BEYOND)
def test_database_keeps_quantities_within_limits(model, column, value):
    PhotoFactory(product=ProductFactory())
    with pytest.raises(Exception, match=r"within_limits|overflow|CHECK"), transaction.atomic(), clearing():
        model.objects.update(**{column: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("price", text) for text in ("100000000", "9" * 30, "1e9", "NaN")),
        ("compare_at_price", "100000000"),
        *(("stock", text) for text in ("1000001", str(2**63 - 1), "9" * 30)),
        *(("position", text) for text in ("1000001", "9" * 30)),
    ],
)
def test_admin_says_so(staff_client, field, value):
    pot = ProductFactory()
    answer = change_in_admin(staff_client, pot, inline={("variants", 0): {field: value}})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert str(pot.variants.get().price) == "20.00"


def test_admin_reads_amounts_as_people_write_them(staff_client):
    pot = ProductFactory()
    page = staff_client.get(f"/admin/catalogue/product/{pot.pk}/change/").content.decode()
    assert 'type="number"' not in page
    row = {"price": "1.250,50", "stock": "1 000", "compare_at_price": "€ 2,000"}
    assert change_in_admin(staff_client, pot, inline={("variants", 0): row}).status_code == 302
    variant = pot.variants.get()
    assert (str(variant.price), variant.stock, str(variant.compare_at_price)) == ("1250.50", 1000, "2000.00")


def test_admin_refuses_decimals_that_a_currency_has_not(staff_client):
    pot = ProductFactory()
    row = {"price": "99.50", "currency": "JPY"}
    answer = change_in_admin(staff_client, pot, inline={("variants", 0): row})
    assert "Amounts in JPY have no decimals" in str(answer.context["errors"])


def test_year_and_positions_in_the_admin(staff_client):
    assert change_in_admin(staff_client, SellerFactory(), {"since": "9" * 20}).status_code == 200
    assert change_in_admin(staff_client, CategoryFactory(), {"position": "9" * 30}).status_code == 200


def act(client, products, **fields):
    data = {
        "action": "change_prices",
        "_selected_action": [product.pk for product in products],
        "step": "0.01",
    }
    return client.post("/admin/catalogue/product/", data | fields)


def prices(product):
    return [str(price) for price in product.variants.values_list("price", flat=True)]


def test_computed_price_beyond_its_limit_changes_none(staff_client):
    pots = [ProductFactory(price="10.00"), ProductFactory(title="Crown", price="50000000.00")]
    for _ in range(2):
        answer = act(staff_client, pots, percent="900", confirmed="yes")
        assert "“Crown” would cost €500,000,000.00" in answer.content.decode()
        assert [prices(pot) for pot in pots] == [["10.00"], ["50000000.00"]]
    assert staff_client.get("/admin/catalogue/product/").status_code == 200


def test_second_click_of_staff_changes_prices_once(staff_client):
    pot = ProductFactory(price="10.00")
    question = act(staff_client, [pot], percent="10 %", preview="yes")
    form = form_data(question) | {"confirmed": "yes"}
    for _ in range(3):
        answer = staff_client.post("/admin/catalogue/product/", form, follow=True)
        assert "The prices are changed." in answer.content.decode()
        assert prices(pot) == ["11.00"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("price_min=12,50", 1),
        ("price_min=12.50", 1),
        ("price_min=%E2%82%AC+12,50", 1),
        ("price_max=1.250", 2),
        ("price_max=12,4", 1),
        ("price_min=1e1", None),
        ("price_min=NaN", None),
        ("price_min=" + "9" * 30, None),
        ("price_min=%D9%A1%D9%A2", 1),
    ],
)
def test_price_filter_reads_amounts_as_people_write_them(client, query, found):
    ProductFactory(price="10.00"), ProductFactory(price="12.50")
    page = client.get(f"/products/?{query}")
    assert page.status_code == 200
    assert len(page.context["products"]) == (2 if found is None else found)
    assert 'type="number"' not in page.content.decode()


# A sentence, a page, or a refusal: no error.
OTHERS = (200, 302, 400)
HUGE = ["9" * 30, str(2**63), "-1", "x", "", "١"]


@pytest.mark.parametrize("number", HUGE)
def test_odd_numbers_in_forms_of_the_admin_are_no_errors(staff_client, number):
    pot, decor = ProductFactory(), CategoryFactory()
    for fields in (
        {"variants-INITIAL_FORMS": number},
        {"variants-0-id": number},
        {"photos-0-id": number, "photos-TOTAL_FORMS": "1", "photos-INITIAL_FORMS": "1"},
        {"seller": number},
        {"variants-0-product": number},
        {"initial-seller": number},
        {"initial-variants-0-stock": number, "variants-0-stock": number},
    ):
        assert change_in_admin(staff_client, pot, fields).status_code in OTHERS, fields
    data = form_data(staff_client.get("/admin/catalogue/category/")) | {"_save": "Save"}
    for fields in ({"form-0-id": number}, {"form-INITIAL_FORMS": number}, {"form-0-position": number}):
        answer = staff_client.post("/admin/catalogue/category/", data | fields)
        assert answer.status_code in OTHERS, fields
    for action in ("change_prices", "archive_products", "delete_selected"):
        data = {"action": action, "_selected_action": [number], "percent": "1", "step": "1"}
        assert staff_client.post("/admin/catalogue/product/", data).status_code in OTHERS, action
    for address in (
        f"product/{number or 'x'}/change/",
        f"product/?seller__id__exact={number}",
        f"category/?p={number}",
    ):
        assert staff_client.get(f"/admin/catalogue/{address}").status_code in OTHERS, address
    assert Category.objects.filter(pk=decor.pk).exists()
