from django import forms
from django.db.models import Q

from shop.catalogue.models import Variant
from shop.catalogue.stock import LOW_STOCK
from shop.fields.limits import MOST_PIECES
from shop.fields.numbers import CountField

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


class ProductsFilter(forms.Form):
    """Filters and sorting of a seller's list of products."""

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
                products = products.sold_out()
            case "low":
                products = products.running_low()
            case "plenty":
                products = products.well_stocked()
        return products.order_by(*SORTS[chosen.get("sort", "")][1])


class StockForm(forms.Form):
    stock = CountField(
        min_value=0,
        max_value=MOST_PIECES,
        error_messages={"required": "How many are there of each variant?"},
    )

    def apply(self, product):
        with product.changing_offers() as variants:
            for variant in variants:
                variant.stock = self.cleaned_data["stock"]
                variant.save()
