"""To-do boxes on the admin's home."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse


@dataclass(frozen=True)
class Todo:
    """Things that wait for staff; see register_todo()."""

    singular: str
    plural: str
    things: Callable[[], QuerySet]
    permission: str
    query: str

    def box(self):
        things = self.things()
        count, meta = things.count(), things.model._meta
        return {
            "count": count,
            "title": self.singular if count == 1 else self.plural,
            "url": reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + self.query,
        }


_todos = []


def register_todo(singular, plural, things, permission, query=""):
    """Show on the admin's home how many things wait, to staff with a permission.

    things: a function that returns their queryset; query: the query string of the list that shows them.
    """
    _todos.append(Todo(singular, plural, things, permission, query))


def boxes_for(user):
    return [todo.box() for todo in _todos if user.has_perm(todo.permission)]
