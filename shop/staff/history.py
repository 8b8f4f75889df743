"""The audit log as an admin page, in place of Django's log of the admin alone."""

from auditlog.models import LogEntry
from auditlog.render import render_logentry_changes_html
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.template.response import TemplateResponse

ENTRIES_ON_A_PAGE = 50


class HistoryAdmin(admin.ModelAdmin):
    """Show who changed what, in the admin or elsewhere."""

    # The key in additional_data under which log entries of parts name their object.
    history_of_parts = None

    def confirmation_label(self, thing):
        """Return the name of an object on a confirmation page."""
        return str(thing)

    def confirmation_facts(self, thing):
        """Return what a confirmation page shows of an object, for decisions.digest()."""
        return self.confirmation_label(thing)

    def lock(self, queryset):
        """Lock the rows of a queryset until the transaction ends."""
        things = self.model.objects.filter(pk__in=[thing.pk for thing in queryset]).order_by("pk")
        list(things.select_for_update(of=("self",)))

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
