"""Amounts that sellers type: their limits, clicks that come twice, and sales while a form is open."""

import pytest
from django.urls import reverse

from shop.caching.versions import clearing
from shop.catalogue.models import Variant
from tests.factories import ProductFactory

from .forms import Form

pytestmark = pytest.mark.django_db
LIST = "/sell/products/"


def prices(product):
    return [str(price) for price in product.variants.values_list("price", flat=True)]


def stocks(product):
    return list(product.variants.values_list("stock", flat=True))


def sold(product, count=1):
    with clearing():
        variant = product.variants.first()
        Variant.objects.filter(pk=variant.pk).update(stock=variant.stock - count)


def bulk(client, *products, **fields):
    return Form(client.get(LIST), "own-products").set(**fields), {"chosen": [p.pk for p in products]}


def test_second_click_on_a_percentage_changes_nothing_and_says_the_same(sell, vase):
    form, chosen = bulk(sell, vase, percent="10")
    for _ in range(3):
        assert form.send(sell, f"{LIST}prices/", **chosen).status_code == 302
        assert "Prices changed: 1." in sell.get(LIST).content.decode()
    assert prices(vase) == ["33.00", "55.00"]
    form, chosen = bulk(sell, vase, percent="10")
    form.send(sell, f"{LIST}prices/", **chosen)
    assert prices(vase) == ["36.30", "60.50"]


def test_form_that_was_wrong_can_be_sent_again(sell, vase):
    form, chosen = bulk(sell, vase, percent="ten")
    answer = form.send(sell, f"{LIST}prices/", **chosen)
    assert "Write a number" in answer.content.decode()
    assert Form(answer, "own-products").set(percent="10").send(sell, f"{LIST}prices/").status_code == 302
    assert prices(vase) == ["33.00", "55.00"]


@pytest.mark.parametrize(
    ("percent", "after"),
    [("12,5 %", ["33.75", "56.25"]), ("-10%", ["27.00", "45.00"]), ("−50", ["15.00", "25.00"])],
)
def test_percent_as_people_write_it(sell, vase, percent, after):
    form, chosen = bulk(sell, vase, percent=percent)
    form.send(sell, f"{LIST}prices/", **chosen)
    assert prices(vase) == after


def test_price_beyond_its_limit_changes_none_of_them(sell, vase, seller):
    dear = ProductFactory(title="Crown", seller=seller, price="50000000.00")
    form, chosen = bulk(sell, vase, dear, percent="900")
    for _ in range(2):
        answer = form.send(sell, f"{LIST}prices/", **chosen)
        assert "“Crown” would cost €500,000,000.00, but a price is at most €99,999,999.99." in page_of(answer)
        assert (prices(vase), prices(dear)) == (["30.00", "50.00"], ["50000000.00"])
    assert sell.get(LIST).status_code == 200


def page_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_yen_have_no_decimals(sell, seller):
    pot = ProductFactory(seller=seller, variants=[{"price": "1250.00", "currency": "JPY"}])
    form, chosen = bulk(sell, pot, percent="5")
    form.send(sell, f"{LIST}prices/", **chosen)
    assert prices(pot) == ["1313.00"]


def test_stock_is_set_once_and_no_sale_is_undone_unseen(sell, vase):
    form, chosen = bulk(sell, vase, stock="1 250")
    for _ in range(2):
        assert form.send(sell, f"{LIST}stock/", **chosen).status_code == 302
    assert stocks(vase) == [1250, 1250]
    form, chosen = bulk(sell, vase, stock="20")
    sold(vase)
    answer = form.send(sell, f"{LIST}stock/", **chosen)
    assert "“Belly vase” has 2499 in stock by now; it was 2500" in answer.content.decode()
    assert stocks(vase) == [1249, 1250]
    assert Form(answer, "own-products").send(sell, f"{LIST}stock/").status_code == 302
    assert stocks(vase) == [20, 20]


@pytest.mark.parametrize("stock", ["1000001", "99999999999999999999", "-1", "1.5", "9" * 30])
def test_stock_has_a_limit(sell, vase, stock):
    form, chosen = bulk(sell, vase, stock=stock)
    assert form.send(sell, f"{LIST}stock/", **chosen).status_code == 200
    assert stocks(vase) == [9, 2]


@pytest.mark.parametrize("key", ["99999999999999999999", "9" * 30, "-1", "x", "٣", "²"])
def test_numbers_of_no_product_are_a_404_or_nothing(sell, vase, key):
    answer = sell.post(f"{LIST}prices/", {"chosen": [key], "percent": "10"})
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    ("shown", "after", "typed", "saved"),
    [(9, 7, "9", 7), (9, 7, "14", 12), (9, 0, "10", 1), (9, 8, "0", None)],
)
def test_sales_while_the_form_is_open(sell, live, vase, shown, after, typed, saved):
    form = Form(sell.get(reverse("product_update", args=[vase.pk]))).set(variants__stock=typed)
    sold(vase, shown - after)
    answer = form.send(sell)
    if saved is None:
        assert answer.status_code == 409
        assert stocks(vase) == [after, 2]
        assert Form(answer).send(sell).status_code == 302
        assert stocks(vase) == [int(typed), 2]
    else:
        assert answer.status_code == 302
        assert stocks(vase) == [saved, 2]


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("12,50", "12.50"),
        ("1.250", "1250.00"),
        ("€ 7", "7.00"),
        ("１２．５０", "12.50"),
        ("1e5", None),
        ("NaN", None),
    ],
)
def test_price_as_people_write_it(sell, live, vase, typed, price):
    page = sell.get(reverse("product_update", args=[vase.pk]))
    assert 'type="number"' not in page.content.decode()
    answer = Form(page).set(variants__price=typed).send(sell)
    assert answer.status_code == (200 if price is None else 302)
    assert prices(vase)[0] == (price or "30.00")
    if price is None:
        assert Form(answer).data["variants-price"][0] == typed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "100000000"),
        ("price", "9" * 30),
        ("compare_at_price", "999999999.99"),
        ("stock", "1000001"),
        ("stock", str(2**63 - 1)),
        ("stock", "9" * 30),
    ],
)
def test_quantities_have_limits_in_the_form(sell, live, vase, field, value):
    answer = (
        Form(sell.get(reverse("product_update", args=[vase.pk])))
        .set(**{f"variants__{field}": value})
        .send(sell)
    )
    assert answer.status_code == 200
    assert Form(answer).data[f"variants-{field}"][0] == value
    assert (prices(vase), stocks(vase)) == (["30.00", "50.00"], [9, 2])
