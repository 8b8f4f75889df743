from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from shop.accounts.models import Seller

from .models import Category, Product


class ProductSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Product.objects.listed().order_by("pk").only("slug", "changed_at")

    def lastmod(self, product):
        return product.changed_at

    def get_latest_lastmod(self):
        return Product.objects.listed().aggregate(latest=Max("changed_at"))["latest"]


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
