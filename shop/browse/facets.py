"""How many products each choice of a filter would show: exact, each filter's own choices left out."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from shop.catalogue.price_bands import BAND_EDGES, CENT
from shop.invalidation import lineage

from .attributes import attribute_counts, by_name, count_attributes, is_offered
from .filters import FILTERS, LIMITS, RATINGS

SHOWN = 12
# Attributes are counted in lists up to this long, as each product may have to be looked into.
MOST_PRODUCTS, MOST_ATTRIBUTES, MOST_VALUES = 50_000, 6, 24
# Which are offered, so many products tell.
SAMPLE = 1000


@dataclass(frozen=True)
class FacetValue:
    """One value of a filter: whether it is chosen, and how many products it has."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class PriceBand:
    """Products from low to high (None: without end), and their share of the fullest band, in percent."""

    low: int
    high: Decimal | None
    count: int
    height: int


class Facets:
    """The facets of a ProductResults, each counted when it is asked for."""

    def __init__(self, results):
        self.results = results
        self.chosen = results.chosen

    def brands(self):
        """Return the brands with most products, and always those chosen."""
        counts = dict(self.results.counted("brand", without=["brand"]))
        counts.pop("", None)
        return choices(counts, {}, self.chosen["brand"])

    def sellers(self):
        counted = self.results.counted("seller__slug", "seller__name", without=["seller"])
        counts = {slug: count for slug, _, count in counted}
        return choices(counts, {slug: name for slug, name, _ in counted}, self.chosen["seller"])

    def categories(self):
        """Return {path: how many products it and its descendants have}."""
        counts: Counter[str] = Counter()
        for path, count in self.results.counted("category__path"):
            for above in lineage(path):
                counts[above] += count
        return counts

    def bands(self):
        """Return the Bands from the first to the last that has products."""
        counts = dict(self.results.counted("band", without=LIMITS))
        if not counts:
            return []
        highest = max(counts.values())
        return [band(n, counts.get(n, 0), highest) for n in range(min(counts), max(counts) + 1)]

    def ratings(self):
        counted = self.results.counted("stars", without=["rating"])
        counts = {least: sum(n for stars, n in counted if stars >= int(least)) for least in RATINGS}
        return choices(counts, RATINGS, [self.chosen["rating"]], by_count=False)

    def in_stock(self):
        return dict(self.results.counted("in_stock", without=["in_stock"])).get(True, 0)

    def attributes(self):
        """Return [(name, Choices)] of the attributes that tell products apart, the best first.

        Nothing where there are more than MOST_PRODUCTS.
        """
        [(total,)] = self.results.counted(without=["spec"])
        if total > MOST_PRODUCTS:
            return []
        wanted = by_name(self.chosen["spec"])
        names = dict.fromkeys([*self._best_names(total), *wanted])
        counts = self._pairs(names.keys() - wanted.keys(), self.chosen["spec"])
        for name in wanted:
            others = [pair for pair in self.chosen["spec"] if not pair.startswith(f"{name}:")]
            counts |= self._pairs([name], others)
        return [(name, attribute(counts[name], wanted.get(name, ()))) for name in names]

    def _pairs(self, names, chosen):
        """Count the values of some names in the list, narrowed to chosen pairs."""
        if chosen or not self.results.is_all_of_a_category(without=["spec"]):
            return count_attributes(FILTERS["spec"].narrow(self.results.without("spec"), chosen), names)
        return attribute_counts(self.results.category_keys, names)

    def _best_names(self, total):
        """Return the best names of attributes, as far as about SAMPLE products spread over all tell."""
        rows = self.results.without("spec").order_by()
        some = rows.alias(turn=F("pk") % (total // SAMPLE + 1)).filter(turn=0)
        # Their keys come from an index, so that only their own rows are read.
        found = self.results.in_scope.filter(pk__in=some.values("pk")).order_by()
        lists = found.values_list("specifications", flat=True)
        return best_attributes(values_of(lists), len(lists))


def choices(counts, labels, chosen, by_count=True):
    """Return the Choices with most products, and always those chosen; those without any only if chosen."""
    order = sorted(counts, key=lambda value: (-counts[value], value)) if by_count else list(counts)
    shown = [v for n, v in enumerate(order) if v in chosen or (counts[v] and n < SHOWN)]
    shown += [value for value in chosen if value and value not in counts]
    return [FacetValue(v, labels.get(v, v), counts.get(v, 0), v in chosen) for v in shown]


def band(number, count, highest):
    is_last = number == len(BAND_EDGES) - 1
    high = None if is_last else BAND_EDGES[number + 1] - CENT
    return PriceBand(BAND_EDGES[number], high, count, round(100 * count / highest))


def values_of(lists):
    """Return {name: {value: how many of the lists of pairs have it}}."""
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pairs in lists:
        for name, value in {tuple(pair) for pair in pairs if is_offered(pair)}:
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


def attribute(counts, wanted):
    return choices(dict(counts), {value: value for value in counts}, sorted(wanted))
