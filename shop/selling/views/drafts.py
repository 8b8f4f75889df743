from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import CreateView, DeleteView, View
from django.views.generic.detail import SingleObjectMixin

from shop.htmx import HtmxTemplateMixin

from ..desk import Desk
from ..rows import act
from ..typed import Typed
from .access import SellersOnly
from .products import ProductFormPage


class DraftKeep(HtmxTemplateMixin, ProductFormPage, CreateView):
    """Keep what was typed, do what a button beside a row says, and show the form again."""

    http_method_names = ["post"]
    fragment_name = "selling/_kept.html"

    def post(self, request):
        self.typed = typed = Typed(request, self.seller)
        self.load()
        self.desk = Desk(self.seller, self.object, self.draft)
        act(typed.content, request.POST.get("do", ""))
        self.content, self.base, self.complaints = typed.content, typed.base, typed.complaints
        if not self.is_late:
            self.keep()
        return self.answer()

    @property
    def is_late(self):
        """Whether this is what the form has made a product of meanwhile, and nothing new."""
        return self.is_sent_again and "do" not in self.request.POST

    def load(self):
        if self.typed.product:
            self.object = get_object_or_404(self.products(), pk=self.typed.product)
        elif self.typed.draft:
            self.draft = self.find_draft(self.typed.draft)
        elif not self.find_made(self.products()):
            self.draft = self.seller.edits.drafts().of_form(self.typed).first()

    def answer(self):
        response = self.show(self.desk.form(self.content, is_checked=False))
        if self.request.htmx and self.desk.draft and not self.object:
            response.headers["HX-Replace-Url"] = self.desk.draft.get_absolute_url()
        return response

    def get_context_data(self, **kwargs):
        section = self.request.POST.get("do", "").partition(" ")[0]
        return super().get_context_data(section=section, **kwargs)


class PreviewStart(DraftKeep):
    """Keep what was typed, and lead to the page that it would make, in a window of its own."""

    def keep(self):
        super().keep(is_told=False)

    def answer(self):
        if self.is_kept_elsewhere:
            return super().answer()
        if self.object:
            return redirect("product_preview", self.object.pk)
        if not self.desk.draft:
            return super().answer()
        return redirect("draft_preview", self.desk.draft.pk)


class EditWithdraw(SellersOnly, SingleObjectMixin, View):
    """Take back what was sent to staff."""

    http_method_names = ["post"]

    def get_queryset(self):
        return self.seller.products.prefetch_related("edits").locked()

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            product = self.get_object()
            Desk(self.seller, product).take_back()
        messages.success(request, "Taken back. It is a draft again.")
        return redirect("product_update", product.pk)


class DraftDelete(SellersOnly, DeleteView):
    """Drop what was typed and not saved."""

    template_name = "selling/draft_delete.html"

    def get_queryset(self):
        return self.seller.edits.drafts()

    def get_success_url(self):
        product = self.object.product_id
        return reverse("product_update", args=[product]) if product else reverse("own_products")
