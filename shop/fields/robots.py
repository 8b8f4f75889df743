"""A honeypot field and a minimum time against robots in public forms."""

import time

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.html import format_html

SALT = "shop.fields.robots"
UNSURE = "That looked like a robot to us. If you're a person, please send it again."


class UnseenInput(forms.TextInput):
    """A text field hidden from people and screen readers."""

    is_hidden = True

    def render(self, name, value, attrs=None, renderer=None):
        attrs = (attrs or {}) | {"tabindex": "-1", "autocomplete": "off"}
        field = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="visually-hidden" aria-hidden="true"><label>Leave this empty {}</label></div>', field
        )


class SentByPeople(forms.Form):
    """A form that rejects submissions with the honeypot filled in, or faster than a person types.

    A rejected form comes back with its values and is accepted when submitted again. A form is accepted
    however long it was open, and from the browser's history, too.
    """

    # A name that no browser autofills.
    zz_note = forms.CharField(label="", required=False, widget=UnseenInput)
    opened = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["opened"] = opened_at(time.time())

    def clean(self):
        cleaned = super().clean()
        if self._looks_like_a_robot():
            self.data = self.data.copy()
            self.data[self.add_prefix("zz_note")] = ""
            self.data[self.add_prefix("opened")] = opened_at(0)
            self.add_error(None, UNSURE)
        return cleaned

    def _looks_like_a_robot(self):
        if self.cleaned_data.get("zz_note"):
            return True
        if not settings.FORM_SECONDS:
            return False
        try:
            opened = signing.loads(self.cleaned_data.get("opened", ""), salt=SALT)
        except signing.BadSignature:
            return True
        return time.time() - opened < settings.FORM_SECONDS


def opened_at(moment):
    """Return a signed time, in seconds since the epoch."""
    return signing.dumps(int(moment), salt=SALT)
