"""The products of a list: those in its scope, filtered, searched and sorted by its query."""

from collections import Counter
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Sum, Value, When
from django.db.models.functions import Floor

from shop.catalogue.models import Category, Product
from shop.catalogue.price_bands import BAND_EDGES

from .list_query import ProductFilter
from .models import FacetCount
from .querysets import SMALL_GROUPINGS, dimensions_of
from .search.results import RANKED, Search

# Dimensions that are no columns of products, for lists without facet counts.
MEASURES = {
    "band": Case(
        *(When(price__lt=edge, then=Value(n)) for n, edge in enumerate(BAND_EDGES[1:])),
        default=Value(len(BAND_EDGES) - 1),
        output_field=IntegerField(),
    ),
    "stars": Floor("rating"),
    "in_stock": Case(When(stock_shown__gt=0, then=Value(True)), default=Value(False)),
}
# What is counted together, as most lists need all of it.
PANELS = [{"category__path", "brand", "seller__slug", "seller__name"}, {"band", "stars", "in_stock"}]


# Of a list that is narrowed, of which there are any number, so many can be paged through.
MOST_SHOWN = 50 * 24


class ProductResults:
    """What a canonical QueryDict selects, of all products or of those of the category at scope_path.

    alike: a ProductResults of the same scope, whose understanding of the same words is taken over.
    """

    def __init__(self, query, scope_path=None, alike=None):
        self.filter = ProductFilter(query)
        self.filter.full_clean()
        self.path = self.chosen["category"] or scope_path
        self._counted = {}
        self.search = self._search(scope_path, alike) if self.chosen["q"] else None

    @property
    def chosen(self):
        return self.filter.cleaned_data

    def _search(self, scope_path, alike):
        text, is_literal = self.chosen["q"], bool(self.chosen["literal"])
        if alike and alike.search and (alike.search.text, alike.search.is_literal) == (text, is_literal):
            return alike.search
        # Of the whole scope, so that no filter changes how the words are understood.
        scope = Product.objects.listed()
        return Search(text, scope.within(scope_path) if scope_path else scope, is_literal)

    @cached_property
    def in_scope(self):
        listed = Product.objects.listed()
        return listed.filter(category__in=self.category_keys) if self.path else listed

    @cached_property
    def category_keys(self):
        """The keys of the categories looked at: with them the database knows how much it will find."""
        return list(Category.objects.within(self.path).values_list("pk", flat=True))

    def is_all_of_a_category(self, without=()):
        """Whether nothing narrows the list, some parameters aside, but that it is of a category."""
        return bool(self.path) and not self.search and not self.filter.narrowing(without)

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
            return RankedProducts(self.search.best(self.filter.narrow(self.in_scope)))
        return SortedProducts(self)

    @cached_property
    def total(self):
        """How many products are selected, be it that only the best of them can be paged through."""
        if isinstance(self.products, RankedProducts) and not self.is_cut_off:
            return self.products.count()
        [(total,)] = self.counted()
        return total

    @property
    def is_deeper(self):
        """Whether a narrowed list holds more products than can be paged through."""
        return isinstance(self.products, SortedProducts) and self.products.count() < self.total

    @property
    def is_cut_off(self):
        return isinstance(self.products, RankedProducts) and self.products.count() == RANKED

    def counted(self, *fields, without=()):
        """Return (value of each field, how many of the products selected have them all), in no order.

        fields: those of one of PANELS; without: names of parameters to leave out.
        """
        narrowing = frozenset(self.filter.narrowing(without))
        names = sorted(self._counted_together(fields, narrowing))
        counts: Counter[tuple] = Counter()
        for *values, count in self._counts(names, narrowing):
            counts[tuple(values[names.index(field)] for field in fields)] += count
        return [(*values, count) for values, count in counts.items() if count] or [(0,)] * (not fields)

    def _counted_together(self, fields, narrowing):
        """Return the whole panel where its other facets count the same products, and so share the pass."""
        if len(narrowing) < len(self.filter.narrowing()) or self._has_few_rows(fields, narrowing):
            return fields
        return next(panel for panel in PANELS if panel.issuperset(fields))

    def _has_few_rows(self, fields, narrowing):
        conditions = self._facet_conditions(narrowing)
        if conditions is None:
            return False
        dimensions = dimensions_of([*fields, *conditions, *(["category"] if self.path else [])])
        return any(grouping >= dimensions for grouping in SMALL_GROUPINGS)

    def _facet_conditions(self, narrowing):
        return None if self.search else self.filter.facet_conditions(self._without(narrowing))

    def _without(self, narrowing):
        return self.filter.narrowing().keys() - narrowing

    def _counts(self, fields, narrowing):
        """Count by some fields in one pass, the same for all facets that leave out the same parameters."""
        key = (*fields, narrowing)
        if key not in self._counted:
            rows, number = self._countable(fields, narrowing)
            if fields:
                self._counted[key] = list(rows.order_by().values_list(*fields).annotate(number))
            else:
                self._counted[key] = [(rows.aggregate(n=number)["n"] or 0,)]
        return self._counted[key]

    def _countable(self, fields, narrowing):
        """Return rows that have some fields, and the expression for how many products some of them are."""
        conditions = self._facet_conditions(narrowing)
        if conditions is not None:
            categories = {"category__in": self.category_keys} if self.path else {}
            return FacetCount.objects.grouped(fields, conditions | categories), Sum("n")
        measures = {name: MEASURES[name] for name in fields if name in MEASURES}
        return self.without(*self._without(narrowing)).annotate(**measures), Count("pk")


class SortedProducts:
    """Results in the order asked for: a page's keys come from an index alone, then their rows."""

    def __init__(self, results):
        self.results = results

    def count(self):
        total = self.results.total
        return min(total, MOST_SHOWN) if self._is_narrowed else total

    def rows(self, first, last):
        """Return a queryset of those from first to before last."""
        if self._is_narrowed and first >= MOST_SHOWN:
            return Product.objects.none()
        put_in_order = self.results.filter.in_order
        keys = put_in_order(self.results.selected).values("pk")[first:last]
        return put_in_order(Product.objects.filter(pk__in=keys))

    def __getitem__(self, part):
        return list(self.rows(part.start, part.stop).for_cards())

    @property
    def _is_narrowed(self):
        return bool(self.results.search or self.results.filter.narrowing())


class RankedProducts:
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
