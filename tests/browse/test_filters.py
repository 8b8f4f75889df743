"""A filter of lists is one declaration: what it forgets is named, and what it declares is enough."""

import pytest
from django import forms
from django.http import QueryDict

from shop.browse.filter_links import FilterLinks
from shop.browse.filters import FILTERS, PARTS, Filter, Place
from shop.browse.list_query import aspects, canonical, is_unbounded
from shop.browse.product_results import ProductResults
from tests.factories import CategoryFactory, ProductFactory, ReviewFactory


class HasCare(Filter):
    name = group = "has_care"
    field = forms.ChoiceField(required=False, choices=[("1", "With a care instruction")])
    place = Place.PANEL
    is_free_form = False
    aspect = ".care"

    def narrow(self, products, value):
        return products.exclude(care="")

    def facet_condition(self, value):
        return None

    def label(self, value, links):
        return "with care instructions"


@pytest.mark.parametrize("part", PARTS)
def test_forgotten_part_is_named(part):
    parts = {name: value for name, value in vars(HasCare).items() if name in PARTS and name != part}
    incomplete = type("Incomplete", (Filter,), parts)
    with pytest.raises(TypeError, match=rf"test_filters\.Incomplete lacks `{part}`: "):
        incomplete()


@pytest.mark.django_db
def test_declaration_is_all_that_a_new_filter_needs(monkeypatch):
    monkeypatch.setitem(FILTERS, "has_care", HasCare())
    ProductFactory(title="Bowl", care="Wash by hand.")
    ProductFactory(title="Vase", care="")
    assert canonical("has_care=2").getlist("ignored") == ["has_care"]
    query = canonical("has_care=1")
    assert aspects(query) == [".care"]
    assert not is_unbounded(query)
    assert is_unbounded(canonical("has_care=1&in_stock=1"))
    results = ProductResults(query)
    assert results.total == 1
    assert [product.title for product in results.products[0:24]] == ["Bowl"]
    [chip] = FilterLinks("/products/", query, "EUR").chips()
    assert (chip.label, chip.url) == ("with care instructions", "/products/")


@pytest.mark.django_db
def test_each_filter_has_a_field_on_the_page(client):
    decor = CategoryFactory(slug="decor")
    for material in ("Clay", "Clay", "Oak", "Oak"):
        rated = ProductFactory(category=decor, specifications=[["Material", material]])
    ReviewFactory(product=rated, rating=5)
    places = {
        Place.SEARCH_FIELD: ("/products/", "templates/_header.html"),
        Place.LIST: ("/products/", "templates/browse/_filters.html"),
        Place.PANEL: ("/filters/decor/", "templates/browse/_facet_fields.html"),
    }
    for name, each in FILTERS.items():
        url, template = places[each.place]
        page = client.get(url).content.decode()
        assert f' name="{name}"' in page, f"{template} has no field for {type(each).__qualname__}"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["price_min=20", "price_max=19.99", "brand=Kiln&rating=2", "in_stock=1"])
def test_facet_counts_are_those_of_the_filter(query):
    for price in (19, 20, 21):
        ProductFactory(price=price, brand="Kiln")
    results = ProductResults(QueryDict(query))
    assert results.filter.facet_conditions() is not None
    assert results.total == results.selected.count()
