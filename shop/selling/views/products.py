import json

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView, UpdateView

from shop.caching.versions import clearing
from shop.sellers.models import Seller

from ..content import content_of
from ..desk import Desk, DraftRefusedError, KeptElsewhereError
from ..differences import changes
from ..merging import merged
from ..models import SentForm
from ..typed import Typed
from .access import SellersOnly


class ProductFormPage(SellersOnly):
    """The product form: what was typed and uploaded stays, whatever is wrong with it."""

    template_name = "selling/product_form.html"
    object = draft = None
    changes = complaints = ()
    is_kept_elsewhere = is_sent_again = False

    def get(self, request, *args, **kwargs):
        self.load()
        self.desk = Desk(self.seller, self.object, self.draft)
        self.content, self.base = self.desk.opened()
        return self.show(self.desk.form(self.content, is_checked=False))

    def post(self, request, *args, **kwargs):
        # Before the transaction: pictures take seconds, and no other writer should wait for them.
        self.typed = Typed(request, self.seller)
        with clearing(actor=self.actor):
            self.load()
            self.desk = Desk(self.seller, self.object, self.draft)
            self.take_over_changes()
            return self.answer()

    def load(self):
        """Find the product, its row locked if it is to be written, or the draft of a new one."""
        raise NotImplementedError

    def products(self):
        return self.seller.products.for_page().prefetch_related("edits")

    def find_draft(self, pk):
        """Return the draft of a new product; one that this seller does not have is a 404."""
        return get_object_or_404(self.seller.edits.drafts().new(), pk=pk)

    def find_made(self, products):
        """Let a form that has made its product already mean that product from now on; say if it has."""
        sent = self.seller.sent_forms.filter(key=self.typed.form_key).first()
        if sent:
            self.object = products.get(pk=sent.product_id)
            self.is_sent_again = self.typed.sent() == sent.typed
            self.typed.content, self.typed.base = sent.translated(self.typed.content), sent.saved
        return sent is not None

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

    def keep(self, is_told=True):
        """Keep what was typed; is_told: whether the window in which it was typed gets the answer."""
        revision = self.typed.revision
        try:
            self.desk.keep(self.content, self.base, revision, revision + is_told)
        except KeptElsewhereError:
            self.is_kept_elsewhere = True
        except DraftRefusedError as error:
            self.complaints = [*self.complaints, ("Draft", str(error))]

    def saved(self, form):
        messages.success(self.request, self.desk.save(form, self.typed.is_for_sale))
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
    """Make a product of a form, once: sent again, as by a double click, the form means what it made."""

    def load(self):
        if self.request.method == "POST":
            # One after the other, so that the second finds what the first has made.
            Seller.objects.select_for_update(no_key=True).get(pk=self.seller.pk)
            if not self.find_made(self.products().locked()):
                # One that was dropped in another window takes nothing with it that was typed here.
                self.draft = self.seller.edits.drafts().of_form(self.typed).first()

    def answer(self):
        return redirect("product_update", self.object.pk) if self.is_sent_again else super().answer()

    def saved(self, form):
        typed, is_new = self.typed, self.object is None
        response = super().saved(form)
        if is_new and typed.form_key:
            product = self.desk.product
            SentForm.objects.create(
                seller=self.seller,
                key=typed.form_key,
                product=product,
                typed=typed.sent(),
                saved=content_of(product),
                keys=form.keys(),
            )
        return response


class DraftUpdate(ProductFormPage, CreateView):
    """The form of a new product, with what was typed into it before."""

    http_method_names = ["get", "head"]

    def load(self):
        self.draft = self.find_draft(self.kwargs["pk"])


class ProductUpdate(ProductFormPage, UpdateView):
    def get_queryset(self):
        products = self.products()
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
        with clearing(actor=self.actor):
            return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        title = self.object.title
        response = super().form_valid(form)
        messages.success(self.request, f"{title} is deleted.")
        return response
