"""Small bar charts of a seller's shop, as figures for a template to draw."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

HEIGHT, WIDTH, STEP = 60, 14, 20
MONTHS = 12


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    height: float
    x: int

    @property
    def y(self):
        return round(HEIGHT - self.height, 1)

    @property
    def middle(self):
        return self.x + WIDTH / 2

    @property
    def short(self):
        """As much of the label as fits below a bar."""
        return self.label[-2:].strip()


@dataclass(frozen=True)
class Chart:
    title: str
    bars: list[Bar]

    @classmethod
    def of(cls, title, values):
        """Make a chart of {label: value}, the highest bar as high as the chart."""
        most = max([*values.values(), 1])
        bars = [
            Bar(label, value, round(value / most * HEIGHT, 1), STEP * n)
            for n, (label, value) in enumerate(values.items())
        ]
        return cls(title, bars)

    @property
    def width(self):
        return STEP * len(self.bars) - (STEP - WIDTH)


def listings_by_month(products):
    """How many products came up for sale in each of the last twelve months."""
    today = timezone.now()
    months = [_months_before(today, n) for n in reversed(range(MONTHS))]
    since = today.replace(year=months[0][0], month=months[0][1], day=1)
    dates = products.filter(listed_at__gte=since).values_list("listed_at", flat=True)
    counts = Counter((date.year, date.month) for date in dates)
    return Chart.of("New in the last twelve months", {f"{y}-{m:02}": counts[y, m] for y, m in months})


def ratings(products):
    """How many rated products have one star, two, up to five."""
    rated = products.filter(rating_count__gt=0).values_list("rating", flat=True)
    counts = Counter(round(rating) for rating in rated)
    return Chart.of("Products by rating", {f"{n} ★": counts[n] for n in range(1, 6)})


def _months_before(day, n):
    months = day.year * 12 + day.month - 1 - n
    return months // 12, months % 12 + 1
