"""The query of a list of products: read from any URL, and written in one canonical form."""

from copy import deepcopy
from functools import lru_cache

from django import forms
from django.http import QueryDict

from shop.caching.pages import LONGEST_URL

from .filters import FILTERS, AnyOfField

# {value of `sort`: (label, method of the queryset, aspect)}; "" is the best match of a search, or the newest.
SORTS = {
    "": ("Newest", "newest", ""),
    "newest": ("Newest", "newest", ""),
    "price": ("Price, low to high", "cheapest", ".price"),
    "-price": ("Price, high to low", "dearest", ".price"),
    "rating": ("Best rated", "best_rated", ".rating"),
    "name": ("Name", "by_name", ".title"),
}
# How much can be chosen at once: each value of a filter with many, each group of the others.
MOST_CHOSEN = 6
TOO_MANY = "chosen"


class ProductFilter(forms.Form):
    """The filters, sort order and page in a list's query parameters."""

    literal = forms.ChoiceField(required=False, choices=[("1", "Just as it is spelt")])
    sort = forms.ChoiceField(required=False, choices=[(key, label) for key, (label, *_) in SORTS.items()])
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {name: deepcopy(each.field) for name, each in FILTERS.items()}

    def clean_q(self):
        return " ".join(self.cleaned_data["q"].split())

    def clean(self):
        low, high = self.cleaned_data.get("price_min"), self.cleaned_data.get("price_max")
        if low is not None and high is not None and low > high:
            self.add_error("price_max", "The highest price is below the lowest.")
        self._keep_the_first()

    def _keep_the_first(self):
        """Leave out what is chosen beyond MOST_CHOSEN."""
        groups = {each.group for name, each in FILTERS.items() if not _has_many(each) and self._filled(name)}
        left = MOST_CHOSEN - len(groups - {None})
        self.is_cut = False
        for name in filter(lambda name: _has_many(FILTERS[name]), FILTERS):
            values = _values(self.cleaned_data.get(name))
            if len(values) > left:
                self.is_cut = True
            self.cleaned_data[name] = values[:left]
            left -= len(values[:left])

    def canonical(self):
        """Return the QueryDict for these parameters, however they were written.

        Values that make no sense are left out; `ignored` names their parameters, and is TOO_MANY where
        more was chosen than can be.
        """
        self.is_valid()
        query = QueryDict(mutable=True)
        for name in sorted(self.fields):
            query.setlist(name, [_canonical(value) for value in _values(self.cleaned_data.get(name))])
        ignored = set(self.errors) & set(self.fields)
        if self.is_cut:
            ignored.add(TOO_MANY)
        query.setlist("ignored", sorted(ignored))
        if query.get("page") == "1":
            del query["page"]
        if not query.get("q"):
            query.pop("literal", None)
            if query.get("sort") == "newest":
                del query["sort"]
        return QueryDict(query.urlencode())

    def narrow(self, products, without=()):
        """Return products (a queryset) narrowed by all filters but words, category and those in without."""
        for name, value in self.narrowing(without).items():
            products = FILTERS[name].narrow(products, value)
        return products

    def narrowing(self, without=()):
        """Return {name: value} of the filled filters but words, category and those in without."""
        names = [name for name, each in FILTERS.items() if each.narrow and name not in without]
        return {name: self.cleaned_data[name] for name in names if self._filled(name)}

    def facet_conditions(self, without=()):
        """Return the {lookup: value} by which FacetCount counts the same, or None if it does not."""
        conditions: dict[str, object] = {}
        for name, value in self.narrowing(without).items():
            condition = FILTERS[name].facet_condition(value)
            if condition is None:
                return None
            conditions |= condition
        return conditions

    def in_order(self, products):
        _, method, _ = SORTS[self.cleaned_data["sort"]]
        return getattr(products, method)()

    def _filled(self, name):
        return self.cleaned_data.get(name) not in (None, "", [])


def canonical(query_string):
    """Return the canonical QueryDict of a query string, without a form for those seen lately."""
    # Long ones are not worth their memory: their pages are never stored.
    read = _remembered if len(query_string) <= LONGEST_URL else _read
    return read(query_string)


def _read(query_string):
    return ProductFilter(QueryDict(query_string)).canonical()


_remembered = lru_cache(maxsize=2000)(_read)


def is_unbounded(query):
    """Whether a canonical QueryDict is one of any number that visitors can make up or combine."""
    free = {name for name, each in FILTERS.items() if each.is_free_form} | {"ignored"}
    bounded = FILTERS.keys() - free | {"sort"}
    return not free.isdisjoint(query) or len(bounded.intersection(query)) > 1


def aspects(query):
    """Return the aspects of products that a canonical QueryDict narrows or sorts by, sorted."""
    found = {FILTERS[name].aspect_of(query[name]) for name in query if name in FILTERS}
    found.add(SORTS[query.get("sort", "")][2])
    return sorted(found - {""})


def _has_many(each):
    return isinstance(each.field, AnyOfField)


def _values(value):
    if value in (None, ""):
        return []
    return sorted(set(value)) if isinstance(value, list) else [value]


def _canonical(value):
    # Adding nothing makes zero of less than zero.
    return f"{(value + 0).normalize():f}" if hasattr(value, "normalize") else str(value)
