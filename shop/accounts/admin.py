from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html

from shop.staff.comparing import ComparingAdmin
from shop.staff.history import HistoryAdmin
from shop.staff.todo import waits

from .forms import (
    ApplicationDecisionForm,
    EmailAddressForm,
    PersonAddForm,
    PersonChangeForm,
    SellerForm,
)
from .mails import compose, deliver_after_commit
from .models import Seller, SellerApplication, User
from .rights import CredentialsAdmin, groups_within, may_change_credentials

# They look at nobody's rights, or show secrets; sessions are for each to see for themselves.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])
waits(
    "applications of sellers",
    SellerApplication.objects.waiting,
    "accounts.change_sellerapplication",
    "?status__exact=waiting",
)
SENT = ["name", "slug", "user", "sent_at", "craft", "place", "contact_email", "about", "picture"]
DECIDED = ["status", "decided_by", "decided_at"]
DECIDING = ["decision", "reason", "shown"]
CLOSING = (
    "Their drafts, uploads, imports and unpublished reviews are deleted, and their products archived. "
    "The page of their shop, and what they have published, stay without their name."
)


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

    def get_deleted_objects(self, objs, request):
        """Say what closing an account does, in place of naming its rows."""
        is_beyond = not all(self.has_delete_permission(request, person) for person in objs)
        people = [item for person in objs for item in (str(person), [CLOSING])]
        return people, {"accounts": len(objs)}, {"user"} if is_beyond else set(), []

    def delete_model(self, request, obj):
        obj.close()

    def delete_queryset(self, request, queryset):
        for person in queryset.order_by("pk"):
            person.close()


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
    """Who has a second factor; deleting one lets somebody in again who lost their phone and codes."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def lookup_allowed(self, lookup, value, request):
        # A filter by a secret would give it away letter by letter.
        return not lookup.startswith("data") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Seller)
class SellerAdmin(HistoryAdmin, ComparingAdmin):
    writes_alone = True
    form = SellerForm
    list_display = ["name", "craft", "place", "since"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

    def get_deleted_objects(self, objs, request):
        """Name how many products keep a seller here, instead of naming each of thousands."""
        counts = [(seller, seller.products.count()) for seller in objs]
        held = [f"{count:,} products of {seller}" for seller, count in counts if count]
        return ([], {}, set(), held) if held else super().get_deleted_objects(objs, request)

    def get_readonly_fields(self, request, obj=None):
        # Pages and their tags are addressed by it.
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


@admin.register(SellerApplication)
class SellerApplicationAdmin(HistoryAdmin, ComparingAdmin):
    form = ApplicationDecisionForm
    list_display = ["name", "user", "craft", "sent_at", "status", "decided_by"]
    list_filter = ["status"]
    list_select_related = ["user", "decided_by"]
    search_fields = ["name", "slug", "user__email"]
    fieldsets = [(None, {"fields": SENT}), ("What becomes of it", {"fields": [*DECIDED, *DECIDING]})]
    readonly_fields = [*SENT, *DECIDED]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        # Who decides on what somebody else has just decided gets the form again, and is told.
        is_open = obj is None or obj.is_waiting or request.method == "POST"
        return is_open and super().has_change_permission(request, obj)

    @admin.display(description="logo")
    def picture(self, application):
        return logo(application)

    def save_model(self, request, obj, form, change):
        match form.cleaned_data["decision"]:
            case "approve":
                obj.approve(by=request.user)
            case "reject":
                obj.reject(by=request.user, reason=form.cleaned_data["reason"])
            case _:
                return
        self.tell(request, obj)

    def tell(self, request, application):
        context = {"application": application, "link": request.build_absolute_uri(reverse("application"))}
        mail = compose(f"mails/application_{application.status}.txt", application.user.email, context)
        deliver_after_commit(mail)


def logo(owner):
    if not owner.logo:
        return "none"
    return format_html('<img src="{}" alt="" width="96">', owner.logo.url)
