"""The products of a list: those in its scope, narrowed, searched and sorted as its address says."""

from functools import cached_property

from shop.catalogue.models import Product

from .filters import ProductFilter
from .search.results import RANKED, Search


class Listing:
    """What a canonical QueryDict selects, of all products or of those of the category at scope_path."""

    def __init__(self, query, scope_path=None):
        self.filter = ProductFilter(query)
        self.filter.full_clean()
        scope = Product.objects.listed()
        if scope_path:
            scope = scope.within(scope_path)
        path = self.chosen["category"]
        self.in_scope = scope.within(path) if path else scope
        self.search = None
        if self.chosen["q"]:
            # Of the whole scope, so that no filter changes how the words are understood.
            self.search = Search(self.chosen["q"], scope, is_literal=bool(self.chosen["literal"]))

    @property
    def chosen(self):
        return self.filter.cleaned_data

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
        """The products selected, in order: a queryset, or the BestMatches of a search."""
        if self.search and not self.chosen["sort"]:
            return BestMatches(self.search.best(self.filter.narrow(self.in_scope)))
        return self.filter.in_order(self.selected).for_cards()

    @cached_property
    def total(self):
        """How many products are selected, be it that only the best of them can be paged through."""
        count = self.products.count()
        return self.selected.count() if self.is_cut_off else count

    @property
    def is_cut_off(self):
        return isinstance(self.products, BestMatches) and self.products.count() == RANKED


class BestMatches:
    """The products with some primary keys, in the order of these: as much of a queryset as pages need."""

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
