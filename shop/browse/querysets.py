"""How many products there are of each kind, kept by triggers of the database (search/sql/).

A product is counted by its category, brand, seller, band of prices, whole stars and whether it is in stock:
by all of these at once, and by few of them, which are fewer rows to add up.
"""

from django.db.models import QuerySet

from shop.catalogue.price_bands import price_band

# Each dimension, and its column.
COLUMNS = {
    **{"category": "category_id", "brand": "brand", "seller": "seller_id"},
    **{"band": "band", "stars": "stars", "in_stock": "in_stock"},
}
DIMENSIONS = tuple(COLUMNS)
# What is counted by, the fewest rows first.
SMALL_LEVELS = [
    set(),
    *({name} for name in DIMENSIONS),
    *({"category", name} for name in DIMENSIONS[1:]),
]
LEVELS = [*SMALL_LEVELS, set(DIMENSIONS)]
# What a parameter of a list asks of a tally: the dimension, and the condition.
CONDITIONS = {
    "seller": ("seller", lambda slugs: {"seller__slug__in": slugs}),
    "brand": ("brand", lambda brands: {"brand__in": brands}),
    "price_min": ("band", lambda price: {"band__gte": price_band(price)}),
    "price_max": ("band", lambda price: {"band__lte": price_band(price)}),
    "rating": ("stars", lambda least: {"stars__gte": int(least)}),
    "in_stock": ("in_stock", lambda _: {"in_stock": True}),
}


def dimensions_of(fields, parameters):
    """Return the dimensions that fields like "seller__slug" and parameters of a list ask for."""
    return {field.partition("__")[0] for field in fields} | {
        CONDITIONS[name][0] for name in parameters if name in CONDITIONS
    }


def level_number(level):
    """Return a level as PostgreSQL's GROUPING() has it: one bit for each dimension left out."""
    return int("".join(str(int(name not in level)) for name in DIMENSIONS), 2)


class TallyQuerySet(QuerySet):
    def narrowed(self, chosen, fields, categories=None):
        """The fewest rows that have some fields of the products that fit what is chosen.

        chosen: {parameter: value}; categories: keys of those that the products may be in, or None for all.
        The rows' sum is the number of products.
        """
        asked = dimensions_of(fields, chosen)
        rows = self._telling(asked if categories is None else asked | {"category"})
        for name, value in chosen.items():
            rows = rows.filter(**CONDITIONS[name][1](value))
        return rows if categories is None else rows.filter(category__in=categories)

    def _telling(self, dimensions):
        return self.filter(level=level_number(next(level for level in LEVELS if level >= dimensions)))
