from django import forms

from .models import Photo, Product


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = [
            *("title", "slug", "status", "seller", "category", "brand"),
            *("description", "care", "specifications", "option_names"),
        ]

    def clean_specifications(self):
        pairs = self.cleaned_data["specifications"] or []
        if not _is_list_of(pairs, lambda pair: _is_list_of(pair, _is_text) and len(pair) == 2):
            raise forms.ValidationError('Give pairs of texts: [["Material", "Oak"], ["Weight", "2 kg"]].')
        return pairs

    def clean_option_names(self):
        names = self.cleaned_data["option_names"] or []
        if not _is_list_of(names, _is_text) or len(set(names)) != len(names):
            raise forms.ValidationError('Give different names, like ["Size", "Colour"].')
        return names


class VariantFormSet(forms.BaseInlineFormSet):
    """A product's variants: at least one, one default, one currency, SKUs unique in the shop."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        self._check_currency(kept)
        self._check_default(kept)
        for form in kept:
            self._check_sku(form)
            self._check_options(form)

    def _check_currency(self, forms_kept):
        if len({form.cleaned_data.get("currency") for form in forms_kept}) > 1:
            raise forms.ValidationError("All variants of a product have the same currency.")

    def _check_default(self, forms_kept):
        defaults = [form for form in forms_kept if form.cleaned_data.get("is_default")]
        if len(defaults) > 1:
            defaults[1].add_error("is_default", "Only one variant can be the default.")
        elif not defaults and forms_kept:
            forms_kept[0].instance.is_default = True

    def _check_sku(self, form):
        sku, seller = form.cleaned_data.get("sku"), getattr(self.instance, "seller_id", None)
        others = form.instance.__class__.objects.filter(seller=seller, sku=sku).exclude(pk=form.instance.pk)
        if others.exists():
            form.add_error("sku", f"{sku} is used by another variant of this seller.")

    def _check_options(self, form):
        values, names = form.cleaned_data.get("option_values") or [], self.instance.option_names or []
        if not _is_list_of(values, _is_text) or len(values) != len(names):
            form.add_error("option_values", f"Give one value for each option name ({len(names)}).")


class PhotoForm(forms.ModelForm):
    class Meta:
        model = Photo
        fields = ["file", "alt", "position"]


def _is_text(value):
    return isinstance(value, str) and value.strip() != ""


def _is_list_of(value, check):
    return isinstance(value, list) and all(check(item) for item in value)
