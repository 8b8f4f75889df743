"""Who may change others' credentials and rights: nobody may gain or grant rights they lack.

Setting a person's email, password or second factor allows signing in as them. So every admin class that
writes or deletes one of these is a CredentialsAdmin.
"""

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q


def may_change_credentials(actor, person):
    """Whether an actor has all the rights of a person, active or not."""
    if actor.is_superuser:
        return True
    beyond = rights_of(person).exclude(pk__in=rights_of(actor).values("pk"))
    return not person.is_superuser and not beyond.exists()


def rights_of(person):
    """Return the permissions of a person, their own and their groups'."""
    if person.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=person) | Q(group__user=person)).distinct()


def groups_within(actor):
    """Return the groups without a right that the actor lacks."""
    beyond = Permission.objects.exclude(pk__in=rights_of(actor).values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


class CredentialsAdmin(admin.ModelAdmin):
    """Restrict staff to people and groups whose rights they all have."""

    def is_within_reach(self, actor, thing):
        return may_change_credentials(actor, thing.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_reach(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_reach(request, obj)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer only rights that the actor has."""
        if db_field.related_model is Permission:
            kwargs["queryset"] = rights_of(request.user).select_related("content_type")
        elif db_field.related_model is Group:
            kwargs["queryset"] = groups_within(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def log_addition(self, request, obj, message):
        return numbered(super().log_addition(request, obj, message))

    def log_change(self, request, obj, message):
        return numbered(super().log_change(request, obj, message))

    def log_deletions(self, request, queryset):
        return [numbered(entry) for entry in super().log_deletions(request, queryset)]

    def _may_reach(self, request, thing):
        return thing is None or self.is_within_reach(request.user, thing)


def numbered(entry):
    """Name the object of an admin log entry by number, as the entry outlives the account."""
    entry.object_repr = f"{entry.content_type.name} {entry.object_id}"
    entry.save(update_fields=["object_repr"])
    return entry
