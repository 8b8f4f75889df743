from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from shop.caching.admin import signature
from shop.caching.versions import SITE, clearing, read_versions
from shop.catalogue.models import Product
from shop.htmx import template_for
from shop.staff.todo import register_todo

from .differences import changes
from .form_data import blank_form_data, form_data_of
from .forms.decisions import ApprovalForm, RejectionForm
from .mails import tell_decision
from .models import Edit
from .preview import PREVIEW_TEMPLATES, Preview

register_todo(
    "product change to review", "product changes to review", Edit.objects.waiting, "selling.change_edit"
)


class WaitingFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("rejected", "Sent back"), ("all", "All")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": "Waiting"}, *others]

    def queryset(self, request, edits):
        return edits if self.value() == "all" else edits.filter(state=self.value() or Edit.State.WAITING)


@admin.register(Edit)
class EditAdmin(admin.ModelAdmin):
    """The queue of changes to review: compared side by side, then approved or sent back."""

    list_display = ["name", "seller", "kind", "state", "changed_at"]
    list_display_links = None
    list_filter = [WaitingFilter]
    list_select_related = ["seller", "product"]
    search_fields = ["product__title", "seller__name"]
    ordering = ["changed_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).sent()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="product", ordering="product__title")
    def name(self, edit):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:selling_edit_change", args=[edit.pk]), edit.title
        )

    @admin.display(description="what")
    def kind(self, edit):
        return "new product" if edit.product.is_draft else "change"

    def get_urls(self):
        own = [
            path("<int:pk>/change/", self._view(self.review), name="selling_edit_change"),
            path("<int:pk>/approve/", require_POST(self._view(self.approve)), name="selling_edit_approve"),
            path("<int:pk>/reject/", require_POST(self._view(self.reject)), name="selling_edit_reject"),
            path("<int:pk>/preview/", self._view(self.preview), name="selling_edit_preview"),
        ]
        return own + super().get_urls()

    def _view(self, view):
        def checked(request, pk):
            if not self.has_change_permission(request):
                raise PermissionDenied
            try:
                return view(request, pk)
            except Edit.DoesNotExist:
                self.message_user(request, self._outcome(request.POST.get("product")), messages.WARNING)
                return redirect("admin:selling_edit_changelist")

        return self.admin_site.admin_view(checked)

    def _outcome(self, product):
        """Return a sentence on an edit that is gone; product: its submitted id."""
        kind, number = ContentType.objects.get_for_model(Product), str(product).replace("\0", "")
        entry = LogEntry.objects.filter(content_type=kind, object_id=number).select_related("user").first()
        last = f" Last, by {entry.user}: {entry.get_change_message()}" if entry else ""
        return f"Nothing was decided now: this was decided before, or its seller has taken it back.{last}"

    def review(self, request, pk):
        edit = find(pk)
        return self._page(request, edit, ApprovalForm(edit), RejectionForm(instance=edit))

    def approve(self, request, pk):
        with clearing(actor=signature(request)):
            edit = find(pk, is_locked=True)
            approval = ApprovalForm(edit, request.POST)
            if not approval.is_valid():
                return self._page(request, edit, approval, RejectionForm(instance=edit))
            product = approval.save()
        self.log_change(request, product, "Approved what the seller sent.")
        tell_decision(request, edit, product, is_approved=True)
        return self._next(request, f"{product} is approved.")

    def reject(self, request, pk):
        with clearing(actor=signature(request)):
            edit = find(pk, is_locked=True)
            rejection = RejectionForm(request.POST, instance=edit)
            if not rejection.is_valid():
                edit = find(pk)  # The form has changed the reason of the first instance.
                return self._page(request, edit, ApprovalForm(edit), rejection)
            rejection.save()
        self.log_change(request, edit.product, f"Sent back to the seller: {edit.reason}")
        tell_decision(request, edit, edit.product, is_approved=False)
        return self._next(request, f"{edit} is sent back.")

    def preview(self, request, pk):
        versions, edit = read_versions([SITE]), find(pk)
        preview = Preview(ApprovalForm(edit), request.path)
        context = preview.context(request.GET.get("variant"))
        context |= {"versions": versions, "back": reverse("admin:selling_edit_change", args=[pk])}
        return TemplateResponse(request, template_for(request, *PREVIEW_TEMPLATES), context)

    def _page(self, request, edit, approval, rejection):
        product = Product.objects.for_page().get(pk=edit.product_id)
        live = (
            form_data_of(product)
            if not product.is_draft
            else blank_form_data() | {"variants": [], "specifications": []}
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": edit.title,
            "edit": edit,
            "product": product,
            "approval": approval,
            "rejection": rejection,
            "changes": changes(live, approval.form_data),
            "photos_before": [] if product.is_draft else product.photos.all(),
        }
        return TemplateResponse(request, "admin/selling/edit/review.html", context)

    def _next(self, request, message):
        self.message_user(request, message, messages.SUCCESS)
        return redirect("admin:selling_edit_changelist")


def find(pk, is_locked=False):
    """Return a sent edit with its product."""
    products = Product.objects.for_page()
    product = (products.locked() if is_locked else products).filter(edits=pk).first()
    edit = Edit.objects.sent().select_related("seller__user").filter(pk=pk, product=product).first()
    if product is None or edit is None:
        raise Edit.DoesNotExist
    edit.product = product
    return edit
