from django.http import HttpResponse
from django.urls import include, path, resolve
from django.views.decorators.cache import cache_page
from django.views.decorators.gzip import gzip_page

from shop.caching.versions import SITE, read_versions


def empty(request):
    return HttpResponse()


def rendered(request, path):
    """Render the page of an address as if there were no page cache."""
    match = resolve(f"/{path}")
    view = match.func.view_class()
    view.setup(request, **match.kwargs)
    request.versions = read_versions([SITE, *view.cache_tags()])
    request.is_kept = True
    return view.get(request, **match.kwargs).render()


stock_cache = cache_page(300, cache="stock")

urlpatterns = [
    path("bench/empty/", empty),
    path("bench/rendered/<path:path>", rendered),
    path("bench/stock/<path:path>", stock_cache(rendered)),
    path("bench/stock-gzip/<path:path>", stock_cache(gzip_page(rendered))),
    path("", include("storefront.urls")),
]
