from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shop.invalidation import product_changed, product_state

CENT = Decimal("0.01")


@contextmanager
def changing_offers(product):
    """Let prices and stock of a product be changed, which is locked and has all that pages show of it."""
    before = product_state(product)
    yield product.variants.all()
    product.summarise_variants()
    product.save()
    product_changed(product, before)


@dataclass(frozen=True)
class PriceChange:
    """A change of prices by some percent, rounded to a step, with the old price shown if that is wanted."""

    percent: Decimal
    step: Decimal = CENT
    shows_former: bool = False

    def price(self, variant):
        exact = variant.price * (100 + self.percent) / 100
        return ((exact / self.step).quantize(Decimal(1), ROUND_HALF_UP) * self.step).quantize(CENT)

    def former_price(self, variant):
        """Return the former price that goes with the new one; None if it would be no reduction."""
        former = variant.compare_at_price
        if former is None and self.shows_former:
            former = variant.price
        return former if former is not None and former > self.price(variant) else None

    def apply(self, product):
        with changing_offers(product) as variants:
            for variant in variants:
                former = self.former_price(variant)
                variant.price, variant.compare_at_price = self.price(variant), former
                variant.save()
