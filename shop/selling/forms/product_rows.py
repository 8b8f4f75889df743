from django import forms

from shop.catalogue.models import Variant
from shop.fields.pairs import LONGEST_NAME, LONGEST_VALUE, LONGEST_WORD
from shop.fields.texts import LineFormField

from ..form_data import OPTIONS, numbered


class Row:
    """A row of the product form: fields are named after their column; their ids are unique."""

    column = ""

    def __init__(self, row, is_checked, key=None, **kwargs):
        self.key = key or row["key"]
        data = {f"{self.column}-{name}": value for name, value in row.items()} if is_checked else None
        super().__init__(
            data,
            initial=row,
            prefix=self.column,
            auto_id=f"{self.key}_%s",
            use_required_attribute=False,
            **kwargs,
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"


class PhotoRow(Row, forms.Form):
    """A photo of the product, or an upload that will become one."""

    column = "photos"

    alt = LineFormField(
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what the photo shows, for those who cannot see it."},
    )

    def __init__(self, row, is_checked, picture):
        self.picture = picture
        super().__init__(row, is_checked)

    def clean(self):
        if self.picture is None:
            self.add_error(None, "This picture is no longer here. Remove it, and add it again.")

    def form_data(self):
        return {"key": self.key, "alt": self.cleaned_data["alt"]}


class VariantRow(Row, forms.ModelForm):
    """A variant: option values, SKU, price and stock."""

    column = "variants"

    value_1, value_2, value_3 = (LineFormField(required=False, max_length=LONGEST_WORD) for _ in OPTIONS)
    sku = LineFormField(required=False, max_length=64)

    class Meta:
        model = Variant
        fields = ["sku", "price", "compare_at_price", "stock"]
        error_messages = {
            "price": {"required": "What does it cost?"},
            "stock": {"required": "How many are there?"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("price", "compare_at_price"):
            self.fields[name].currency = self.instance.currency

    def values(self, options):
        """Return its values of some options, given by number."""
        return [self.cleaned_data.get(f"value_{n}", "") for n in options]

    def form_data(self, options):
        former = self.cleaned_data["compare_at_price"]
        return {
            "key": self.key,
            **numbered("value", self.values(options)),
            "sku": self.cleaned_data["sku"],
            "price": f"{self.cleaned_data['price']:.2f}",
            "compare_at_price": "" if former is None else f"{former:.2f}",
            "stock": str(self.cleaned_data["stock"]),
        }


class SpecificationRow(Row, forms.Form):
    """A name and a value in the table of details; a blank row is ignored."""

    column = "specifications"

    name = LineFormField(required=False, max_length=LONGEST_NAME)
    value = LineFormField(required=False, max_length=LONGEST_VALUE)

    def __init__(self, row, is_checked, number):
        super().__init__(row, is_checked, key=f"detail-{number}")
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{name.capitalize()} of detail {number + 1}"

    def clean(self):
        name, value = self.cleaned_data.get("name"), self.cleaned_data.get("value")
        if value and not name and "name" not in self.errors:
            self.add_error("name", "Give this detail a name, like Material.")
        elif name and not value and "value" not in self.errors:
            self.add_error("value", f"Say something about {name}, or remove the row.")

    @property
    def is_filled(self):
        return bool(self.cleaned_data.get("name"))

    def form_data(self):
        return {name: self.cleaned_data[name] for name in ("name", "value")}
