from django.contrib.sitemaps.views import index, sitemap
from django.urls import path, register_converter

from shop.caching.pages import cache_page
from shop.caching.parameters import page_number

from .converters import CategoryPath
from .feeds import NewProducts, newest_cards
from .sitemaps import SITEMAPS, section_tags
from .views import ProductDetail, RelatedProducts

register_converter(CategoryPath, "category")
index_page = cache_page(3600, ["products", "sellers"])
section_page = cache_page(3600, section_tags, {"p": page_number})

urlpatterns = [
    path("products/<slug:slug>/", ProductDetail.as_view(), name="product_detail"),
    path(
        "categories/<category:path>/related/<slug:slug>/", RelatedProducts.as_view(), name="related_products"
    ),
    path("feed.xml", cache_page(300, ["products"], find_versions=newest_cards)(NewProducts()), name="feed"),
    path("sitemap.xml", index_page(index), {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        section_page(sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
]
