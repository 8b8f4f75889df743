from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.db.models import Q

from shop.catalogue.models import Variant
from shop.catalogue.models.stock import LOW_STOCK

STATES = [
    ("listed", "Listed"),
    ("draft", "Not listed yet"),
    ("waiting", "Waiting for approval"),
    ("rejected", "Sent back"),
    ("archived", "No longer sold"),
]
STOCKS = [("out", "Sold out"), ("low", f"{LOW_STOCK} or fewer left"), ("plenty", "More in stock")]
SORTS = {
    "": ("Last changed", ["-changed_at", "-pk"]),
    "title": ("Name", ["title", "pk"]),
    "price": ("Price", ["price", "pk"]),
    "stock": ("Stock", ["stock_total", "pk"]),
}
CENT = Decimal("0.01")


class ProductsFilter(forms.Form):
    """What a seller's list of products is narrowed to and sorted by."""

    q = forms.CharField(required=False, max_length=100, label="Search")
    state = forms.ChoiceField(required=False, choices=[("", "In any state"), *STATES])
    stock = forms.ChoiceField(required=False, choices=[("", "Any stock"), *STOCKS])
    sort = forms.ChoiceField(required=False, choices=[(key, label) for key, (label, _) in SORTS.items()])

    def menus(self):
        return [self[name] for name in ("state", "stock", "sort")]

    def narrow(self, products):
        self.is_valid()
        chosen = self.cleaned_data
        for word in chosen.get("q", "").split():
            numbered = Variant.objects.filter(sku__icontains=word).values("product")
            products = products.filter(Q(title__icontains=word) | Q(pk__in=numbered))
        match chosen.get("state"):
            case "waiting" | "rejected" as state:
                products = products.filter(edits__state=state)
            case str(status) if status:
                products = products.filter(status=status)
        match chosen.get("stock"):
            case "out":
                products = products.filter(stock_shown=0)
            case "low":
                products = products.filter(stock_shown__range=(1, LOW_STOCK))
            case "plenty":
                products = products.filter(stock_shown__gt=LOW_STOCK)
        return products.order_by(*SORTS[chosen.get("sort", "")][1])


class PercentForm(forms.Form):
    percent = forms.DecimalField(
        min_value=-90,
        max_value=900,
        max_digits=5,
        decimal_places=2,
        error_messages={"required": "By how many percent? 5 raises, -5 lowers."},
    )

    def change(self, product):
        """Set new prices, rounded to cents; a former price that is no longer higher goes."""
        factor = 1 + self.cleaned_data["percent"] / 100
        for variant in product.variants.all():
            variant.price = (variant.price * factor).quantize(CENT, ROUND_HALF_UP)
            if variant.compare_at_price is not None and variant.compare_at_price <= variant.price:
                variant.compare_at_price = None
            variant.save()


class StockForm(forms.Form):
    stock = forms.IntegerField(
        min_value=0, max_value=1_000_000, error_messages={"required": "How many are there of each variant?"}
    )

    def change(self, product):
        for variant in product.variants.all():
            variant.stock = self.cleaned_data["stock"]
            variant.save()
