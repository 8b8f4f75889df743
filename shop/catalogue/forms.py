from decimal import Decimal

from django import forms
from django.conf import settings

from shop.fields.limits import PERCENT
from shop.fields.numbers import PercentField

from .models import Product, Variant
from .models.variants import problems_of_variants
from .price_changes import PriceChange


class ProductAdminForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = [
            *("title", "slug", "status", "seller", "category", "brand"),
            *("description", "care", "specifications", "option_names"),
        ]
        help_texts = {
            "specifications": "One to a line: “Material: Oak”. A backslash goes before a : in a name.",
            "option_names": "What its variants differ in: “Size, Colour”.",
        }

    def clean_option_names(self):
        names = self.cleaned_data["option_names"]
        if len(set(names)) != len(names):
            raise forms.ValidationError("Name each option once.")
        return names


class VariantForm(forms.ModelForm):
    # Sales go on while a form is open.
    counted = ["stock"]

    class Meta:
        model = Variant
        fields = [
            *("sku", "option_values", "price", "compare_at_price", "currency"),
            *("stock", "is_default", "position"),
        ]
        labels = {"option_values": "options"}
        help_texts = {
            "option_values": 'One for each option: Large, Oat. With a comma in it: "Large, 30 cm", Oat.'
        }
        widgets = {"currency": forms.TextInput(attrs={"size": 3}), "sku": forms.TextInput(attrs={"size": 14})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        currency = self["currency"].value() or settings.DEFAULT_CURRENCY
        self.fields["price"].currency = self.fields["compare_at_price"].currency = currency


class VariantFormSet(forms.BaseInlineFormSet):
    """A product's variants: at least one, one default, one currency, SKUs unique in the shop."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if not kept:
            raise forms.ValidationError("A product needs at least one variant.")
        self._check_default(kept)
        for form in kept:
            self._check_sku(form)
        forms_of = {id(form.instance): form for form in kept}
        variants = [form.instance for form in kept if form.is_valid()]
        for variant, name, message in problems_of_variants(variants, self.instance.option_names):
            forms_of[id(variant)].add_error(name, message)

    def _check_default(self, kept):
        defaults = [form for form in kept if form.cleaned_data.get("is_default")]
        if len(defaults) > 1:
            defaults[1].add_error("is_default", "Only one variant can be the default.")
        elif not defaults:
            kept[0].instance.is_default = True

    def _check_sku(self, form):
        sku, seller = form.cleaned_data.get("sku"), self.instance.seller_id
        if Variant.objects.filter(seller=seller, sku=sku).exclude(pk=form.instance.pk).exists():
            form.add_error("sku", f"{sku} is used by another variant of this seller.")


class PercentForm(forms.Form):
    percent = PercentField(
        min_value=PERCENT[0],
        max_value=PERCENT[1],
        help_text="10 makes dearer by a tenth, -10 cheaper.",
        error_messages={"required": "By how many percent? 5 raises, -5 lowers."},
    )

    def change(self):
        return PriceChange(**self.cleaned_data)


class PriceChangeForm(PercentForm):
    step = forms.TypedChoiceField(
        label="Rounded to",
        coerce=Decimal,
        choices=[("0.01", "the cent"), ("0.10", "ten cents"), ("1", "whole amounts")],
    )
    shows_former = forms.BooleanField(required=False, label="Show the old price beside a lower one")
