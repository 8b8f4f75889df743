"""What waits for staff, as boxes on the admin's home."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Waiting:
    """A kind of thing that waits for staff: what the admin's home says, counts, and leads to."""

    title: str
    things: callable
    permission: str
    query: str

    def count(self):
        return self.things().count()

    def address(self):
        meta = self.things().model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + self.query


_waiting = []


def waits(title, things, permission, query=""):
    """Show on the admin's home how many things wait, to staff who may see to them.

    things: a function that returns their queryset; query: the query string that lists them.
    """
    _waiting.append(Waiting(title, things, permission, query))


def waiting_for(user):
    return [kind for kind in _waiting if user.has_perm(kind.permission)]
