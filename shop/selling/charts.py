"""Small bar charts of a seller's shop, as figures for a template to draw."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

HEIGHT, WIDTH = 60, 240
# How much of its place a bar fills.
FILLED = 0.7
MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: what it stands for, how much that is, and where it is drawn."""

    label: str
    short: str
    value: int
    x: float
    width: float
    height: float

    @property
    def y(self):
        return round(HEIGHT - self.height, 1)

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    title: str
    bars: list[Bar]

    @property
    def is_filled(self):
        return any(bar.value for bar in self.bars)

    @classmethod
    def of(cls, title, values):
        """Make a chart of (label, short label, value) rows, the highest bar as high as the chart."""
        most = max(1, *(value for _, _, value in values))
        step = WIDTH / len(values)
        return cls(
            title,
            [
                Bar(
                    label,
                    short,
                    value,
                    x=round(n * step + step * (1 - FILLED) / 2, 1),
                    width=round(step * FILLED, 1),
                    height=round(value / most * HEIGHT, 1),
                )
                for n, (label, short, value) in enumerate(values)
            ],
        )


def listings_by_month(products):
    """How many products came up for sale in each of the last twelve months."""
    today = timezone.now()
    months = [_months_before(today, n) for n in reversed(range(MONTHS))]
    since = today.replace(year=months[0][0], month=months[0][1], day=1)
    listed = products.filter(listed_at__gte=since).order_by().annotate(month=TruncMonth("listed_at"))
    counted = listed.values_list("month").annotate(Count("pk"))
    counts = Counter({(month.year, month.month): count for month, count in counted})
    rows = [(f"{year}-{month:02}", str(month), counts[year, month]) for year, month in months]
    return Chart.of("New in the last twelve months", rows)


def ratings(products):
    """How many rated products have one star, two, up to five."""
    counts = Counter()
    rated = products.filter(rating_count__gt=0).order_by()
    for rating, count in rated.values_list("rating").annotate(Count("pk")):
        counts[round(rating)] += count
    return Chart.of("Products by stars", [(f"{n} of 5 stars", str(n), counts[n]) for n in range(1, 6)])


def _months_before(day, n):
    months = day.year * 12 + day.month - 1 - n
    return months // 12, months % 12 + 1
