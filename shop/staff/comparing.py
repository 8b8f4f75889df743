"""Admin classes whose forms detect what others changed in the meantime."""

from functools import lru_cache

from django import forms

from shop.caching.admin import ClearingAdmin

from .compared_forms import ComparingForm
from .compared_rows import ComparingFormSet
from .keys import KeysAdmin


class ComparingAdmin(KeysAdmin, ClearingAdmin):
    """Compare change forms, inlines and editable lists with the rows as they are now."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            kwargs.setdefault("form", comparing(self.form))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_formsets_with_inlines(self, request, obj=None):
        for inline in self.get_inline_instances(request, obj):
            compared = {"form": comparing(inline.form), "formset": comparing_rows(inline.formset)}
            yield inline.get_formset(request, obj, **compared), inline

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": comparing(forms.ModelForm)} | kwargs)

    def get_changelist_formset(self, request, **kwargs):
        formset = comparing_rows(forms.BaseModelFormSet, is_locking=True)
        return super().get_changelist_formset(request, **{"formset": formset} | kwargs)


@lru_cache
def comparing(form):
    """Return a ModelForm class that is also a ComparingForm."""
    return form if issubclass(form, ComparingForm) else type(form)(form.__name__, (ComparingForm, form), {})


@lru_cache
def comparing_rows(formset, is_locking=False):
    """Return a model formset class that is also a ComparingFormSet."""
    return type(formset.__name__, (ComparingFormSet, formset), {"is_locking": is_locking})
