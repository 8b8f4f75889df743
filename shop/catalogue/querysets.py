from django.db.models import CharField, F, Lookup, Q
from django.db.models.functions import Lower

from shop.caching.tracking import TrackedQuerySet
from shop.invalidation import lineage

from .stock import LOW_STOCK


@CharField.register_lookup
class Below(Lookup):
    """Whether a path is below another, case-sensitively: startswith is not on SQLite."""

    lookup_name = "below"

    def as_sqlite(self, compiler, connection):
        field, parameters = self.process_lhs(compiler, connection)
        # Every text that begins with "decor/" sorts before "decor0", the next character.
        return f"({field} >= %s AND {field} < %s)", [*parameters, f"{self.rhs}/", *parameters, f"{self.rhs}0"]

    def as_postgresql(self, compiler, connection):
        field, parameters = self.process_lhs(compiler, connection)
        return f"{field} ^@ %s", [*parameters, f"{self.rhs}/"]


class CategoryQuerySet(TrackedQuerySet):
    def in_order(self):
        return self.order_by("position", "name", "pk")

    def roots(self):
        return self.filter(parent__isnull=True).in_order()

    def trail(self, path):
        """The category at path and its ancestors, the root first."""
        return self.filter(path__in=lineage(path)).order_by("path")

    def within(self, path):
        """The category at path and all its descendants."""
        return self.filter(Q(path=path) | Q(path__below=path))

    def around(self, path):
        """The category at path, its ancestors and its children."""
        return self.filter(Q(path__in=lineage(path)) | Q(parent__path=path)).in_order()

    def tree(self):
        """Return the roots in order; each category has its children, in order, as `branches`."""
        categories = list(self.in_order())
        by_pk = {category.pk: category for category in categories}
        for category in categories:
            category.branches = []
        for category in categories:
            if category.parent_id in by_pk:
                by_pk[category.parent_id].branches.append(category)
        return [category for category in categories if category.parent_id not in by_pk]


class ProductQuerySet(TrackedQuerySet):
    def listed(self):
        """Products that lists show."""
        return self.filter(status="listed")

    def public(self):
        """Products that have a page: the listed, and the archived, which are no longer sold."""
        return self.exclude(status="draft")

    def for_cards(self):
        """Load what a card shows, in two queries."""
        return self.select_related("seller").defer("description", "specifications").prefetch_related("photos")

    def for_page(self):
        """Load what a product's page shows, in three queries."""
        return self.select_related("seller", "category").prefetch_related("variants", "photos")

    def with_slugs(self, slugs):
        """Products with one of these slugs, ignoring case."""
        return self.alias(lowered=Lower("slug")).filter(lowered__in={slug.lower() for slug in slugs})

    def within(self, path):
        """Products of the category at path and of all its descendants."""
        return self.filter(Q(category__path=path) | Q(category__path__below=path))

    def newest(self):
        return self.order_by("-listed_at", "-pk")

    def cheapest(self):
        return self.order_by("price", "-pk")

    def dearest(self):
        return self.order_by("-price", "-pk")

    def best_rated(self):
        return self.order_by("-rating", "-rating_count", "-pk")

    def by_name(self):
        return self.order_by("title", "pk")

    def sold_out(self):
        return self.filter(stock_shown=0)

    def running_low(self):
        return self.filter(stock_shown__range=(1, LOW_STOCK))

    def well_stocked(self):
        return self.filter(stock_shown__gt=LOW_STOCK)

    def in_stock(self):
        return self.filter(stock_shown__gt=0)

    def reduced(self):
        return self.filter(compare_at_price__gt=F("price"))
