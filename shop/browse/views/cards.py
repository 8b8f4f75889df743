from django.conf import settings
from django.views.generic import ListView

from shop.caching.pages import CachedPage, PageRequest
from shop.invalidation import card_versions


class CardList(CachedPage, ListView):
    """A list of products as cards."""

    request: PageRequest
    cache_timeout = settings.CACHE_LIST_TTL
    context_object_name = "products"
    paginate_by = 24

    def find_versions(self):
        return card_versions(self.get_queryset()[self.shown])

    @property
    def shown(self):
        """The part of the list that the page shows."""
        first = (int(self.request.GET.get("page", 1)) - 1) * self.paginate_by
        return slice(first, first + self.paginate_by)
