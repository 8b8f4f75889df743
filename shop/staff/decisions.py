"""Decisions of staff: made on what they were shown, or not made, and what it is now shown in its place.

Whoever compares has locked the rows first, so that nobody writes them between comparing and deciding.
"""

import hashlib
import json

from django import forms

CHANGED = "This has changed since you opened this page, so nothing was decided. Below is how it is now."


def digest(facts):
    """Return 32 hexadecimal digits that stand for all facts: a list of what JSON or str() can tell apart."""
    text = json.dumps(facts, default=str, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class DecisionForm(forms.Form):
    """A form whose decision, the field named by `decision`, stands for what was on its page only.

    Subclasses return that from facts(), and a sentence from decided() if there is nothing left to decide.
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
    """Return the digest of what an admin's facts_in_question() says of each thing."""
    return digest([[thing.pk, model_admin.confirmation_facts(thing)] for thing in queryset.order_by("pk")])


def is_as_shown(model_admin, request, queryset):
    """Lock a selection, and return whether it is what staff were asked about, and have confirmed."""
    if "confirmed" not in request.POST:
        return False
    model_admin.lock(queryset)
    return request.POST.get("shown") == digest_of_selection(model_admin, queryset)
