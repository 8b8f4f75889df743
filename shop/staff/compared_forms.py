"""Change forms that write only what was edited, whatever others wrote while they were open.

Such a form carries each value as it was shown, in Django's hidden initials. When it is submitted, with the
row locked, untouched fields take the current value and counts change by the difference. If two people changed
a field, an error says so beside it; saving again overwrites.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator

CONFLICT = (
    "Changed to “{now}” by someone else while you were editing; it was “{shown}” when you opened it. "
    "Your version is kept here: save again to overwrite theirs."
)
TOO_FEW = (
    "This was {shown} when you opened it and is {now} by now, so {typed} cannot be right. "
    "Count again, and save again."
)


class ComparingForm:
    """Mixin for a ModelForm that finds out what its sender changed.

    counted: names of the fields that are changed by the difference.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflicts = {}
        if self.instance.pk is None:
            return
        self.was = {field.attname: getattr(self.instance, field.attname) for field in self._columns()}
        for name in self.compared():
            self.fields[name].show_hidden_initial = True
            if isinstance(self.fields[name], forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
                self.fields[name].hidden_widget = ListInput
        if self.is_bound and any(self[name].html_initial_name in self.data for name in self.compared()):
            self._bring_up_to_date()

    def compared(self):
        """Return the names of the model fields to compare; uploads are not compared."""
        names = {field.name for field in (*self.instance._meta.fields, *self.instance._meta.many_to_many)}
        return [
            name
            for name, field in self.fields.items()
            if name in names and not field.disabled and not isinstance(field, forms.FileField)
        ]

    def clean(self):
        cleaned = super().clean()
        for name, message in self.conflicts.items():
            self.add_error(name, message)
        return cleaned

    def save(self, commit=True):
        """Save untouched fields exactly as they were, even where the form would clean them."""
        if self.instance.pk is not None:
            for field in self._columns():
                if field.name in self.compared() and field.name not in self.changed_data:
                    setattr(self.instance, field.attname, self.was[field.attname])
        return super().save(commit)

    def _columns(self):
        return self.instance._meta.concrete_fields

    def _bring_up_to_date(self):
        touched = set(self.changed_data)
        self.data = self.data.copy()
        for bound in [self[name] for name in self.compared()]:
            shown, now = plain(self.data.get(bound.html_initial_name, "")), hidden_text(bound)
            if shown == now:
                continue
            if bound.name not in touched:
                self._put(bound, bound.initial)
            elif bound.field.has_changed(bound.initial, bound.data):
                self._settle(bound, shown, now)
            self.data[bound.html_initial_name] = now
        del self.changed_data

    def _settle(self, bound, shown, now):
        """Merge two changes of a field, or keep the submitted one and report the conflict."""
        if bound.name not in getattr(self, "counted", ()):
            self.conflicts[bound.name] = CONFLICT.format(
                now=self._said(bound, now), shown=self._said(bound, shown)
            )
            return
        try:
            before, typed = bound.field.to_python(shown) or 0, bound.field.to_python(bound.data)
        except ValidationError:
            return
        if typed is None or typed < 0:
            return
        if (count := bound.initial + typed - before) < 0:
            self.conflicts[bound.name] = TOO_FEW.format(shown=before, now=bound.initial, typed=typed)
        else:
            self._put(bound, count)

    def _put(self, bound, value):
        """Replace submitted data with a value, as a browser would send it."""
        value = bound.field.prepare_value(value)
        if isinstance(bound.field.widget, forms.CheckboxInput):
            value = "on" if value else None
        if value is None:
            self.data.pop(bound.html_name, None)
        elif isinstance(value, list | tuple):
            self.data.setlist(bound.html_name, [str(item) for item in value])
        else:
            self.data[bound.html_name] = bound.field.widget.format_value(value) or ""

    def _said(self, bound, text):
        """Return what a hidden value reads like: the label of a choice, or the text itself, truncated."""
        chosen = text.split(",") if bound.field.hidden_widget is ListInput else [text]
        if hasattr(bound.field, "queryset"):
            found = bound.field.queryset.filter(pk__in=[key for key in chosen if key.isdecimal()])
            text = ", ".join(str(thing) for thing in found)
        elif hasattr(bound.field, "choices"):
            text = str(dict(bound.field.choices).get(text, text))
        elif isinstance(bound.field, forms.BooleanField):
            text = "yes" if text == "True" else "no"
        return Truncator(text).chars(500) or "nothing"


class ListInput(forms.HiddenInput):
    """Several keys in one hidden field, which is sent even if there are none."""

    def format_value(self, value):
        return ",".join(sorted(str(key) for key in value or ()))

    def value_from_datadict(self, data, files, name):
        return [key for key in data.get(name, "").split(",") if key]


def hidden_text(bound):
    """Return the current value as its hidden field would send it."""
    value = bound.field.prepare_value(bound.initial)
    return plain(bound.field.hidden_widget().format_value(value) or "")


def plain(text):
    """Normalise line ends, which browsers change."""
    return text.replace("\r\n", "\n")
