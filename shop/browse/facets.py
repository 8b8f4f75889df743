"""How many products each choice of a filter would show: exact, each filter's own choices left out."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from shop.catalogue.models.prices import BAND_EDGES, CENT
from shop.catalogue.querysets import lineage

from .filters import LIMITS, RATINGS

SHOWN = 12
# Attributes are looked at one by one in lists up to this long: in those of a category, as a rule.
MOST_PRODUCTS, MOST_ATTRIBUTES, MOST_VALUES = 3000, 6, 24


@dataclass(frozen=True)
class Choice:
    """One value of a filter: whether it is chosen, and how many products it has."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Band:
    """Products from low to high (None: without end), and their share of the fullest band, in percent."""

    low: int
    high: Decimal | None
    count: int
    height: int


class Facets:
    """The facets of a Listing, each counted when it is asked for."""

    def __init__(self, listing):
        self.listing = listing
        self.chosen = listing.chosen

    def brands(self):
        """Return the brands with most products, and always those chosen."""
        counts = dict(self.listing.counted("brand", without=["brand"]))
        counts.pop("", None)
        return choices(counts, {}, self.chosen["brand"])

    def sellers(self):
        counted = self.listing.counted("seller__slug", "seller__name", without=["seller"])
        counts = {slug: count for slug, _, count in counted}
        return choices(counts, {slug: name for slug, name, _ in counted}, self.chosen["seller"])

    def categories(self):
        """Return {path: how many products it and its descendants have}."""
        counts: Counter[str] = Counter()
        for path, count in self.listing.counted("category__path"):
            for above in lineage(path):
                counts[above] += count
        return counts

    def bands(self):
        """Return the Bands from the first to the last that has products."""
        counts = dict(self.listing.counted("band", without=LIMITS))
        if not counts:
            return []
        highest = max(counts.values())
        return [band(n, counts.get(n, 0), highest) for n in range(min(counts), max(counts) + 1)]

    def ratings(self):
        counted = self.listing.counted("stars", without=["rating"])
        counts = {least: sum(n for stars, n in counted if stars >= int(least)) for least in RATINGS}
        return choices(counts, RATINGS, [self.chosen["rating"]], by_count=False)

    def in_stock(self):
        return dict(self.listing.counted("in_stock", without=["in_stock"])).get(True, 0)

    def attributes(self):
        """Return [(name, Choices)] of the attributes that most products here have and differ in.

        Nothing where there are more than MOST_PRODUCTS, as each product is looked at.
        """
        [(total,)] = self.listing.counted(without=["spec"])
        if total > MOST_PRODUCTS:
            return []
        rows = self.listing.without("spec").values_list("specifications", flat=True).order_by()
        products = [pairs_of(row) for row in rows]
        wanted: dict[str, set[str]] = {}
        for pair in self.chosen["spec"]:
            name, _, value = pair.partition(":")
            wanted.setdefault(name, set()).add(value)
        values = values_of(products)
        names = {*best_attributes(values, len(products)), *wanted}
        counts = {name: values.get(name, Counter()) for name in names}
        if wanted:
            counts = {name: counts_of(name, products, wanted) for name in names}
        return [(name, attribute(counts[name], wanted.get(name, ()))) for name in sorted(names)]


def choices(counts, labels, chosen, by_count=True):
    """Return the Choices with most products, and always those chosen; those without any only if chosen."""
    order = sorted(counts, key=lambda value: (-counts[value], value)) if by_count else list(counts)
    shown = [v for n, v in enumerate(order) if v in chosen or (counts[v] and n < SHOWN)]
    shown += [value for value in chosen if value and value not in counts]
    return [Choice(v, labels.get(v, v), counts.get(v, 0), v in chosen) for v in shown]


def band(number, count, highest):
    is_last = number == len(BAND_EDGES) - 1
    high = None if is_last else BAND_EDGES[number + 1] - CENT
    return Band(BAND_EDGES[number], high, count, round(100 * count / highest))


def pairs_of(specifications):
    """Return the set of a product's (name, value) pairs."""
    return {tuple(pair) for pair in specifications if len(pair) == 2 and ":" not in pair[0]}


def values_of(products):
    """Return {name: {value: how many products have it}}."""
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pairs in products:
        for name, value in pairs:
            values[name][value] += 1
    return values


def best_attributes(values, total):
    """Return the names by which products can best be told apart: many have them, in some different values."""
    fit = {name: worth(counts, total) for name, counts in values.items()}
    return sorted((name for name in fit if fit[name]), key=lambda name: (-fit[name], name))[:MOST_ATTRIBUTES]


def worth(counts, total):
    """Return the share of products that have an attribute times its values' evenness; 0: not offered."""
    having = counts.total()
    if having < total * 0.3 or not 2 <= len(counts) <= min(MOST_VALUES, having / 2):
        return 0
    return having / total * (1 - sum((count / having) ** 2 for count in counts.values()))


def counts_of(name, products, wanted):
    """Return {value: how many products have it} of an attribute, among those that fit all others wanted."""
    others = {other: values for other, values in wanted.items() if other != name}
    fitting = [
        pairs
        for pairs in products
        if all(any((other, value) in pairs for value in values) for other, values in others.items())
    ]
    return values_of(fitting)[name]


def attribute(counts, wanted):
    return choices(dict(counts), {value: value for value in counts}, sorted(wanted))
