"""The filters of lists: each declares here all that the rest of browse needs of it.

Its field in the form of a list is in templates/browse/, and, where it has facets, they are in facets.py.
"""

import re
from decimal import Decimal
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q

from shop.catalogue.converters import CategoryPath
from shop.catalogue.price_bands import BAND_EDGES, CENT, price_band
from shop.catalogue.templatetags.catalogue import money
from shop.fields.numbers import MoneyField
from shop.fields.texts import LineFormField, clean_line

from .attributes import LONGEST_ATTRIBUTE, by_name

LIMITS = ("price_min", "price_max")
RATINGS = {"4": "4 stars and up", "3": "3 stars and up", "2": "2 stars and up"}
Place = Enum("Place", ["SEARCH_FIELD", "LIST", "PANEL"])
PARTS = {
    "name": "its parameter in URLs, and the name of its field in templates/browse/",
    "field": "its form field, which reads the parameter",
    "place": "where its field is: the panel, if its counts change more often than the list",
    "is_free_form": "whether visitors can make up values without number",
    "group": "what it is among the MOST_CHOSEN that can be chosen at once; None if it is none of them",
    "aspect": "the tag for the facts of products that it compares (shop/invalidation.py), or an empty text",
    "narrow": "the products (a queryset) that fit a value; None if ProductResults itself sees to it",
    "facet_condition": "the same as {lookup: value} of FacetCount, or None if it has no such counts",
    "label": "what its chip says of a value",
}


class Filter:
    """One way to narrow a list; each says all PARTS."""

    aspect: str

    def __init__(self):
        for part, meaning in PARTS.items():
            if not hasattr(self, part):
                place = f"{type(self).__module__}.{type(self).__qualname__}"
                raise TypeError(f"{place} lacks `{part}`: {meaning}.")

    def aspect_of(self, value):
        return self.aspect


class AnyOfField(forms.MultipleChoiceField):
    """Any short texts: asking whether they exist would be a query before the versions."""

    def __init__(self, longest=80, pattern="[^\0]+"):
        super().__init__(required=False)
        self.longest, self.pattern = longest, re.compile(pattern)

    def to_python(self, value):
        # As a column of texts reads them: with two readings, what is found is not what is shown.
        return [clean_line(text) or text for text in super().to_python(value)]

    def valid_value(self, value):
        is_text = clean_line(value) == value and self.pattern.fullmatch(value)
        return len(value) <= self.longest and bool(is_text)


class Words(Filter):
    name = "q"
    field = LineFormField(required=False, max_length=100)
    place = Place.SEARCH_FIELD
    is_free_form = True
    group = None
    aspect = ".words"
    narrow = None

    def facet_condition(self, value):
        return None

    def label(self, value, links):
        return f"“{value}”"


class InCategory(Filter):
    name = "category"
    field = forms.CharField(
        required=False, max_length=1000, validators=[RegexValidator(f"^{CategoryPath.regex}$")]
    )
    place = Place.LIST
    is_free_form = False
    group = None
    aspect = ""
    narrow = None

    def facet_condition(self, value):
        return None

    def label(self, value, links):
        return links.category.name


class BySeller(Filter):
    name = group = "seller"
    field = AnyOfField(pattern=r"[-\w]+")
    place = Place.LIST
    is_free_form = True
    aspect = ""

    def narrow(self, products, slugs):
        return products.filter(seller__slug__in=slugs)

    def facet_condition(self, slugs):
        return {"seller__slug__in": slugs}

    def label(self, slug, links):
        return links.seller_names.get(slug, slug)


class OfBrand(Filter):
    name = group = "brand"
    field = AnyOfField()
    place = Place.LIST
    is_free_form = True
    aspect = ""

    def narrow(self, products, brands):
        return products.filter(brand__in=brands)

    def facet_condition(self, brands):
        return {"brand__in": brands}

    def label(self, brand, links):
        return brand


class CostsAtLeast(Filter):
    name = "price_min"
    field = MoneyField(required=False, min_value=0)
    place = Place.PANEL
    is_free_form = True
    group = "price"
    aspect = ".price"

    def narrow(self, products, price):
        return products.filter(price__gte=price)

    def aspect_of(self, price):
        return ".band" if self.is_edge(Decimal(price)) else ".price"

    def is_edge(self, price):
        return price in BAND_EDGES

    def facet_condition(self, price):
        return {"band__gte": price_band(price)} if self.is_edge(price) else None

    def label(self, price, links):
        return f"from {money(price, links.currency)}"


class CostsAtMost(CostsAtLeast):
    name = "price_max"

    def narrow(self, products, price):
        return products.filter(price__lte=price)

    def is_edge(self, price):
        return price + CENT in BAND_EDGES

    def facet_condition(self, price):
        return {"band__lte": price_band(price)} if self.is_edge(price) else None

    def label(self, price, links):
        return f"up to {money(price, links.currency)}"


class RatedAtLeast(Filter):
    name = group = "rating"
    field = forms.ChoiceField(required=False, choices=RATINGS.items())
    place = Place.PANEL
    is_free_form = False
    aspect = ".stars"

    def narrow(self, products, least):
        return products.filter(rating__gte=int(least))

    def facet_condition(self, least):
        return {"stars__gte": int(least)}

    def label(self, least, links):
        return RATINGS[least]


class InStock(Filter):
    name = group = "in_stock"
    field = forms.ChoiceField(required=False, choices=[("1", "In stock only")])
    place = Place.PANEL
    is_free_form = False
    aspect = ".stock"

    def narrow(self, products, value):
        return products.in_stock()

    def facet_condition(self, value):
        return {"in_stock": True}

    def label(self, value, links):
        return "in stock"


class WithAttributes(Filter):
    """Names and values of specifications, like Material:Oak; values of one name are alternatives."""

    name = group = "spec"
    field = AnyOfField(longest=LONGEST_ATTRIBUTE, pattern="[^\0:]+:[^\0]+")
    place = Place.PANEL
    is_free_form = True
    aspect = ".specifications"

    def narrow(self, products, attributes):
        for name, values in by_name(attributes).items():
            alternatives = [Q(specifications__has_pair=(name, value)) for value in values]
            products = products.filter(reduce(or_, alternatives))
        return products

    def facet_condition(self, attributes):
        return None

    def label(self, attribute, links):
        return attribute.replace(":", ": ", 1)


# In the order of their chips.
ALL: list[Any] = [
    *(Words(), InCategory(), BySeller(), OfBrand(), CostsAtLeast(), CostsAtMost(), RatedAtLeast(), InStock()),
    WithAttributes(),
]
FILTERS = {each.name: each for each in ALL}
