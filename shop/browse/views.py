from django.conf import settings
from django.db.models import Count
from django.http import Http404
from django.utils.functional import SimpleLazyObject
from django.views.generic import ListView

from shop.caching.pages import CachedPage
from shop.catalogue.models import Category, Product
from shop.catalogue.paging import page_links
from shop.catalogue.shelves import Shelves
from shop.catalogue.structured_data import breadcrumbs, item_list

from .filters import ProductFilter, canonical
from .selection import Selection


class ProductList(CachedPage, ListView):
    """All listed products, narrowed and sorted by the address."""

    cache_timeout = settings.CACHE_LIST_TTL
    paginate_by = 24
    context_object_name = "products"
    page_template = "browse/product_list.html"
    offers_categories = True

    def cache_tags(self):
        return ["products"]

    def clean_query(self, query):
        return canonical(query.urlencode())

    def get_queryset(self):
        self.load_category(self.request.GET.get("category"))
        self.filter = ProductFilter(self.request.GET)
        self.filter.full_clean()
        self.in_scope = Product.objects.listed()
        if self.category:
            self.in_scope = self.in_scope.within(self.category.path)
        return self.filter.narrow(self.in_scope).for_cards()

    def load_category(self, path):
        self.trail = list(Category.objects.trail(path)) if path else []
        self.category = self.trail[-1] if self.trail else None
        if path and (self.category is None or self.category.path != path):
            raise Http404(f"There is no category {path}.")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        selection = Selection(self.request.path, self.request.GET, settings.DEFAULT_CURRENCY, self.category)
        return context | {
            "category": self.category,
            "offers_categories": self.offers_categories,
            "trail": self.trail,
            "filter": self.filter,
            "selection": selection,
            "brands": SimpleLazyObject(self.brands),
            "shelves": Shelves(),
            "pages": page_links(context["page_obj"], selection.url_of_page),
            "structured_data": self.structured_data(context["products"]),
        }

    def brands(self):
        """Return the brands of the whole list, most products first, and always those chosen."""
        counted = self.in_scope.exclude(brand="").values("brand").annotate(count=Count("pk"))
        chosen = set(self.filter.cleaned_data["brand"])
        brands = list(counted.order_by("-count", "brand"))
        return [brand for n, brand in enumerate(brands) if n < 12 or brand["brand"] in chosen]

    def structured_data(self, products):
        return [item_list(self.request, products)]

    def get_template_names(self):
        return ["browse/_product_list.html" if self.request.htmx else self.page_template]

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if self.request.htmx:
            page = context["page_obj"].number
            response.headers["HX-Push-Url"] = context["selection"].url_of_page(page)
        return response


class CategoryDetail(ProductList):
    """The same list, inside a category and its descendants."""

    page_template = "browse/category_detail.html"
    offers_categories = False

    def cache_tags(self):
        return [f"category:{self.kwargs['path']}"]

    def clean_query(self, query):
        within = query.copy()
        within.pop("category", None)
        return super().clean_query(within)

    def load_category(self, path):
        super().load_category(self.kwargs["path"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(subcategories=self.category.children.in_order(), **kwargs)

    def structured_data(self, products):
        return [breadcrumbs(self.request, self.trail), *super().structured_data(products)]
