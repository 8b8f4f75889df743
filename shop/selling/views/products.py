import json
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.generic import CreateView, DeleteView, UpdateView

from shop.accounts.models import Seller
from shop.caching.versions import clearing
from shop.invalidation import product_changed, product_state

from ..desk import Desk, KeptElsewhereError
from ..differences import changes
from ..merging import merged
from ..typed import Typed
from .access import SellersOnly

A_MOMENT = timedelta(seconds=15)


class ProductFormPage(SellersOnly):
    """The product form: what was typed and uploaded stays, whatever is wrong with it."""

    template_name = "selling/product_form.html"
    object = draft = None
    changes = complaints = ()
    is_kept_elsewhere = False

    def get(self, request, *args, **kwargs):
        self.load()
        self.desk = Desk(self.seller, self.object, self.draft)
        self.content, self.base = self.desk.opened()
        return self.show(self.desk.form(self.content, is_checked=False))

    def post(self, request, *args, **kwargs):
        # Before the transaction: pictures take seconds, and no other writer should wait for them.
        self.typed = Typed(request, self.seller)
        with clearing(who=self.who):
            self.load()
            self.desk = Desk(self.seller, self.object, self.draft)
            self.take_over_changes()
            return self.answer()

    def load(self):
        """Find the product, its row locked if it is to be written, or the draft of a new one."""
        raise NotImplementedError

    def find_draft(self, pk):
        """Return the draft of a new product; one that this seller does not have is a 404."""
        return get_object_or_404(self.seller.edits.drafts().new(), pk=pk)

    def take_over_changes(self):
        """Merge in what was saved by others since the form was opened, so that it is shown and not lost."""
        self.content, self.base, self.complaints = self.typed.content, self.typed.base, self.typed.complaints
        if self.object:
            theirs = self.desk.saved()
            self.changes = changes(self.base, theirs, self.content)
            self.content, self.base = merged(self.base, theirs, self.content), theirs

    def answer(self):
        form = self.desk.form(self.content)
        if form.is_valid() and not self.changes and not self.complaints:
            return self.saved(form)
        self.keep()
        return self.show(form, status=409 if self.changes else 200)

    def keep(self):
        try:
            self.desk.keep(self.content, self.base, self.typed.revision)
        except KeptElsewhereError:
            self.is_kept_elsewhere = True

    def saved(self, form):
        messages.success(self.request, self.desk.save(form, "for_sale" in self.request.POST))
        self.desk.forget(self.typed.content, self.typed.revision)
        return redirect("product_update", self.desk.product.pk)

    def show(self, form, status=200):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            desk=self.desk,
            base_text=json.dumps(self.base),
            changes=self.changes,
            complaints=self.complaints,
            is_kept_elsewhere=self.is_kept_elsewhere,
            needs_approval=settings.PRODUCTS_NEED_APPROVAL,
            **kwargs,
        )


class ProductCreate(ProductFormPage, CreateView):
    def load(self):
        if self.request.method == "POST":
            # One that was dropped in another window takes nothing with it that was typed here.
            self.draft = self.seller.edits.drafts().new().filter(pk=self.typed.draft).first()

    def answer(self):
        twin = self.twin()
        return redirect("product_update", twin.pk) if twin else super().answer()

    def twin(self):
        """Return what the same form has made a moment ago: of a double click, the first one was it."""
        # Locked, so that the two come one after the other.
        Seller.objects.select_for_update().get(pk=self.seller.pk)
        since = timezone.now() - A_MOMENT
        return self.seller.products.filter(title=self.content["title"], created_at__gte=since).first()


class DraftUpdate(ProductFormPage, CreateView):
    """The form of a new product, with what was typed into it before."""

    http_method_names = ["get", "head"]

    def load(self):
        self.draft = self.find_draft(self.kwargs["pk"])


class ProductUpdate(ProductFormPage, UpdateView):
    def get_queryset(self):
        products = self.seller.products.for_page().prefetch_related("edits")
        return products.locked() if self.request.method == "POST" else products

    def load(self):
        self.object = self.get_object()


class ProductDelete(SellersOnly, DeleteView):
    template_name = "selling/product_delete.html"
    success_url = reverse_lazy("own_products")

    def get_queryset(self):
        products = self.seller.products.for_page()
        return products.locked() if self.request.method == "POST" else products

    def post(self, request, *args, **kwargs):
        with clearing(who=self.who):
            return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        before, title = product_state(self.object), self.object.title
        response = super().form_valid(form)
        product_changed(None, before)
        messages.success(self.request, f"{title} is deleted.")
        return response
