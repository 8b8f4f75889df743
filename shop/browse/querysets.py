"""Facet counts, kept by triggers of the database (search/sql/).

Products are grouped by category, brand, seller, band of prices, whole stars and whether they are in stock:
by all of these at once, and by few of them, which are fewer rows to add up.
"""

from django.db.models import QuerySet

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


def dimensions_of(lookups):
    """Return the dimensions that fields or conditions like "seller__slug" look up."""
    return {lookup.partition("__")[0] for lookup in lookups}


def grouping_id(grouping):
    """Return a grouping as PostgreSQL's GROUPING() has it: one bit for each dimension left out."""
    return int("".join(str(int(name not in grouping)) for name in DIMENSIONS), 2)


class FacetCountQuerySet(QuerySet):
    def grouped(self, fields, conditions):
        """Return the fewest rows that have some fields and meet conditions, {lookup: value}.

        Their sum is the number of products.
        """
        dimensions = dimensions_of([*fields, *conditions])
        smallest = next(grouping for grouping in GROUPINGS if grouping >= dimensions)
        return self.filter(grouping=grouping_id(smallest), **conditions)
