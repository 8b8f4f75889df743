from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from shop.staff.comparing import ComparingAdmin
from shop.staff.history import HistoryAdmin

from .forms import EmailAddressForm, PersonAddForm, PersonChangeForm
from .models import User
from .rights import CredentialsAdmin, groups_within, may_change_credentials

# The first three ignore the rights of the person concerned; the last two show secrets or private data.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])


@admin.register(User)
class UserAdmin(CredentialsAdmin, HistoryAdmin, ComparingAdmin, DjangoUserAdmin):
    form = PersonChangeForm
    add_form = PersonAddForm
    ordering = ["email"]
    list_display = ["email", "display_name", "is_staff", "is_active", "last_login"]
    search_fields = ["email", "display_name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "display_name"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "display_name", "password1", "password2"]})
    ]

    def is_within_reach(self, actor, person):
        return may_change_credentials(actor, person)

    def get_readonly_fields(self, request, obj=None):
        own = [] if request.user.is_superuser else ["is_superuser"]
        return [*super().get_readonly_fields(request, obj), *own]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            obj.vouch_for_email()

    def user_change_password(self, request, id, form_url=""):
        with self.clearing(request):
            return super().user_change_password(request, id, form_url)


@admin.register(Group)
class GroupAdmin(CredentialsAdmin, ComparingAdmin, DjangoGroupAdmin):
    def is_within_reach(self, actor, group):
        return groups_within(actor).contains(group)


@admin.register(EmailAddress)
class EmailAddressAdmin(CredentialsAdmin, ComparingAdmin, AllauthEmailAddressAdmin):
    form = EmailAddressForm

    def get_readonly_fields(self, request, obj=None):
        return ["user"] if obj else []

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.actor = request.user
        return form

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.primary:
            obj.set_as_primary()

    @admin.action(description="Mark selected email addresses as verified", permissions=["change"])
    def make_verified(self, request, queryset):
        people = User.objects.filter(emailaddress__in=queryset).distinct()
        if not all(may_change_credentials(request.user, person) for person in people):
            raise PermissionDenied
        super().make_verified(request, queryset)


@admin.register(Authenticator)
class SecondFactorAdmin(CredentialsAdmin):
    """Second factors. Deleting one lets in a person who lost their phone and recovery codes."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def lookup_allowed(self, lookup, value, request):
        # Filters would reveal a secret letter by letter.
        return not lookup.startswith("data") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
