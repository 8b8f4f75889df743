from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from shop.caching.pages import CachedPage
from shop.caching.parameters import short_text
from shop.caching.versions import Versions
from shop.htmx import HtmxTemplateMixin
from shop.invalidation import card_versions

from .models import Product, Variant
from .options import option_groups, shown_first
from .structured_data import breadcrumbs, product_data


class ProductDetail(HtmxTemplateMixin, CachedPage, DetailView):
    template_name = "catalogue/product_detail.html"
    queryset = Product.objects.public().for_page()
    query_parameters = {"variant": short_text(longest=Variant._meta.get_field("sku").max_length)}

    def cache_tags(self):
        return [f"product:{self.kwargs['slug']}", f"reviews:{self.kwargs['slug']}"]

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        variants = list(self.object.variants.all())
        sku = request.GET.get("variant")
        chosen = next((v for v in variants if v.sku == sku), None)
        if sku and chosen is None:
            # A variant that does not exist redirects to its product.
            return redirect(self.object)
        chosen = chosen or shown_first(variants)
        return self.render_to_response(self.get_context_data(variants=variants, chosen=chosen))

    def get_context_data(self, variants, chosen, **kwargs):
        product, trail = self.object, list(self.object.category.with_ancestors())
        return super().get_context_data(
            chosen=chosen,
            option_groups=option_groups(product, variants, chosen),
            reviews_version=self.request.versions[f"reviews:{product.slug}"],
            trail=trail,
            structured_data=[product_data(self.request, product, variants), breadcrumbs(self.request, trail)],
            **kwargs,
        )


class RelatedProducts(HtmxTemplateMixin, CachedPage, ListView):
    """Related products: a page of its own, as their prices change independently."""

    template_name = "catalogue/related_products.html"
    cache_timeout = settings.CACHE_LIST_TTL
    context_object_name = "products"

    def cache_tags(self):
        return [f"category:{self.root_path}", f"product:{self.kwargs['slug']}"]

    @cached_property
    def product(self):
        products = Product.objects.public().filter(category__path=self.kwargs["path"])
        return get_object_or_404(products, slug=self.kwargs["slug"])

    def get_queryset(self):
        beside, further = self.nearest()
        shown = list(beside)
        # No row more than is shown: each needs a version among those of the page.
        return shown + list(further[: 4 - len(shown)])

    def find_versions(self):
        beside, further = map(card_versions, self.nearest())
        return Versions([*beside.items(), *further.items()][:4])

    def nearest(self):
        """Return four products of the category, and four of its neighbours."""
        around = Product.objects.listed().exclude(pk=self.product.pk).newest().for_cards()
        beside = around.filter(category=self.product.category_id)
        further = around.exclude(category=self.product.category_id).within(self.root_path)
        return beside[:4], further[:4]

    @property
    def root_path(self):
        return self.kwargs["path"].split("/")[0]

    def get_context_data(self, **kwargs):
        return super().get_context_data(product=self.product, **kwargs)
