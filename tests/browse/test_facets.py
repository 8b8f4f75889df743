from collections import Counter
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.browse.facets import Facets
from shop.browse.list_query import MOST_CHOSEN, canonical
from shop.browse.models import ZeroResultSearch
from shop.browse.product_results import ProductResults
from shop.browse.zero_results import count_waiting
from shop.catalogue.models import Product
from tests.factories import CategoryFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db

BRANDS, MATERIALS = ["Kiln", "Loom", "Grain"], ["Oak", "Clay", "Wool"]
# One is a name as well, and one a material.
FINISHES = ["Oiled", "Material", "Clay"]
PAIRS = [*(("Material", value) for value in MATERIALS), *(("Finish", value) for value in FINISHES)]
products = st.lists(
    st.tuples(
        st.sampled_from(BRANDS),
        # A name may be there more than once, be it with the same value.
        st.lists(st.sampled_from([*PAIRS, ("Clay", "Material")]), max_size=4),
        st.integers(1, 120),
        st.integers(0, 1),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "brand": st.lists(st.sampled_from(BRANDS), min_size=1, max_size=2, unique=True),
        "spec": st.lists(st.sampled_from([":".join(pair) for pair in PAIRS]), max_size=3, unique=True),
        "price_max": st.sampled_from([["19.99"], ["50"], ["99.99"]]),
        "rating": st.sampled_from([["3"], ["4"]]),
        "in_stock": st.just(["1"]),
    },
).filter(lambda chosen: sum(map(len, chosen.values())) <= MOST_CHOSEN)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=products, chosen=choices, is_of_a_category=st.booleans())
def test_counts_are_those_of_a_slow_and_obvious_count(rows, chosen, is_of_a_category):
    things = put_on_the_shelf(rows)
    path = things[0].category.path if is_of_a_category else None
    query = QueryDict(mutable=True)
    for name, values in chosen.items():
        query.setlist(name, values)
    facets = Facets(ProductResults(canonical(query.urlencode()), path))
    expected = Obvious(things, chosen)
    assert counted(facets.brands()) == expected.counts("brand", lambda p: p.brand)
    assert facets.in_stock() == len([p for p in expected.without("in_stock") if p.stock_shown])
    for choice in facets.ratings():
        assert choice.count == len([p for p in expected.without("rating") if p.rating >= int(choice.value)])
    prices = [p.price for p in expected.without("price_max")]
    for band in facets.bands():
        high = Decimal("Infinity") if band.high is None else band.high
        assert band.count == len([price for price in prices if band.low <= price <= high])
    assert sum(band.count for band in facets.bands()) == len(prices)
    attributes = dict(facets.attributes())
    assert names_of(chosen.get("spec", [])) <= attributes.keys()
    for name, choices in attributes.items():
        assert counted(choices) == expected.values(name)


class Obvious:
    """The slow and obvious count."""

    def __init__(self, things, chosen):
        self.things, self.chosen = things, chosen

    def without(self, left_out):
        asked = [TESTS[name] for name in self.chosen if name != left_out]
        return [p for p in self.things if all(test(p, self.chosen) for test in asked)]

    def counts(self, left_out, key):
        return dict(Counter(map(key, self.without(left_out))))

    def values(self, name):
        """Count the values of one attribute by the others that are chosen."""
        others = [pair for pair in self.chosen.get("spec", []) if names_of([pair]) != {name}]
        fitting = [p for p in self.without("spec") if has_one_of_each(p, others)]
        return dict(
            Counter(value for p in fitting for n, value in set(map(tuple, p.specifications)) if n == name)
        )


def names_of(pairs):
    return {pair.split(":")[0] for pair in pairs}


def has_one_of_each(product, pairs):
    has = {":".join(pair) for pair in product.specifications}
    return names_of(has.intersection(pairs)) == names_of(pairs)


