"""What a search might be about, while it is being typed: categories, brands, products."""

from dataclasses import replace
from functools import cached_property

from django.db.models import Func, TextField

from shop.catalogue.models import Category, Product
from shop.fields.folding import fold

from .search.engines import good_matches
from .search.query import Query

PRODUCTS, CATEGORIES, BRANDS = 5, 3, 3
# The titles of so many are looked at.
LOOKED_AT = 60


class Suggestions:
    """What goes with the beginning of a search."""

    def __init__(self, text):
        self.text = text
        self.query = Query.parse(text)

    @cached_property
    def keys(self):
        """The primary keys of the products suggested; asked for once, as two queries see the same."""
        return [product.pk for product in self._found[:PRODUCTS]]

    @cached_property
    def _found(self):
        if not self.query:
            return []
        keys = good_matches(self._expression(), LOOKED_AT)
        found = Product.objects.only("pk", "title", "brand").in_bulk(keys)
        return sorted((found[key] for key in keys if key in found), key=self._distance)

    def _expression(self):
        *before, last = self.query.terms
        if before and len(last) == 1 and len(last[0]) == 1:
            # Thousands of words begin with a letter: it does not choose, it only puts in order.
            return replace(self.query, terms=tuple(before)).with_all()
        return self.query.with_all(completes=True)

    def _distance(self, product):
        """Return 0 where the title begins as it was typed, 1 where it has that, 2 where other texts do."""
        title, text = fold(product.title), fold(self.text)
        return 0 if title.startswith(text) else 1 if text in title else 2

    def card_rows(self):
        return Product.objects.filter(pk__in=self.keys)

    def products(self):
        products = self.card_rows().for_cards().in_bulk()
        return [products[key] for key in self.keys if key in products]

    def categories(self):
        if not self.query:
            return []
        # A function of the search index, on both databases.
        folded = Func("name", function="browse_fold", output_field=TextField())
        found = Category.objects.alias(folded=folded).filter(folded__contains=fold(self.text))
        return found.in_order()[:CATEGORIES]

    def brands(self):
        brands = dict.fromkeys(product.brand for product in self._found)
        return [brand for brand in brands if fold(brand).startswith(fold(self.text))][:BRANDS]
