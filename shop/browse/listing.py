"""The products of a list: those in its scope, narrowed, searched and sorted as its address says."""

from functools import cached_property

from django.db import connection
from django.db.models import Case, Count, IntegerField, Sum, Value, When
from django.db.models.functions import Floor

from shop.catalogue.models import Category, Product
from shop.catalogue.models.prices import BAND_EDGES

from .filters import ProductFilter
from .models import Tally
from .search.results import RANKED, Search

# What products are counted by besides their columns, where no tally tells.
MEASURES = {
    "band": Case(
        *(When(price__lt=edge, then=Value(n)) for n, edge in enumerate(BAND_EDGES[1:])),
        default=Value(len(BAND_EDGES) - 1),
        output_field=IntegerField(),
    ),
    "stars": Floor("rating"),
    "in_stock": Case(When(stock_shown__gt=0, then=Value(True)), default=Value(False)),
}


class Listing:
    """What a canonical QueryDict selects, of all products or of those of the category at scope_path."""

    def __init__(self, query, scope_path=None):
        self.filter = ProductFilter(query)
        self.filter.full_clean()
        self.path = self.chosen["category"] or scope_path
        self.search = None
        if self.chosen["q"]:
            # Of the whole scope, so that no filter changes how the words are understood.
            scope = Product.objects.listed()
            scope = scope.within(scope_path) if scope_path else scope
            self.search = Search(self.chosen["q"], scope, is_literal=bool(self.chosen["literal"]))

    @property
    def chosen(self):
        return self.filter.cleaned_data

    @cached_property
    def in_scope(self):
        listed = Product.objects.listed()
        return listed.filter(category__in=self.category_keys) if self.path else listed

    @cached_property
    def category_keys(self):
        """The keys of the categories looked at: with them the database knows how much it will find."""
        return list(Category.objects.within(self.path).values_list("pk", flat=True))

    @cached_property
    def selected(self):
        """The products selected, in no order that matters."""
        return self.without()

    def without(self, *names):
        """Return the products selected but for what some parameters ask, as the counts of a facet need."""
        narrowed = self.filter.narrow(self.in_scope, names)
        return self.search.narrow(narrowed) if self.search else narrowed

    @cached_property
    def products(self):
        """The products selected, in order: as much of a queryset as pages need."""
        if self.search and not self.chosen["sort"]:
            return BestMatches(self.search.best(self.filter.narrow(self.in_scope)))
        return InOrder(self)

    @cached_property
    def total(self):
        """How many products are selected, be it that only the best of them can be paged through."""
        if isinstance(self.products, BestMatches) and not self.is_cut_off:
            return self.products.count()
        return sum(count for (count,) in self.counted())

    @property
    def is_cut_off(self):
        return isinstance(self.products, BestMatches) and self.products.count() == RANKED

    def counted(self, *fields, without=()):
        """Return (value of each field, how many of the products selected have them all), in no order.

        fields: what products are counted by, like "brand" or "category__path", band, stars or in_stock;
        without: names of parameters to leave out.
        """
        rows, number = self._countable({field.partition("__")[0] for field in fields}, without)
        if not fields:
            return [(rows.aggregate(n=number)["n"] or 0,)]
        return [row for row in rows.order_by().values_list(*fields).annotate(number) if row[-1]]

    def _countable(self, dimensions, without):
        """Return rows that tell the dimensions, and the expression for how many products some of them are."""
        if self.search or connection.vendor != "postgresql" or not self.filter.is_told_by_tallies(without):
            measures = {name: MEASURES[name] for name in dimensions if name in MEASURES}
            return self.without(*without).annotate(**measures), Count("pk")
        tallies = Tally.objects.narrowed(
            self.filter.narrowing(without), dimensions, self.path and self.category_keys
        )
        return tallies, Sum("n")


class InOrder:
    """The products of a Listing in its order: a page's keys come from an index alone, their rows after."""

    def __init__(self, listing):
        self.listing = listing

    def count(self):
        return self.listing.total

    def rows(self, first, last):
        """Return a queryset of those from first to before last."""
        put_in_order = self.listing.filter.in_order
        keys = put_in_order(self.listing.selected).values("pk")[first:last]
        return put_in_order(Product.objects.filter(pk__in=keys))

    def __getitem__(self, part):
        return list(self.rows(part.start, part.stop).for_cards())


class BestMatches:
    """The products with some primary keys, in the order of these."""

    def __init__(self, keys):
        self.keys = keys

    def count(self):
        return len(self.keys)

    def rows(self, first, last):
        """Return a queryset of those from first to before last, in no order that matters."""
        return Product.objects.filter(pk__in=self.keys[first:last])

    def __getitem__(self, part):
        found = self.rows(part.start, part.stop).for_cards().in_bulk()
        return [found[key] for key in self.keys[part] if key in found]