TESTS = {
    "brand": lambda p, chosen: p.brand in chosen["brand"],
    "spec": lambda p, chosen: has_one_of_each(p, chosen["spec"]),
    "price_max": lambda p, chosen: p.price <= Decimal(chosen["price_max"][0]),
    "rating": lambda p, chosen: p.rating >= int(chosen["rating"][0]),
    "in_stock": lambda p, chosen: p.stock_shown > 0,
}


def put_on_the_shelf(rows):
    Product.objects.all().delete()
    category, seller = CategoryFactory(), SellerFactory()
    things = []
    for brand, pairs, price, stock, stars in rows:
        product = ProductFactory(
            brand=brand,
            price=price,
            stock=stock,
            category=category,
            seller=seller,
            specifications=[list(pair) for pair in pairs],
        )
        if stars:
            product.rating_sum, product.rating_count = stars, 1
            setattr(product, f"stars_{stars}", 1)
        product.save()
        things.append(product)
    return list(Product.objects.filter(pk__in=[thing.pk for thing in things]))


def counted(facet):
    return {choice.value: choice.count for choice in facet if choice.count}


@pytest.fixture
def shelf():
    decor = CategoryFactory(name="Decor", slug="decor")
    vases = CategoryFactory(name="Vases", slug="vases", parent=decor)
    kiln, loom = SellerFactory(name="Kiln", slug="kiln"), SellerFactory(name="Loom", slug="loom")
    for n, (seller, material) in enumerate(
        [(kiln, "Clay"), (kiln, "Glass"), (loom, "Clay"), (loom, "Glass")]
    ):
        ProductFactory(
            title=f"Vase {n}",
            category=vases,
            seller=seller,
            price=10 + 20 * n,
            specifications=[["Material", material]],
        )


def test_counts_of_attributes_are_exact_where_some_products_tell_which_are_offered(monkeypatch):
    monkeypatch.setattr("shop.browse.facets.SAMPLE", 10)
    decor = CategoryFactory()
    for n in range(60):
        ProductFactory(category=decor, specifications=[["Material", MATERIALS[n % 3]]])
    [(name, choices)] = Facets(ProductResults(canonical(""), decor.path)).attributes()
    assert name == "Material"
    assert counted(choices) == {"Oak": 20, "Clay": 20, "Wool": 20}


def test_lists_that_are_too_long_offer_no_attributes(monkeypatch, shelf):
    facets = Facets(ProductResults(canonical(""), "decor"))
    assert [name for name, _ in facets.attributes()] == ["Material"]
    monkeypatch.setattr("shop.browse.facets.MOST_PRODUCTS", 3)
    assert facets.attributes() == []


def test_values_that_no_address_can_ask_for_are_not_offered():
    decor = CategoryFactory()
    for value in ("a" * 235, "b" * 235, "c" * 236):
        ProductFactory.create_batch(2, category=decor, specifications=[["Text", value]])
    for query in ("", "in_stock=1"):
        [(_, choices)] = Facets(ProductResults(canonical(query), decor.path)).attributes()
        assert [choice.value[0] for choice in choices] == ["a", "b"]


def test_list_counts_what_its_own_tags_cover(client, shelf):
    page = client.get("/products/?brand=Kiln").content.decode()
    assert "Decor (2)" in page
    assert 'Loom <span class="check__count">2</span>' in page
    assert 'href="/filters/?brand=Kiln"' in page


