from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import ListView

from shop.caching.once import SentOnce, new_form_key
from shop.caching.versions import clearing
from shop.catalogue.forms import PercentForm
from shop.catalogue.models import Variant
from shop.fields.ids import read_id
from shop.htmx import HtmxTemplateMixin

from ..editor import ProductEditor
from ..forms.own_list import ProductsFilter, StockForm
from .access import SellersOnly


class OwnProducts(HtmxTemplateMixin, SellersOnly, ListView):
    """All products of the seller, with bulk changes."""

    template_name = "selling/own_products.html"
    context_object_name = "products"
    paginate_by = 50

    def get_queryset(self):
        self.filter = ProductsFilter(self.request.GET)
        # A join would add up the stock of thousands of products to show fifty.
        variants = Variant.objects.filter(product=OuterRef("pk")).order_by().values("product")
        stock = variants.annotate(total=Sum("stock")).values("total")
        products = self.seller.products.annotate(stock_total=Subquery(stock))
        return self.filter.narrow(products).prefetch_related("photos", "edits", "variants")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        drafts = self.seller.edits.drafts().new()
        return context | {
            "filter": self.filter,
            "drafts": [] if self.is_narrowed else drafts,
            "is_narrowed": self.is_narrowed,
            "form_key": new_form_key(),
        }

    @property
    def is_narrowed(self):
        return any(self.request.GET.get(name) for name in ("q", "state", "stock", "page"))


class Bulk(OwnProducts):
    """Change all chosen products or none; a mistake shows the list again, as it was."""

    http_method_names = ["post"]
    form_class = forms.Form
    done = "changed"

    def post(self, request):
        form = self.form_class(request.POST)
        chosen = self.chosen()
        if not chosen:
            form.add_error(None, "Choose the products first.")
        if form.is_valid():
            try:
                self.change_once(form, chosen)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(f"{reverse('own_products')}?{request.GET.urlencode()}")
        self.object_list = self.get_queryset()
        context = self.get_context_data(bulk=form, bulk_name=self.form_class.__name__, chosen=chosen)
        return self.render_to_response(context)

    def chosen(self):
        if self.request.POST.get("everything"):
            return set(self.get_queryset().values_list("pk", flat=True))
        return {read_id(pk) for pk in self.request.POST.getlist("chosen")}

    def change_once(self, form, chosen):
        with clearing(actor=self.actor):
            sent = SentOnce(self.request)
            if sent.is_first:
                sent.answer(*self.change_all(form, chosen))
            else:
                sent.answer_again()

    def change_all(self, form, chosen):
        """Change the chosen products, and return (level, text) pairs; raises ValidationError."""
        mine = self.seller.products.for_page().prefetch_related("edits").locked()
        products = list(mine.filter(pk__in=chosen).order_by("pk"))
        if len(products) != len(chosen):  # an id that no row can have is None
            raise Http404("Some of these products are not this seller's.")
        for product in products:
            self.check(form, product)
        changed = [product for product in products if self.change(form, product)]
        said = [(messages.SUCCESS, f"{self.done}: {len(changed)}.")]
        if left := len(products) - len(changed):
            said.append((messages.INFO, f"Left as they are: {left}."))
        return said

    def check(self, form, product):
        """Raise ValidationError if a product cannot be changed; then none is."""

    def change(self, form, product):
        """Change a locked product, and return whether there was anything to change."""
        raise NotImplementedError


class BulkList(Bulk):
    done = "Put up for sale, or sent for approval"

    def change(self, form, product):
        return ProductEditor(self.seller, product).put_up_for_sale()


class BulkArchive(Bulk):
    done = "No longer sold"

    def change(self, form, product):
        if product.is_listed:
            product.archive()
            return True
        return False


class BulkPrices(Bulk):
    form_class = PercentForm
    done = "Prices changed"

    def check(self, form, product):
        form.change().check(product)

    def change(self, form, product):
        form.change().apply(product)
        return True


class BulkStock(Bulk):
    form_class = StockForm
    done = "Stock set"

    def check(self, form, product):
        """Refuse to overwrite a stock that has changed since it was shown, so that no sale is undone."""
        shown = self.request.POST.get(f"shown-{product.pk}")
        stock = sum(variant.stock for variant in product.variants.all())
        if shown not in (None, str(stock)):
            raise ValidationError(
                f"“{product}” has {stock} in stock by now; it was {shown:.10} when you opened this page. "
                "No stock was changed. Check the number, and set it again."
            )

    def change(self, form, product):
        form.apply(product)
        return True
