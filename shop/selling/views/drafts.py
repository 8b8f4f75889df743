from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import DeleteView, View
from django.views.generic.detail import SingleObjectMixin

from shop.htmx import HtmxTemplateMixin

from ..editor import ProductEditor
from ..row_commands import apply_row_command
from ..submitted import SubmittedProductForm
from .access import SellersOnly
from .products import ProductFormPage


class DraftKeep(HtmxTemplateMixin, ProductFormPage):
    """Save the draft, apply the command of a row's button, and show the form again."""

    http_method_names = ["post"]
    fragment_name = "selling/_kept.html"

    def post(self, request):
        self.submitted = SubmittedProductForm(request, self.seller)
        self.editor = self.find_editor()
        self.editor.receive(self.submitted)
        apply_row_command(self.editor.data, request.POST.get("do", ""))
        if not self.is_late:
            self.save_draft()
        return self.answer()

    @property
    def is_late(self):
        """Whether the form was processed already, and contains nothing new."""
        return self.submitted.is_resubmitted and "do" not in self.request.POST

    def find_editor(self):
        submitted = self.submitted
        if submitted.product:
            return ProductEditor(self.seller, get_object_or_404(self.products(), pk=submitted.product))
        if submitted.draft:
            return ProductEditor(self.seller, draft=self.find_draft(submitted.draft))
        return self.editor_of_new(self.products())

    def answer(self):
        response = self.show(self.editor.form(is_checked=False))
        if self.request.htmx and self.editor.draft and not self.editor.product:
            response.headers["HX-Replace-Url"] = self.editor.draft.get_absolute_url()
        return response

    def get_context_data(self, **kwargs):
        section = self.request.POST.get("do", "").partition(" ")[0]
        return super().get_context_data(section=section, **kwargs)


class PreviewStart(DraftKeep):
    """Save the draft, and redirect to its preview, in a window of its own."""

    def save_draft(self):
        super().save_draft(is_shown=False)

    def answer(self):
        editor = self.editor
        if not editor.is_edited_elsewhere and editor.product:
            return redirect("product_preview", editor.product.pk)
        if not editor.is_edited_elsewhere and editor.draft:
            return redirect("draft_preview", editor.draft.pk)
        return super().answer()


class EditWithdraw(SellersOnly, SingleObjectMixin, View):
    """Withdraw what was sent to staff."""

    http_method_names = ["post"]

    def get_queryset(self):
        return self.seller.products.prefetch_related("edits").locked()

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            product = self.get_object()
            ProductEditor(self.seller, product).withdraw()
        messages.success(request, "Taken back. It is a draft again.")
        return redirect("product_update", product.pk)


class DraftDelete(SellersOnly, DeleteView):
    """Discard what was typed and not saved."""

    template_name = "selling/draft_delete.html"

    def get_queryset(self):
        return self.seller.edits.drafts()

    def get_success_url(self):
        product = self.object.product_id
        return reverse("product_update", args=[product]) if product else reverse("own_products")
