"""To-do boxes on the admin's home."""

from django.urls import reverse

_todos = []


def register_todo(singular, plural, things, permission, query=""):
    """Show on the admin's home how many things wait, to staff with a permission.

    things: a function that returns their queryset; query: the query string of the list that shows them.
    """

    def box():
        count, meta = things().count(), things().model._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + query
        return {"count": count, "title": singular if count == 1 else plural, "url": url}

    _todos.append((permission, box))


def boxes_for(user):
    return [box() for permission, box in _todos if user.has_perm(permission)]
