"""What the admin of every app uses: what waits for staff, histories, actions that ask first."""

from dataclasses import dataclass
from functools import wraps

from auditlog.models import LogEntry
from auditlog.render import render_logentry_changes_html
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import reverse

ENTRIES_ON_A_PAGE = 50
SHOWN_IN_QUESTION = 100


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


class HistoryAdmin(admin.ModelAdmin):
    """Show who changed what, in the admin or elsewhere, in place of what was done in the admin alone."""

    # The name under which the log entries of an object's parts say whose parts they are.
    history_of_parts = None

    def in_question(self, thing):
        """Return what stands for a thing where an action asks first."""
        return str(thing)

    def history_view(self, request, object_id, extra_context=None):
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            return super().history_view(request, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        page = Paginator(self.entries(thing), ENTRIES_ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "opts": self.opts,
            "object": thing,
            "page": page,
            "entries": [(entry, render_logentry_changes_html(entry)) for entry in page],
        }
        return TemplateResponse(request, "admin/history.html", context)

    def entries(self, thing):
        kind = ContentType.objects.get_for_model(thing)
        own = Q(content_type=kind, object_pk=str(thing.pk))
        if self.history_of_parts:
            own |= Q(**{f"additional_data__{self.history_of_parts}": thing.pk})
        return (
            LogEntry.objects.filter(own).select_related("actor", "content_type").order_by("-timestamp", "-pk")
        )


def asks_first(question, verb):
    """Decorate an admin action, so that it shows what it is about to change and waits for a yes."""

    def decorate(action):
        @wraps(action)
        def asking(model_admin, request, queryset):
            if "confirmed" in request.POST:
                return action(model_admin, request, queryset)
            return ask(model_admin, request, queryset, question, verb)

        return asking

    return decorate


def ask(model_admin, request, queryset, question, verb, **context):
    """Return the page on which staff confirm an action on a queryset."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": question,
        "opts": model_admin.opts,
        "verb": verb,
        "action": request.POST["action"],
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
        "count": queryset.count(),
        "things": [model_admin.in_question(thing) for thing in queryset[:SHOWN_IN_QUESTION]],
        **context,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