def test_panel_counts_prices_ratings_stock_and_attributes(client, shelf):
    page = client.get("/filters/decor/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'value="Material:Clay"' in page
    assert "/categories/decor/?price_max=14.99&amp;price_min=10" in page
    assert 'In stock only <span class="check__count">4</span>' in page


def test_panel_is_a_page_with_a_form_without_scripts(client, shelf):
    page = client.get("/filters/decor/?brand=Kiln&sort=price").content.decode()
    assert '<form class="filters filters--alone" action="/categories/decor/">' in page
    for name, value in (("brand", "Kiln"), ("sort", "price")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_values_of_one_attribute_are_alternatives(client, shelf):
    both = client.get("/categories/decor/?spec=Material:Clay&spec=Material:Glass")
    assert len(both.context["products"]) == 4
    one = client.get("/categories/decor/?spec=Material:Glass")
    assert [product.title for product in one.context["products"]] == ["Vase 3", "Vase 1"]
    assert "Remove </span>Material: Glass" in one.content.decode()


def test_chosen_seller_is_named_by_its_chip(client, shelf):
    assert "Remove </span>Kiln" in client.get("/products/?seller=kiln").content.decode()


def test_facets_of_an_unknown_category_are_not_found(client):
    assert client.get("/filters/nowhere/").status_code == 404


def test_where_nothing_matches_each_filter_less_is_offered_with_its_count(client, shelf):
    page = client.get("/products/?brand=Kiln&price_min=5000").content.decode()
    assert "Without Kiln" not in page
    assert '<a href="/products/?brand=Kiln" rel="nofollow">Without from €5,000.00</a>: 2 products' in page


def test_searches_without_results_are_counted_and_shown_to_staff(client, staff_client, shelf):
    for _ in range(3):
        page = client.get("/products/?q=xylophone").content.decode()
    assert 'Decor <span class="check__count">4</span>' in page
    assert not ZeroResultSearch.objects.exists()
    count_waiting()
    listed = staff_client.get("/admin/browse/zeroresultsearch/").content.decode()
    assert "xylophone" in listed
    assert ZeroResultSearch.objects.get().times == 2


def test_only_the_latest_zero_result_searches_are_kept(monkeypatch):
    monkeypatch.setattr(ZeroResultSearch, "KEPT", 2)
    for text in ("one", "two", "three"):
        ZeroResultSearch.count(text)
    assert {search.text for search in ZeroResultSearch.objects.all()} == {"two", "three"}


def test_suggestions_are_products_categories_and_brands(client, shelf):
    page = client.get("/suggestions/?q=vas", headers={"HX-Request": "true"}).content.decode()
    assert 'data-href="/categories/decor/vases/"' in page
    assert page.count("suggestion--product") == 4
    assert 'data-href="/products/?brand=Kiln"' in client.get("/suggestions/?q=kil").content.decode().replace(
        '<a href="', 'data-href="'
    )


def test_last_letter_of_a_suggestion_puts_in_order_and_does_not_choose(client, shelf):
    page = client.get("/suggestions/?q=vase+2", headers={"HX-Request": "true"})
    titles = [product.title for product in page.context["products"]]
    assert titles[0] == "Vase 2"
    assert sorted(titles) == ["Vase 0", "Vase 1", "Vase 2", "Vase 3"]


def test_suggestions_are_shared_by_those_who_type_the_same(client, shelf):
    client.get("/suggestions/?q=Va")
    assert client.get("/suggestions/?q=+va").headers["X-Cache"] == "hit"
    assert b"Vase 0" not in client.get("/suggestions/?q=v").content


def test_count_of_a_category_is_what_its_list_shows_for_a_search(client, shelf):
    lamps = CategoryFactory(name="Lamps", slug="lamps")
    for n in range(20):
        ProductFactory(title=f"Clay lamp {n}", category=lamps)
    for query in ("clay", "clay vase", "clay lamp", "vase lamp"):
        counts = client.get("/products/", {"q": query}).context["category_counts"]
        for path in ("decor", "lamps"):
            narrowed = client.get("/products/", {"q": query, "category": path}).context["results"]
            assert counts.get(path, 0) == narrowed.total


@pytest.mark.parametrize("stars", [[5, 5, 3, 3], [4] * 19 + [3], [4] * 9 + [3], [5, 4], [1], []])
def test_whole_stars_agree_with_what_the_filter_compares(stars):
    product = ProductFactory()
    product.rating_sum, product.rating_count = sum(stars), len(stars)
    for given_stars in stars:
        name = f"stars_{given_stars}"
        setattr(product, name, getattr(product, name) + 1)
    product.save()
    assert Product.objects.get(pk=product.pk).rating // 1 == product.whole_stars
