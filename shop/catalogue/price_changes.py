from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

from shop.fields.limits import MOST_MONEY
from shop.fields.numbers import decimals_of

from .templatetags.catalogue import money

CENT = Decimal("0.01")


@dataclass(frozen=True)
class PriceChange:
    """A change of prices by percent, rounded to a step; the old price becomes the former one if wanted."""

    percent: Decimal
    step: Decimal = CENT
    shows_former: bool = False

    def price(self, variant):
        """Return the new price, rounded to what its currency has coins for."""
        step = max(self.step, Decimal(1).scaleb(-decimals_of(variant.currency)))
        exact = variant.price * (100 + self.percent) / 100
        return ((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(CENT)

    def check(self, product):
        """Raise ValidationError if a price of a product would exceed the limit."""
        for variant in product.variants.all():
            if (price := self.price(variant)) > MOST_MONEY:
                prices = [money(amount, variant.currency) for amount in (price, MOST_MONEY)]
                raise ValidationError(
                    f"“{product}” would cost {prices[0]}, but a price is at most {prices[1]}. "
                    "No price was changed."
                )

    def former_price(self, variant):
        """Return the former price for a new one; None if that is no reduction."""
        former = variant.compare_at_price
        if former is None and self.shows_former:
            former = variant.price
        return former if former is not None and former > self.price(variant) else None

    def apply_to_all(self, products):
        """Change the prices of locked products, all or none; raises ValidationError."""
        products = list(products)
        for product in products:
            self.check(product)
        for product in products:
            self.apply(product)

    def apply(self, product):
        with product.changing_offers() as variants:
            for variant in variants:
                former = self.former_price(variant)
                variant.price, variant.compare_at_price = self.price(variant), former
                variant.save()
