"""Forms that change what is there by some amount: sent twice, as by a double click, they change it once."""

import secrets
from hashlib import blake2b

from django.contrib import messages
from django.core.cache import cache

from .rate_limit import DAY

KEY = "form_key"


def new_form_key():
    """Return a key for the hidden field `form_key`, by which a form is one of its kind."""
    return secrets.token_urlsafe(12)


class SentOnce:
    """A form as it was sent: known by its key, its sender, its address, and all that is in it.

    Belongs into the transaction of what the form changes, so that both happen or neither does; who
    sends it a second time waits for the first. A form without a key is always new.
    """

    def __init__(self, request):
        self.request = request
        fields = sorted((name, sorted(values)) for name, values in request.POST.lists() if "csrf" not in name)
        text = repr((request.user.pk, request.get_full_path(), fields))
        self.name = f"form:{blake2b(text.encode(), digest_size=16).hexdigest()}"
        self.has_key = bool(request.POST.get(KEY))
        self.is_first = not self.has_key or cache.add(self.name, [], DAY)

    def answer(self, *said):
        """Say (level, text) pairs, and keep them for when the form is sent again."""
        if self.has_key:
            cache.set(self.name, said, DAY)
        self._say(said)

    def answer_again(self):
        self._say(cache.get(self.name, []))

    def _say(self, said):
        for level, text in said:
            messages.add_message(self.request, level, text)
