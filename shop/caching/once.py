"""Idempotent forms: submitted twice, as by a double click, they make their change once."""

import secrets
from hashlib import blake2b

from django.contrib import messages
from django.core.cache import cache

from .rate_limit import DAY

KEY = "form_key"


def new_form_key():
    """Return an idempotency key for the hidden field `form_key`."""
    return secrets.token_urlsafe(12)


class SentOnce:
    """A submitted form, identified by its user, URL and all its values, the key among them.

    Create it in the transaction of the form's change, so that both happen or neither; a second submission
    waits for the first. A form without a key is always new.
    """

    def __init__(self, request):
        self.request = request
        fields = sorted((name, sorted(values)) for name, values in request.POST.lists() if "csrf" not in name)
        text = repr((request.user.pk, request.get_full_path(), fields))
        self.name = f"form:{blake2b(text.encode(), digest_size=16).hexdigest()}"
        self.has_key = bool(request.POST.get(KEY))
        self.is_first = not self.has_key or cache.add(self.name, [], DAY)

    def answer(self, *said):
        """Show messages, (level, text) pairs, and keep them for a second submission."""
        if self.has_key:
            cache.set(self.name, said, DAY)
        self._say(said)

    def answer_again(self):
        self._say(cache.get(self.name, []))

    def _say(self, said):
        for level, text in said:
            messages.add_message(self.request, level, text)
