from operator import attrgetter

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.functional import SimpleLazyObject

from shop.caching.pages import PageRequest
from shop.catalogue.models import Category
from shop.catalogue.structured_data import breadcrumbs, item_list
from shop.htmx import HtmxTemplateMixin, wants_fragment
from shop.invalidation import card_versions
from shop.links import list_url
from shop.sellers.models import Seller

from ..facets import Facets
from ..filter_links import FilterLinks
from ..list_query import aspects, canonical, is_unbounded
from ..product_results import ProductResults
from ..shelves import Shelves
from ..zero_results import count_soon
from .cards import CardList

# Where nothing is found, so many filters are tried without.
MOST_RELAXED = 8


class ListRequest(PageRequest):
    results: ProductResults


class ProductList(HtmxTemplateMixin, CardList):
    """All listed products, filtered and sorted by the query."""

    request: ListRequest
    template_name = "browse/product_list.html"
    fragment_name = "browse/_product_list.html"
    offers_categories = True

    def cache_tags(self):
        tags = [self.scope(), *(self.scope() + aspect for aspect in aspects(self.request.GET))]
        # A seller who is chosen by name, whether or not they have something here.
        return [*tags, "sellers"] if "seller" in self.request.GET else tags

    def find_versions(self):
        found = card_versions(self.results.products.rows(self.shown.start, self.shown.stop))
        if not found and self.scope_path is None:
            # Where nothing matches, the newest are shown, which a category's own tags would not cover.
            found = card_versions(Shelves().newest())
        return found

    def scope(self):
        """Return the tag of all the products that the list could show."""
        return "products"

    def clean_query(self, query):
        return canonical(query.urlencode())

    def is_unbounded(self):
        return is_unbounded(self.request.GET)

    @property
    def results(self):
        """The ProductResults, found once for a request: to read the cards' versions, and to show them."""
        if not hasattr(self.request, "results"):
            self.request.results = ProductResults(self.request.GET, self.scope_path)
        return self.request.results

    def get_queryset(self):
        return self.results.products

    @property
    def path(self):
        """The path of the category that the list is narrowed to, or None."""
        return self.request.GET.get("category")

    @property
    def scope_path(self):
        """The path of the category on whose page the list is, or None."""

    def load_category(self):
        near = list(Category.objects.around(self.path)) if self.path else []
        self.category = next((category for category in near if category.path == self.path), None)
        if self.path and self.category is None:
            raise Http404(f"There is no category {self.path}.")
        depth = self.category.depth if self.category else 0
        self.trail = sorted((c for c in near if c.depth <= depth), key=attrgetter("depth"))
        self.subcategories = [c for c in near if c.depth > depth]

    def get_context_data(self, **kwargs):
        self.load_category()
        context = super().get_context_data(**kwargs)
        if self.results.search and not self.results.total:
            count_soon(self.results.search.text)
        return context | {
            "category": self.category,
            "offers_categories": self.offers_categories,
            "trail": self.trail,
            "filter": self.results.filter,
            "results": self.results,
            "filter_links": self.filter_links(),
            "facets": Facets(self.results),
            "relaxed_filters": SimpleLazyObject(self.relaxed_filters),
            "popular_categories": SimpleLazyObject(self.popular_categories),
            "category_counts": SimpleLazyObject(self.category_counts),
            "shelves": Shelves(),
            "list_version": self.request.versions.only(self.cache_tags()).digest,
            "structured_data": self.structured_data(context["products"]),
        }

    def filter_links(self):
        slugs = self.request.GET.getlist("seller")
        names = dict(Seller.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
        return FilterLinks(
            self.request.path,
            self.request.GET,
            settings.DEFAULT_CURRENCY,
            category=self.category,
            scope_path=self.scope_path,
            seller_names=names,
        )

    def category_counts(self):
        """Return {path: how many products it would show} of all categories that could be chosen here."""
        results = self.results
        if "category" in self.request.GET:
            query = self.request.GET.copy()
            del query["category"]
            results = ProductResults(query, self.scope_path, alike=results)
        return Facets(results).categories()

    def relaxed_filters(self):
        """Return (Link, how many products) of the lists with one filter less, those that have some."""
        links = self.filter_links().relaxed()[:MOST_RELAXED]
        found = [
            (link, ProductResults(query, self.scope_path, alike=self.results).total) for link, query in links
        ]
        return [(link, total) for link, total in found if total]

    def popular_categories(self):
        """Return the root categories with most products, and how many; a category knows none but its own."""
        if self.scope_path:
            return []
        counts = Facets(ProductResults(QueryDict())).categories()
        roots = [(root, counts[root.path]) for root in Category.objects.roots() if counts[root.path]]
        return sorted(roots, key=lambda found: -found[1])[:6]

    def structured_data(self, products):
        return [item_list(self.request, products)]

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if wants_fragment(self.request):
            page = context["page_obj"].number
            response.headers["HX-Push-Url"] = list_url(self.request.path, self.request.GET, page)
        return response


class CategoryDetail(ProductList):
    """The same list, inside a category and its descendants."""

    template_name = "browse/category_detail.html"
    offers_categories = False

    def scope(self):
        return f"category:{self.kwargs['path']}"

    def clean_query(self, query):
        within = query.copy()
        within.pop("category", None)
        return super().clean_query(within)

    @property
    def path(self):
        return self.kwargs["path"]

    scope_path = path

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subcategories": self.subcategories}

    def structured_data(self, products):
        return [breadcrumbs(self.request, self.trail), *super().structured_data(products)]
