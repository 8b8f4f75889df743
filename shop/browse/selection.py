from urllib.parse import urlencode

from django.urls import reverse

from shop.catalogue.paging import Link
from shop.catalogue.templatetags.catalogue import money

from .filters import RATINGS, SORTS, TOO_MANY

# What narrows a list, as against how it is shown.
NARROWING = ("q", "category", "seller", "brand", "price_min", "price_max", "rating", "in_stock", "spec")


class Selection:
    """What the visitor has chosen on a list, and the addresses of the lists one step away."""

    def __init__(self, path, query, currency, category=None, scope_path=None, seller_names=None):
        self.seller_names = seller_names or {}
        self.path = path
        self.scope_path = scope_path
        self.query = query
        self.currency = currency
        self.category = category
        self.ignored = query.getlist("ignored")
        self.is_cut = TOO_MANY in self.ignored

    @property
    def q(self):
        return self.query.get("q", "")

    @property
    def current_url(self):
        return self.url_of_page(int(self.query.get("page", 1)))

    @property
    def literal_url(self):
        return self.url_with(literal=1)

    @property
    def ignored_labels(self):
        return [name.replace("_", " ") for name in self.ignored if name != TOO_MANY]

    @property
    def hidden(self):
        """Return (name, value) of what a filter form must carry along."""
        return [(name, self.query[name]) for name in ("q", "literal", "sort") if name in self.query]

    @property
    def is_sorted(self):
        return "sort" in self.query

    @property
    def is_narrowed(self):
        return any(name in self.query for name in NARROWING)

    @property
    def filter_key(self):
        """What the filter panel depends on, encoded, so that it holds no colon."""
        return self._copy_without("page").urlencode()

    def url_with(self, **changes):
        """Return the address with some parameters set (or, with None, left out)."""
        query = self._copy_without("page", "ignored")
        for name, value in changes.items():
            query.pop(name, None)
            if name == "q":
                query.pop("literal", None)
            if value:
                query[name] = str(value)
        return self._url(query)

    def url_between(self, low, high):
        """Return the address of the list of products that cost from low to high, or more."""
        return self.url_with(price_min=low or None, price_max=high)

    @property
    def panel_url(self):
        """The address of the facets whose counts change more often than the list."""
        query = self._copy_without("page", "ignored")
        address = reverse("facets", args=[self.scope_path]) if self.scope_path else reverse("facets")
        return f"{address}?{query.urlencode()}" if query else address

    @property
    def list_url(self):
        return self.url_with()

    @property
    def kept(self):
        """Return (name, value) of what is chosen but not offered beside the changing facets."""
        names = ("category", "brand", "seller")
        return [(name, value) for name in names for value in self.query.getlist(name)]

    @property
    def specs(self):
        return self.query.getlist("spec")

    def url_of_page(self, number):
        return self.url_with(page=number if number > 1 else None)

    def sorts(self):
        current = self.query.get("sort", "")
        sorts = {key: label for key, (label, _) in SORTS.items()}
        if self.q:
            sorts[""] = "Best match"
        else:
            del sorts["newest"]
        return [Link(label, self.url_with(sort=key), key == current) for key, label in sorts.items()]

    def chips(self):
        """Return a link for each narrowing parameter, to the list without it."""
        return [link for link, _ in self.without_each()]

    def without_each(self):
        """Return (Link, query) for each narrowing parameter: the list without it."""
        return [
            (Link(self._label(name, value), self._url_without(name, value)), self._query_without(name, value))
            for name in NARROWING
            for value in self.query.getlist(name)
        ]

    def _label(self, name, value):
        match name:
            case "q":
                return f"“{value}”"
            case "category":
                return self.category.name
            case "seller":
                return self.seller_names.get(value, value)
            case "spec":
                return value.replace(":", ": ", 1)
            case "price_min":
                return f"from {money(value, self.currency)}"
            case "price_max":
                return f"up to {money(value, self.currency)}"
            case "rating":
                return RATINGS[value]
            case "in_stock":
                return "in stock"
        return value

    def _url_without(self, name, value):
        return self._url(self._query_without(name, value))

    def _query_without(self, name, value):
        query = self._copy_without("page", "ignored")
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        if name == "q":
            query.pop("literal", None)
        return query

    def _copy_without(self, *names):
        query = self.query.copy()
        for name in names:
            query.pop(name, None)
        return query

    def _url(self, query):
        """Return an address whose parameters are in the canonical order."""
        parameters = urlencode(sorted(query.lists()), doseq=True)
        return f"{self.path}?{parameters}" if parameters else self.path
