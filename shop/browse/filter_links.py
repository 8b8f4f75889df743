from django.urls import reverse

from shop.links import Link, list_url

from .filters import FILTERS, Place
from .list_query import SORTS, TOO_MANY


class FilterLinks:
    """What the visitor has chosen on a list, and the URLs of the lists one step away."""

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
        return not FILTERS.keys().isdisjoint(self.query)

    @property
    def filter_key(self):
        """What the filter panel depends on, encoded, so that it holds no colon."""
        query = self.query.copy()
        query.pop("page", None)
        return query.urlencode()

    def url_between(self, low, high):
        """Return the URL of the list of products that cost from low to high (None: or more)."""
        return list_url(self.path, self.query, price_min=low, price_max=high)

    @property
    def panel_url(self):
        """The URL of the facets whose counts change more often than the list."""
        return list_url(reverse("facets", args=[self.scope_path] if self.scope_path else []), self.query)

    @property
    def kept(self):
        """Return (name, value) of what is chosen but not offered beside the changing facets."""
        names = [name for name, each in FILTERS.items() if each.place == Place.LIST]
        return [(name, value) for name in names for value in self.query.getlist(name)]

    @property
    def specs(self):
        return self.query.getlist("spec")

    def sorts(self):
        current = self.query.get("sort", "")
        sorts = {key: label for key, (label, *_) in SORTS.items()}
        if self.q:
            sorts[""] = "Best match"
        else:
            del sorts["newest"]
        urls = {key: list_url(self.path, self.query, sort=key) for key in sorts}
        return [Link(label, urls[key], key == current) for key, label in sorts.items()]

    def chips(self):
        """Return a link for each narrowing parameter, to the list without it."""
        return [link for link, _ in self.relaxed()]

    def relaxed(self):
        """Return (Link, query) for each narrowing parameter: the list without it."""
        chosen = [(name, value) for name in FILTERS for value in self.query.getlist(name)]
        queries = [(FILTERS[pair[0]].label(pair[1], self), self._query_without(*pair)) for pair in chosen]
        return [(Link(label, list_url(self.path, query)), query) for label, query in queries]

    def _query_without(self, name, value):
        query = self.query.copy()
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        if name == "q":
            query.pop("literal", None)
        return query
