from django.shortcuts import get_object_or_404
from django.views.generic import ListView

from shop.caching.pages import CachedPage
from shop.catalogue.models import Product
from shop.htmx import HtmxTemplateMixin

from ..filters import PARAMETERS, ReviewFilters
from ..structured_data import reviewed_product
from .own import ReviewCreate


class ProductReviews(HtmxTemplateMixin, CachedPage, ListView):
    """All reviews of a product, sorted and filtered by the query; a POST adds one."""

    template_name = "reviews/product_reviews.html"
    paginate_by = 10
    context_object_name = "reviews"
    query_parameters = PARAMETERS

    def cache_tags(self):
        return [f"reviews:{self.kwargs['slug']}"]

    def get_queryset(self):
        products = Product.objects.public().select_related("seller", "category").prefetch_related("photos")
        self.product = get_object_or_404(products, slug=self.kwargs["slug"])
        self.filters = ReviewFilters(self.request.path, self.request.GET)
        return self.filters.narrow(self.product.reviews.published().for_page())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(product=self.product, filters=self.filters, **kwargs)
        reviews = list(context["reviews"])
        return context | {
            "bars": self.filters.bars(self.product),
            "trail": list(self.product.category.with_ancestors()),
            "structured_data": [reviewed_product(self.request, self.product, reviews)],
        }

    def post(self, request, *args, **kwargs):
        return ReviewCreate.as_view()(request, *args, **kwargs)
