from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from shop.accounts.models import Seller

from .models import Category, Product


class ProductSitemap(Sitemap):
    """All product pages; without dates, which would change with rows that no list shows."""

    limit = 10_000

    def items(self):
        return Product.objects.listed().order_by("pk").only("slug")


class CategorySitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Category.objects.order_by("path")


class SellerSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Seller.objects.order_by("pk")


class PageSitemap(Sitemap):
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


# Which rows there are of what a section lists; which categories there are, every page knows.
TAGS = {"products": ["products"], "sellers": ["sellers"]}


def section_tags(section, **kwargs):
    return TAGS.get(section, [])
