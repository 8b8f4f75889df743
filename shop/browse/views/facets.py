from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from shop.caching.pages import CachedPage, PageRequest
from shop.htmx import HtmxTemplateMixin

from ..facets import Facets
from ..filter_links import FilterLinks
from ..list_query import aspects, canonical, is_unbounded
from ..product_results import ProductResults


class FacetPanel(HtmxTemplateMixin, CachedPage, TemplateView):
    """The facets of a list whose counts change more often than the list does: a page of its own."""

    request: PageRequest
    template_name = "browse/facets.html"
    cache_timeout = settings.CACHE_LIST_TTL

    def cache_tags(self):
        query = self.request.GET
        counted = [".band", ".stars", ".stock", *([".specifications"] if self.path else []), *aspects(query)]
        return [self.scope, *(f"{self.scope}{aspect}" for aspect in dict.fromkeys(counted))]

    @property
    def scope(self):
        path = self.kwargs.get("path")
        return f"category:{path}" if path else "products"

    @property
    def path(self):
        return self.kwargs.get("path") or self.request.GET.get("category")

    def clean_query(self, query):
        within = query.copy()
        within.pop("page", None)
        if "path" in self.kwargs:
            within.pop("category", None)
        return canonical(within.urlencode())

    def is_unbounded(self):
        return is_unbounded(self.request.GET)

    def get_context_data(self, **kwargs):
        path = self.kwargs.get("path")
        results = ProductResults(self.request.GET, path)
        if self.path and not results.category_keys:
            raise Http404(f"There is no category {self.path}.")
        url = reverse("category_detail", args=[path]) if path else reverse("product_list")
        filter_links = FilterLinks(url, self.request.GET, settings.DEFAULT_CURRENCY, scope_path=path)
        facets = Facets(results)
        return super().get_context_data(
            results=results,
            filter=results.filter,
            filter_links=filter_links,
            facets=facets,
            attributes=facets.attributes() if self.path else [],
            bands=[(band, filter_links.url_between(band.low, band.high)) for band in facets.bands()],
            **kwargs,
        )
