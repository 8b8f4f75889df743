from bisect import bisect_right
from decimal import Decimal

CENT = Decimal("0.01")

# Limits of the price bands by which lists count products.
BAND_EDGES = (
    *(0, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750),
    *(1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000),
)


def price_band(price):
    """Return the number of the band that a price falls into."""
    return bisect_right(BAND_EDGES, price) - 1
