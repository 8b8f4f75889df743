"""Facet counts, kept by triggers of the database (search/sql/).

Products are grouped by category, brand, seller, band of prices, whole stars and whether they are in stock:
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
# The dimensions that products are grouped by, groupings with fewest rows first.
SMALL_GROUPINGS = [
    set(),
    *({name} for name in DIMENSIONS),
    *({"category", name} for name in DIMENSIONS[1:]),
]
GROUPINGS = [*SMALL_GROUPINGS, set(DIMENSIONS)]
# What a parameter of a list asks of a facet count: the dimension, and the condition.
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


def grouping_id(grouping):
    """Return a grouping as PostgreSQL's GROUPING() has it: one bit for each dimension left out."""
    return int("".join(str(int(name not in grouping)) for name in DIMENSIONS), 2)


class FacetCountQuerySet(QuerySet):
    def narrowed(self, chosen, fields, categories=None):
        """The fewest rows that have some fields of the products that fit what is chosen.

        chosen: {parameter: value}; categories: keys of those that the products may be in, or None for all.
        The rows' sum is the number of products.
        """
        asked = dimensions_of(fields, chosen)
        rows = self._grouping_for(asked if categories is None else asked | {"category"})
        for name, value in chosen.items():
            rows = rows.filter(**CONDITIONS[name][1](value))
        return rows if categories is None else rows.filter(category__in=categories)

    def _grouping_for(self, dimensions):
        smallest = next(grouping for grouping in GROUPINGS if grouping >= dimensions)
        return self.filter(grouping=grouping_id(smallest))
