from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from shop.accounts.mails import compose, deliver_after_commit
from shop.staff.comparing import ComparingAdmin
from shop.staff.history import HistoryAdmin
from shop.staff.todo import register_todo

from .forms import ApplicationDecisionForm, SellerForm
from .models import Seller, SellerApplication

register_todo(
    "seller application",
    "seller applications",
    SellerApplication.objects.waiting,
    "sellers.change_sellerapplication",
    "?status__exact=waiting",
)
SENT = ["name", "slug", "user", "sent_at", "craft", "place", "contact_email", "about", "picture"]
DECIDED = ["status", "decided_by", "decided_at"]
DECIDING = ["decision", "reason", "shown"]


@admin.register(Seller)
class SellerAdmin(HistoryAdmin, ComparingAdmin):
    is_exclusive = True
    form = SellerForm
    list_display = ["name", "craft", "place", "since"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

    def get_deleted_objects(self, objs, request):
        """Say how many products a seller still has, instead of listing thousands."""
        counts = [(seller, seller.products.count()) for seller in objs]
        held = [f"{count:,} products of {seller}" for seller, count in counts if count]
        return ([], {}, set(), held) if held else super().get_deleted_objects(objs, request)

    def get_readonly_fields(self, request, obj=None):
        # Pages and their tags contain it.
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
        # Posting to an application that was just decided shows the form again, with the decision.
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
