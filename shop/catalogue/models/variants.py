from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.fields.columns import CountColumn, MoneyColumn
from shop.fields.limits import MOST_MONEY, MOST_PIECES, MOST_POSITION, limited
from shop.fields.numbers import check_decimals
from shop.fields.pairs import WordsField
from shop.fields.texts import LineField
from shop.sellers.models import Seller

from ..stock import Stock
from .products import Product

MOST_VARIANTS = 100
FORMER_PRICE_IS_LOW = "The former price must be higher than the price."


class Variant(TrackedModel):
    """One thing that can be bought: a product in one size, one colour."""

    cache_subject_of = ("product", "product_id")
    not_shown = {"id", "product", "seller"}

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    # The product's seller, so that the database itself keeps SKUs unique within a shop.
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, editable=False)
    sku = LineField("SKU", max_length=64)
    option_values = WordsField(
        default=list, blank=True, help_text='One value for each of the option names: ["Large", "Oat"]'
    )
    price = MoneyColumn()
    compare_at_price = MoneyColumn("former price", null=True, blank=True)
    currency = models.CharField(max_length=3, default=settings.DEFAULT_CURRENCY)
    stock = CountColumn(default=0)
    is_default = models.BooleanField(
        default=False, help_text="Shown first among the variants at the lowest price."
    )
    position = CountColumn(default=0)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="variant_stock_not_negative"),
            *limited("variant", "price", "compare_at_price", most=MOST_MONEY),
            *limited("variant", "stock", most=MOST_PIECES),
            *limited("variant", "position", most=MOST_POSITION),
            models.CheckConstraint(
                condition=Q(compare_at_price__isnull=True) | Q(compare_at_price__gt=F("price")),
                name="variant_former_price_is_higher",
                violation_error_message=FORMER_PRICE_IS_LOW,
            ),
            models.UniqueConstraint(fields=["seller", "sku"], name="variant_sku_unique_per_seller"),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(is_default=True),
                name="variant_one_default",
                violation_error_message="Another variant is the default already.",
            ),
        ]

    def __str__(self):
        return f"{self.sku} {self.label}".strip()

    def save(self, *args, **kwargs):
        self.seller_id = self.product.seller_id
        super().save(*args, **kwargs)

    def clean(self):
        problems = {}
        for name in ("price", "compare_at_price"):
            try:
                check_decimals(getattr(self, name), self.currency)
            except ValidationError as error:
                problems[name] = error
        if None not in (self.price, self.compare_at_price) and self.compare_at_price <= self.price:
            problems["compare_at_price"] = FORMER_PRICE_IS_LOW
        if problems:
            raise ValidationError(problems)

    @property
    def label(self):
        return ", ".join(self.option_values)

    @property
    def stock_shown(self):
        return Stock.of(self.stock)

    @property
    def is_reduced(self):
        return self.compare_at_price is not None

    def is_covered_by(self, tags):
        return self.product.has_tag_among(tags, ["product"])

    def get_additional_data(self):
        """Show this in the history of the product, too."""
        return {"product": self.product_id}

    def facts(self, but=()):
        """Return what the product's page shows of it; many quantities look the same."""
        return *super().facts({*but, "stock"}), self.stock_shown


def problems_of_variants(variants, option_names):
    """Yield (variant, field name, message) for conflicts between the variants of a product."""
    first, seen = next(iter(variants), None), {}
    for number, variant in enumerate(variants, 1):
        if number == MOST_VARIANTS + 1:
            yield variant, "sku", f"A product has at most {MOST_VARIANTS} variants."
        if variant.currency != first.currency:
            yield variant, "currency", f"Its other variants have {first.currency}."
        values = tuple(value.casefold() for value in variant.option_values)
        if len(values) != len(option_names):
            wanted = ", ".join(option_names) or "nothing, as the product has no options"
            yield variant, "option_values", f"Give one value for each option: {wanted}."
        elif values in seen:
            yield variant, "option_values", f"{seen[values]} has the same options."
        seen.setdefault(values, variant.sku)
