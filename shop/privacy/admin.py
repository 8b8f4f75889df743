from django.contrib import admin

from shop.accounts.admin import UserAdmin
from shop.accounts.models import User

from .closing import close_account

CLOSING = (
    "Their drafts, uploads, imports and unpublished reviews are deleted, and their products archived. "
    "The page of their shop, and what they have published, stay without their name."
)

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Deleting a person closes their account."""

    def get_deleted_objects(self, objs, request):
        """Say what closing an account does, in place of naming its rows."""
        is_beyond = not all(self.has_delete_permission(request, person) for person in objs)
        people = [item for person in objs for item in (str(person), [CLOSING])]
        return people, {"accounts": len(objs)}, {"user"} if is_beyond else set(), []

    def delete_model(self, request, obj):
        close_account(obj)

    def delete_queryset(self, request, queryset):
        for person in queryset.order_by("pk"):
            close_account(person)
