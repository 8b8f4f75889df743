from contextlib import nullcontext, suppress

from django.contrib import admin
from django.core.exceptions import ValidationError

from .models import Version
from .versions import clear, clearing


class ClearingAdmin(admin.ModelAdmin):
    """Run every write of the admin in a clearing() block."""

    is_exclusive = False

    def changeform_view(self, request, *args, **kwargs):
        with self.clearing(request):
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        with self.clearing(request):
            return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        with self.clearing(request):
            return super().delete_view(request, *args, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Lock a row before a POST loads it."""
        if request.method == "POST":
            with suppress(ValidationError, ValueError):
                self.model.objects.select_for_update().filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def clearing(self, request):
        if request.method != "POST":
            return nullcontext()
        return clearing(actor=signature(request), exclusive=self.is_exclusive)


@admin.register(Version)
class VersionAdmin(admin.ModelAdmin):
    """Cache tags: when and by which write they were last cleared. Staff can clear them again."""

    list_display = ["tag", "cleared_at", "cleared_by", "shown_version"]
    search_fields = ["tag", "cleared_by"]
    show_full_result_count = False
    actions = ["clear_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="version")
    def shown_version(self, version):
        return f"{version.version % 2**64:016x}"

    @admin.action(description="Clear the pages with the selected tags", permissions=["view"])
    def clear_again(self, request, queryset):
        with clearing(actor=signature(request)):
            clear(queryset.values_list("tag", flat=True), ("by hand",))
        self.message_user(request, "The pages will be rebuilt when they are next requested.")


def signature(request):
    """Return the actor of a write: a number, so that no name outlives the account."""
    return f"person {request.user.pk} in the admin"
