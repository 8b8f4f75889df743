import re
from decimal import Decimal
from functools import lru_cache, reduce
from operator import or_

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.http import QueryDict

from shop.caching.pages import LONGEST_URL
from shop.catalogue.converters import CategoryPath
from shop.catalogue.price_bands import BAND_EDGES, CENT
from shop.fields.numbers import MoneyField
from shop.fields.texts import LineFormField, clean_line

from .attributes import LONGEST_ATTRIBUTE, by_name
from .querysets import CONDITIONS as COUNTED

SORTS = {
    # Of a search, what fits best; of any other list, what is newest.
    "": ("Newest", "newest"),
    "newest": ("Newest", "newest"),
    "price": ("Price, low to high", "cheapest"),
    "-price": ("Price, high to low", "dearest"),
    "rating": ("Best rated", "best_rated"),
    "name": ("Name", "by_name"),
}
# What a list needs to know of its products besides their age (see shop.invalidation), by what was chosen.
ASPECTS = {
    "q": ".words",
    "price_min": ".price",
    "price_max": ".price",
    "rating": ".stars",
    "in_stock": ".stock",
    "spec": ".specifications",
    "sort=price": ".price",
    "sort=-price": ".price",
    "sort=rating": ".rating",
    "sort=name": ".title",
}
# What holds anything at all, in any number.
OPEN = {"q", "seller", "brand", "spec", "price_min", "price_max", "ignored"}
# What holds a few things each, but of which together there are very many.
CLOSED = {"category", "rating", "in_stock", "sort"}
# So much can be chosen at once, be it a brand, a range of prices or the like.
MOST_CHOSEN = 6
CHOSEN_SINGLY = ({"price_min", "price_max"}, {"rating"}, {"in_stock"})
TOO_MANY = "chosen"
LIMITS = ("price_min", "price_max")
RATINGS = {"4": "4 stars and up", "3": "3 stars and up", "2": "2 stars and up"}


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


class ProductFilter(forms.Form):
    """The filters and sort order in a list's query parameters."""

    q = LineFormField(required=False, max_length=100)
    literal = forms.ChoiceField(required=False, choices=[("1", "Just as it is spelt")])
    category = forms.CharField(
        required=False, max_length=1000, validators=[RegexValidator(f"^{CategoryPath.regex}$")]
    )
    seller = AnyOfField(pattern=r"[-\w]+")
    brand = AnyOfField()
    # A name and a value of a product's specifications: Material:Oak.
    spec = AnyOfField(longest=LONGEST_ATTRIBUTE, pattern="[^\0:]+:[^\0]+")
    price_min = MoneyField(required=False, min_value=0)
    price_max = MoneyField(required=False, min_value=0)
    rating = forms.ChoiceField(required=False, choices=RATINGS.items())
    in_stock = forms.ChoiceField(required=False, choices=[("1", "In stock only")])
    sort = forms.ChoiceField(required=False, choices=[(key, label) for key, (label, _) in SORTS.items()])
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def clean_q(self):
        return " ".join(self.cleaned_data["q"].split())

    def clean(self):
        low, high = self.cleaned_data.get("price_min"), self.cleaned_data.get("price_max")
        if low is not None and high is not None and low > high:
            self.add_error("price_max", "The highest price is below the lowest.")
        self._keep_the_first()

    def _keep_the_first(self):
        """Leave out what is chosen beyond MOST_CHOSEN."""
        filled = {name for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        left = MOST_CHOSEN - len([names for names in CHOSEN_SINGLY if filled & names])
        self.is_cut = False
        for name in ("seller", "brand", "spec"):
            values = _values(self.cleaned_data.get(name))
            if len(values) > left:
                self.is_cut = True
            self.cleaned_data[name] = values[:left]
            left -= len(values[:left])

    def canonical(self):
        """Return the QueryDict that stands for this filter_links, whatever way it was written.

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
        """Return products (a queryset) narrowed to this filter_links, but for the words searched for.

        without: names of parameters to leave out.
        """
        for name, value in self.narrowing(without).items():
            products = CONDITIONS[name](products, value)
        return products

    def narrowing(self, without=()):
        """Return {name: value} of the filled parameters that narrow, but for words and category."""
        chosen = {name: self.cleaned_data[name] for name in CONDITIONS if name not in without}
        return {name: value for name, value in chosen.items() if value not in (None, "", [])}

    def has_facet_counts(self, without=()):
        """Whether products are counted by all that is asked here, the words aside."""
        return all(
            name in COUNTED and (name not in LIMITS or is_edge(name, value))
            for name, value in self.narrowing(without).items()
        )

    def in_order(self, products):
        return getattr(products, SORTS[self.cleaned_data["sort"]][1])()


def canonical(query_string):
    """Return the canonical QueryDict of a query string; a form is dear on a page that is a hit."""
    # Long ones are not worth their memory: their pages are never stored.
    read = _remembered if len(query_string) <= LONGEST_URL else _read
    return read(query_string)


def _read(query_string):
    return ProductFilter(QueryDict(query_string)).canonical()


_remembered = lru_cache(maxsize=2000)(_read)


def is_unbounded(query):
    """Whether a canonical QueryDict is one of any number that visitors can make up or combine."""
    return not OPEN.isdisjoint(query) or len(CLOSED.intersection(query)) > 1


def aspects(query):
    """Return the aspects of products that a canonical QueryDict narrows or sorts by, sorted."""
    chosen = [*query, f"sort={query.get('sort')}"]
    found = {name: ASPECTS[name] for name in chosen if name in ASPECTS}
    limits = {name for name in LIMITS if name in query}
    if all(is_edge(name, query[name]) for name in limits):
        # Which products lie between two edges, their bands tell.
        found |= dict.fromkeys(limits, ".band")
    return sorted(set(found.values()))


def specified(products, pairs):
    """Return the products that have, of each name in pairs ("Material:Oak"), one of the values."""
    for name, values in by_name(pairs).items():
        anyone = [Q(specifications__has_pair=(name, value)) for value in values]
        products = products.filter(reduce(or_, anyone))
    return products


CONDITIONS = {
    "seller": lambda products, slugs: products.filter(seller__slug__in=slugs),
    "brand": lambda products, brands: products.filter(brand__in=brands),
    "price_min": lambda products, price: products.filter(price__gte=price),
    "price_max": lambda products, price: products.filter(price__lte=price),
    "rating": lambda products, least: products.filter(rating__gte=int(least)),
    "in_stock": lambda products, _: products.in_stock(),
    "spec": specified,
}


def is_edge(name, price):
    """Whether a limit is where a band of prices begins or ends."""
    return Decimal(price) + (CENT if name == "price_max" else 0) in BAND_EDGES


def _values(value):
    if value in (None, ""):
        return []
    return sorted(set(value)) if isinstance(value, list) else [value]


def _canonical(value):
    # Adding nothing makes zero of less than zero.
    return f"{(value + 0).normalize():f}" if hasattr(value, "normalize") else str(value)
