"""Decisions of staff, which are valid only for what they were shown.

Lock the rows before comparing, so that nobody changes them between comparison and decision.
"""

import hashlib
import json

from django import forms

CHANGED = "This has changed since you opened this page, so nothing was decided. Below is how it is now."


def digest(facts):
    """Return 32 hexadecimal digits for a list of facts that JSON or str() can represent."""
    text = json.dumps(facts, default=str, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class DecisionForm(forms.Form):
    """A form whose decision (the field `decision_field`) is valid only for the facts on its page.

    Subclasses return those from facts(), and a sentence from decided() if the decision was already made.
    """

    decision_field = "decision"
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown"] = digest(self.facts())

    def decided(self):
        return ""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get(self.decision_field) and cleaned["shown"] != self.initial["shown"]:
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.initial["shown"]
            self.add_error(None, self.decided() or CHANGED)
        return cleaned


def digest_of_selection(model_admin, queryset):
    """Return the digest of an admin's confirmation_facts() of each object."""
    return digest([[thing.pk, model_admin.confirmation_facts(thing)] for thing in queryset.order_by("pk")])


def is_as_shown(model_admin, request, queryset):
    """Lock a selection; return whether it was confirmed and has not changed since it was shown."""
    if "confirmed" not in request.POST:
        return False
    model_admin.lock(queryset)
    return request.POST.get("shown") == digest_of_selection(model_admin, queryset)
