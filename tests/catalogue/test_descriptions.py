"""What pages say of themselves to search engines and to sites that share them: plain words, always some."""

import json

import pytest

from tests.factories import CategoryFactory, ProductFactory, ReviewFactory, SellerFactory
from tests.markup import Markup

pytestmark = pytest.mark.django_db

MARKDOWN = """
## A **tall** vase

Thrown on the wheel, [fired twice](https://example.com) & glazed.

- Height: 30 cm
- `Foot`: 9 cm

| Colour | Glaze |
|---|---|
| Blue | Ash |
"""
PLAIN = (
    "A tall vase Thrown on the wheel, fired twice & glazed. Height: 30 cm Foot: 9 cm Colour Glaze Blue Ash"
)


@pytest.fixture(autouse=True)
def vase():
    seller = SellerFactory(name="Kiln & Co", slug="kiln", craft="Stoneware", place="Kemble", about=MARKDOWN)
    category = CategoryFactory(name="Vases", slug="vases", introduction="For one stem, or many.")
    product = ProductFactory(
        title="Blue vase", slug="vase", seller=seller, category=category, description=MARKDOWN
    )
    bare = SellerFactory(name="Bare & Co", slug="bare", craft="", place="Kemble", about="")
    ProductFactory(
        title="Plain <bowl>",
        slug="bowl",
        seller=bare,
        category=CategoryFactory(name="Bowls", slug="bowls"),
        description="",
    )
    return product


DESCRIPTIONS = {
    "/products/vase/": PLAIN,
    "/products/bowl/": "Plain <bowl> by Bare & Co",
    "/sellers/kiln/": PLAIN,
    "/sellers/bare/": "Bare & Co, Kemble",
    "/categories/vases/": "For one stem, or many.",
    "/categories/bowls/": "Bowls",
    "/products/vase/reviews/": "Reviews of Blue vase.",
    "/products/bowl/reviews/": "Reviews of Plain <bowl>.",
}


def described(client, path):
    meta = Markup(client.get(path).text).all("meta")
    return [
        element.get("content")
        for element in meta
        if "description" in (element.get("name") or element.get("property") or "")
    ]


@pytest.mark.parametrize(("path", "text"), DESCRIPTIONS.items(), ids=DESCRIPTIONS.keys())
def test_page_is_described_in_plain_words(client, path, text):
    assert described(client, path) == [text, text]


@pytest.mark.parametrize("path", ["/", "/products/"])
def test_list_of_everything_is_described(client, path):
    first, second = described(client, path)
    assert first == second != ""


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "4.0 out of 5 stars in 1 review of Blue vase."),
        (2, "4.0 out of 5 stars in 2 reviews of Blue vase."),
    ],
)
def test_reviews_are_described_by_their_number(client, vase, count, text):
    for _ in range(count):
        ReviewFactory(product=vase, rating=4)
    assert described(client, "/products/vase/reviews/") == [text, text]


@pytest.mark.parametrize(("slug", "text"), [("vase", PLAIN), ("bowl", "Plain <bowl> by Bare & Co")])
def test_structured_data_describes_in_plain_words(client, slug, text):
    scripts = Markup(client.get(f"/products/{slug}/").text).all("script")
    data = [json.loads(script.text) for script in scripts if script.get("type") == "application/ld+json"]
    assert [found["description"] for found in data if found["@type"] == "Product"] == [text]


def test_long_description_is_cut_for_sharing(client, vase):
    vase.description = "word " * 100
    vase.save()
    assert {len(text) for text in described(client, "/products/vase/")} == {155}
