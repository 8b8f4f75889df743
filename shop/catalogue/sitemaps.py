from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from shop.sellers.models import Seller

from .models import Category, Product


class ShopSitemap(Sitemap):
    """A sitemap with SITE_URL, whatever the request's host."""

    @property
    def protocol(self):
        return urlsplit(settings.SITE_URL).scheme


class ProductSitemap(ShopSitemap):
    """All product pages, without dates: those would change with rows that no list shows."""

    limit = 10_000

    def items(self):
        return Product.objects.listed().order_by("pk").only("slug")


class CategorySitemap(ShopSitemap):
    limit = 10_000

    def items(self):
        return Category.objects.order_by("path")


class SellerSitemap(ShopSitemap):
    limit = 10_000

    def items(self):
        return Seller.objects.order_by("pk")


class PageSitemap(ShopSitemap):
    def items(self):
        return ["home", "product_list"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {
    "pages": PageSitemap,
    "categories": CategorySitemap,
    "sellers": SellerSitemap,
    "products": ProductSitemap,
}


# The tags of each section: the rows that it lists; every page depends on the categories.
TAGS = {"products": ["products"], "sellers": ["sellers"]}


def section_tags(section, **kwargs):
    return TAGS.get(section, [])
