from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.cache import cache_page
from django.views.decorators.gzip import gzip_page

from shop.caching.versions import EVERYTHING, read_versions
from shop.catalogue.views import ProductDetail


def empty(request):
    return HttpResponse()


def render_product(request, slug):
    """Render a product's page as if there were no page cache."""
    view = ProductDetail()
    view.setup(request, slug=slug)
    request.versions = read_versions([EVERYTHING, *view.cache_tags()])
    return view.get(request).render()


stock_cache = cache_page(300, cache="stock")

urlpatterns = [
    path("bench/empty/", empty),
    path("bench/rendered/<slug:slug>/", render_product),
    path("bench/stock/<slug:slug>/", stock_cache(render_product)),
    path("bench/stock-gzip/<slug:slug>/", stock_cache(gzip_page(render_product))),
    path("", include("storefront.urls")),
]
