from django.conf import settings
from django.shortcuts import render
from django.views.generic import TemplateView

from shop.caching.pages import CachedPage, PageRequest
from shop.caching.versions import SITE, read_versions

from ..shelves import Shelves


class Home(CachedPage, TemplateView):
    request: PageRequest
    template_name = "browse/home.html"
    cache_timeout = settings.CACHE_LIST_TTL
    extra_context = {"shelves": Shelves()}

    def cache_tags(self):
        return ["sellers", *(f"products{aspect}" for aspect in ("", *Shelves.aspects))]

    def find_versions(self):
        return Shelves().card_versions()

    def get_context_data(self, **kwargs):
        rooms = self.request.versions.only([SITE, "products", "products.pictures"])
        return super().get_context_data(rooms_version=rooms.digest, **kwargs)


def page_not_found(request, exception):
    """Show a way on: the categories and what is new."""
    context = {"versions": read_versions([SITE]), "shelves": Shelves()}
    return render(request, "404.html", context, status=404)
