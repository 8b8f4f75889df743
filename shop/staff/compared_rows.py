"""Formsets whose rows others may have deleted while they were open."""

import re

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from .compared_forms import plain

GONE = (
    "Someone else removed a row while you were changing it, so “{typed}” cannot be saved. "
    "Save again to save the rest."
)


class ComparingFormSet:
    """Mixin for a model formset that drops rows deleted by others since they were shown.

    is_locking: True to lock the rows themselves, where no locked parent row protects them.
    """

    is_locking = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.gone = []
        if self.is_bound and self.management_form.is_valid():
            self._leave_out_rows_gone()

    def get_queryset(self):
        if self.is_bound and self.is_locking:
            self.queryset = self.queryset.select_for_update(of=("self",))
        return super().get_queryset()

    def clean(self):
        super().clean()
        if self.gone:
            raise ValidationError([GONE.format(typed=typed) for typed in self.gone])

    def _leave_out_rows_gone(self):
        key, known = self.model._meta.pk.name, {str(row.pk) for row in self.get_queryset()}
        total = self.total_form_count()
        count = min(self.initial_form_count(), total)
        gone = [n for n in range(count) if self.data.get(f"{self.add_prefix(n)}-{key}", "") not in known]
        if not gone:
            return
        self.gone = [", ".join(typed) for n in gone if (typed := typed_into(self.data, self.add_prefix(n)))]
        kept = [n for n in range(total) if n not in gone]
        places = {old: new for new, old in enumerate(kept)}
        self.data, self.files = (renumbered(data, self.prefix, places) for data in (self.data, self.files))
        self.data[f"{self.prefix}-TOTAL_FORMS"] = len(kept)
        self.data[f"{self.prefix}-INITIAL_FORMS"] = count - len(gone)
        del self.management_form


def typed_into(data, prefix):
    """Return the edited texts of a row; none if it was to be deleted anyway."""
    if f"{prefix}-DELETE" in data:
        return []
    shown = {
        name.removeprefix("initial-"): plain(data[name])
        for name in data
        if name.startswith(f"initial-{prefix}-")
    }
    return [
        plain(data.get(name, ""))
        for name, text in shown.items()
        if text not in ("True", "False") and plain(data.get(name, "")) != text
    ]


def renumbered(data, prefix, places):
    """Renumber the rows of form data by {old: new}, without rows that are not in it."""
    row = re.compile(rf"((?:initial-)?{re.escape(prefix)}-)(\d{{1,9}})(-.*)")
    result = MultiValueDict()
    for name in data:
        found = row.fullmatch(name)
        if not found:
            result.setlist(name, data.getlist(name))
        elif (place := places.get(int(found[2]))) is not None:
            result.setlist(f"{found[1]}{place}{found[3]}", data.getlist(name))
    return result
