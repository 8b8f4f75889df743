from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.generic import DeleteView, TemplateView

from shop.caching.versions import clearing
from shop.sellers.models import Seller

from ..editor import Outcome, ProductEditor
from ..submitted import SubmittedProductForm
from .access import SellersOnly

MESSAGES = {
    Outcome.SAVED: "Saved.",
    Outcome.LISTED: "Saved and listed.",
    Outcome.SENT: "Sent for approval. We'll email you when it's listed.",
    Outcome.STAGED: "Price and stock are live. Your other changes need approval; the page stays as it is.",
    Outcome.NOTHING_TO_APPROVE: "Saved. Nothing is left to approve.",
}


class ProductFormPage(SellersOnly, TemplateView):
    """The product form, which keeps everything typed and uploaded, whatever is wrong with it."""

    template_name = "selling/product_form.html"

    def get(self, request, *args, **kwargs):
        self.editor = self.find_editor()
        self.editor.open()
        return self.show(self.editor.form(is_checked=False))

    def post(self, request, *args, **kwargs):
        # Before the transaction: pictures take seconds, and other writers should not wait for them.
        self.submitted = SubmittedProductForm(request, self.seller)
        with clearing(actor=self.actor):
            self.editor = self.find_editor()
            self.editor.receive(self.submitted)
            self.editor.merge_changes()
            return self.answer()

    def find_editor(self):
        """Return the ProductEditor; the product's row is locked if it is to be written."""
        raise NotImplementedError

    def products(self):
        return self.seller.products.for_page().prefetch_related("edits")

    def find_draft(self, pk):
        return get_object_or_404(self.seller.edits.drafts().new(), pk=pk)

    def editor_of_new(self, products):
        """Return the editor of a new product or, if the form was processed, of the product it created."""
        submitted = self.submitted
        processed = self.seller.processed_forms.filter(idempotency_key=submitted.form_key).first()
        if processed:
            submitted.continue_from(processed)
            return ProductEditor(self.seller, products.get(pk=processed.product_id))
        # A draft discarded in another window does not lose what was typed in this one.
        return ProductEditor(self.seller, draft=self.seller.edits.drafts().of_form(submitted).first())

    def answer(self):
        editor, form = self.editor, self.editor.form()
        if form.is_valid() and not editor.changes and not editor.complaints:
            messages.success(self.request, MESSAGES[editor.save_once(self.submitted, form)])
            return redirect("product_update", editor.product.pk)
        self.save_draft()
        return self.show(form, status=409 if editor.changes else 200)

    def save_draft(self, is_shown=True):
        """Save the draft; is_shown: whether the window with the form gets the answer, and so its revision."""
        revision = self.submitted.revision
        self.editor.save_draft(revision, revision + is_shown)

    def show(self, form, status=200):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            editor=self.editor, needs_approval=settings.PRODUCTS_NEED_APPROVAL, **kwargs
        )


class ProductCreate(ProductFormPage):
    """Create a product, once: a form that is sent again, as by a double click, updates it."""

    def find_editor(self):
        if self.request.method != "POST":
            return ProductEditor(self.seller)
        # One at a time, so that the second request finds the product of the first.
        Seller.objects.select_for_update(no_key=True).get(pk=self.seller.pk)
        return self.editor_of_new(self.products().locked())

    def answer(self):
        if self.submitted.is_resubmitted:
            return redirect("product_update", self.editor.product.pk)
        return super().answer()


class DraftUpdate(ProductFormPage):
    """The form of a new product, opened with its draft."""

    http_method_names = ["get", "head"]

    def find_editor(self):
        return ProductEditor(self.seller, draft=self.find_draft(self.kwargs["pk"]))


class ProductUpdate(ProductFormPage):
    def find_editor(self):
        products = self.products()
        products = products.locked() if self.request.method == "POST" else products
        return ProductEditor(self.seller, get_object_or_404(products, pk=self.kwargs["pk"]))


class ProductDelete(SellersOnly, DeleteView):
    template_name = "selling/product_delete.html"
    success_url = reverse_lazy("own_products")

    def get_queryset(self):
        products = self.seller.products.for_page()
        return products.locked() if self.request.method == "POST" else products

    def post(self, request, *args, **kwargs):
        with clearing(actor=self.actor):
            return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        title = self.object.title
        response = super().form_valid(form)
        messages.success(self.request, f"{title} is deleted.")
        return response
