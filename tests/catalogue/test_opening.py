"""A product's page opens at the variant that its card speaks of, which can be bought if any can."""

import json

import pytest

from tests.factories import ProductFactory
from tests.markup import Markup

pytestmark = pytest.mark.django_db


def variant(size, price, stock=9, former=None):
    return {"sku": size, "option_values": [size], "price": price, "stock": stock, "compare_at_price": former}


# variants, the default first: (size that the page opens at, its price, whether the card says "from")
SHELVES = {
    "one": ([variant("S", "28")], "S", "€28.00", False),
    "dearer default": ([variant("L", "96"), variant("S", "28")], "S", "€28.00", True),
    "default among equals": ([variant("L", "28"), variant("S", "28")], "L", "€28.00", False),
    "default sold out": ([variant("L", "28", 0), variant("S", "28")], "S", "€28.00", False),
    "cheapest sold out": (
        [variant("L", "96"), variant("S", "28", 0), variant("M", "50")],
        "M",
        "€50.00",
        True,
    ),
    "only the dearest left": ([variant("S", "28", 0), variant("L", "96")], "L", "€96.00", False),
    "all sold out": ([variant("L", "96", 0), variant("S", "28", 0)], "S", "€28.00", True),
    "only another is reduced": ([variant("L", "96", former="120"), variant("S", "28")], "S", "€28.00", True),
    "the one shown is reduced": ([variant("L", "96"), variant("S", "28", former="35")], "S", "€28.00", True),
}


@pytest.mark.parametrize(("variants", "size", "price", "is_from"), SHELVES.values(), ids=SHELVES.keys())
def test_page_opens_at_what_the_card_shows(client, variants, size, price, is_from):
    ProductFactory(slug="vase", option_names=["Size"], variants=variants)
    card = text_of(client.get("/products/"), "price")
    page = text_of(client.get("/products/vase/"), "offer__price")
    assert (price in card, price in page, "from" in card) == (True, True, is_from)
    assert ("formerly" in card) == ("formerly" in page)
    markup = Markup(client.get("/products/vase/").text)
    assert [link.text for link in markup.all("a") if link.get("aria-current") == "true"] == [size]


@pytest.mark.parametrize(
    ("variants", "size"), [(row[0], row[1]) for row in SHELVES.values()], ids=SHELVES.keys()
)
def test_search_engines_are_led_to_the_same_variant_without_a_choice(client, variants, size):
    ProductFactory(slug="vase", option_names=["Size"], variants=variants)
    scripts = Markup(client.get("/products/vase/").text).all("script")
    data = [json.loads(script.text) for script in scripts if script.get("type") == "application/ld+json"]
    product = next(found for found in data if found["@type"] == "Product")
    plain = [offer["sku"] for offer in product["offers"] if offer["url"].endswith("/products/vase/")]
    assert (product["sku"], plain) == (size, [size])


def test_card_follows_when_the_variant_that_it_shows_is_sold_out(client):
    product = ProductFactory(
        slug="vase", option_names=["Size"], variants=[variant("S", "28"), variant("L", "96")]
    )
    assert "€28.00" in text_of(client.get("/products/"), "price")
    with product.changing_offers() as variants:
        variants.filter(sku="S").update(stock=0)
    assert "€96.00" in text_of(client.get("/products/"), "price")
    assert "€96.00" in text_of(client.get("/products/vase/"), "offer__price")


def text_of(response, css_class):
    """Return the text of the first element of a page with a class."""
    elements = Markup(response.text).all("p")
    found = next(element for element in elements if css_class in (element.get("class") or "").split())
    return " ".join("".join(found.itertext()).split())
