"""Names and texts as long as they may be, each one word: no page hangs over the side of a small screen."""

import pytest

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Product
from shop.sellers.models import Seller
from tests.factories import ReviewFactory
from tests.stocked import ADDRESSES, LONG_WORD

from .overflow import overflow

pytestmark = pytest.mark.browser
WIDTHS = [320, 360]
VASE = "belly-vase"


def word(length):
    return (LONG_WORD * 100)[:length]


@pytest.fixture
def page(open_as_seller):
    page = open_as_seller()
    with clearing():
        say_everything_in_one_word()
    page.goto("/accounts/")  # marks the browser as one that has something of its own to ask for
    return page


def say_everything_in_one_word():
    seller = Seller.objects.get(slug="kiln")
    seller.name, seller.craft, seller.place, seller.about = word(80), word(120), word(80), word(900)
    seller.user.display_name = word(80)
    seller.save()
    seller.user.save()
    Category.objects.filter(slug__in=["decor", "vases"]).update(name=word(80), introduction=word(300))
    vase = Product.objects.get(slug=VASE)
    vase.title, vase.brand, vase.description, vase.care = word(200), word(80), word(900), word(300)
    vase.option_names, vase.specifications = [word(40), word(39)], [[word(60), word(300)]]
    vase.save()
    for variant in vase.variants.all():
        variant.option_values = [word(60 - variant.position), word(59 - variant.position)]
        variant.sku = word(64 - variant.position)
        variant.save()
    Product.objects.filter(slug__startswith="cup-0").update(title=word(200), brand=word(80))
    words = {"author_name": word(60), "title": word(120), "text": word(900)}
    ReviewFactory(product=vase, author=seller.user, reply=word(900), **words)
    ReviewFactory(product=vase, **words)


def overhanging(page):
    return [width for width in WIDTHS if overflow(page, width) > 0]


@pytest.mark.parametrize(
    "name", ["home", "list", "subcategory", "product", "seller", "reviews", "no reviews"]
)
def test_public_page_fits(page, name):
    page.goto(ADDRESSES[name])
    assert overhanging(page) == []
    page.locator(".account-menu summary").click()
    assert overhanging(page) == []
    page.locator(".menu > summary").click()
    assert overhanging(page) == []


@pytest.mark.parametrize("name", ["filtered list", "empty list"])
def test_list_that_is_narrowed_fits(page, name):
    page.goto(f"/products/?brand={word(80)}" if name == "filtered list" else f"/products/?q={word(150)}")
    page.locator("#filters-fold").evaluate("fold => { fold.open = true; }")
    assert overhanging(page) == []


@pytest.mark.parametrize(
    "address",
    [
        "/sell/",
        "/sell/products/",
        "/sell/products/{}/edit/",
        "/sell/products/{}/delete/",
        "/sell/products/{}/preview/",
        "/sell/reviews/",
        "/sell/import/",
        "/accounts/",
        "/me/reviews/",
        "/me/products/belly-vase/review/",
    ],
)
def test_own_page_fits(page, address):
    page.goto(address.format(Product.objects.get(slug=VASE).pk))
    assert overhanging(page) == []
