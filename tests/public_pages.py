"""Every kind of page that visitors share, and a shop that all of them show something of."""

import secrets
from unittest import mock

from django.core.cache import caches
from django.urls import get_resolver

from shop.browse import zero_results
from shop.caching import versions
from shop.caching.pages import CachedPage
from tests.factories import (
    CategoryFactory,
    PhotoFactory,
    ProductFactory,
    ReviewFactory,
    SellerFactory,
    UserFactory,
)

PAGES = {
    "home": "/",
    "list": "/products/",
    "by price": "/products/?sort=price",
    "by name": "/products/?sort=name",
    "by rating": "/products/?sort=rating",
    "in stock": "/products/?in_stock=1",
    "found": "/products/?q=vase",
    "nothing found": "/products/?q=nonesuch",
    "of others, by price": "/products/?seller=lumen&sort=price",
    "of others": "/products/?seller=lumen",
    "root": "/categories/decor/",
    "category": "/categories/decor/vases/",
    "sibling": "/categories/decor/bowls/",
    "elsewhere": "/categories/light/",
    "product": "/products/vase/",
    "reviews": "/products/vase/reviews/",
    "best reviews": "/products/vase/reviews/?stars=5&sort=highest",
    "neighbour": "/products/bowl/",
    "neighbour's reviews": "/products/bowl/reviews/",
    "stranger": "/products/lamp/",
    "seller": "/sellers/kiln/",
    "other seller": "/sellers/lumen/",
    "related": "/categories/decor/vases/related/vase/",
    "related elsewhere": "/categories/light/related/lamp/",
    "facets": "/filters/",
    "facets of a root": "/filters/decor/",
    "facets of a category": "/filters/decor/vases/",
    "facets of others": "/filters/light/",
    "facets of a range": "/filters/?price_max=19.99",
    "facets of an amount": "/filters/?price_max=19.5",
    "cheap": "/products/?price_max=19.99",
    "of one material": "/categories/decor/?spec=Material%3AClay",
    "feed": "/feed.xml",
    "of a brand": "/products/?brand=Kiln",
    "suggestions": "/suggestions/?q=va",
    "suggestions of others": "/suggestions/?q=lig",
    "sitemap": "/sitemap-products.xml",
    "sitemap of sellers": "/sitemap-sellers.xml",
    "sitemap of categories": "/sitemap-categories.xml",
    "sitemap of pages": "/sitemap-pages.xml",
    "sitemap index": "/sitemap.xml",
}


def stock():
    """Stock a shop; return its vase."""
    decor, light = CategoryFactory(name="Decor", slug="decor"), CategoryFactory(name="Light", slug="light")
    vases = CategoryFactory(name="Vases", slug="vases", parent=decor)
    bowls = CategoryFactory(name="Bowls", slug="bowls", parent=decor)
    kiln = SellerFactory(name="Kiln", slug="kiln", user=UserFactory())
    lumen = SellerFactory(name="Lumen", slug="lumen")
    vase = ProductFactory(title="Vase", slug="vase", category=vases, seller=kiln, stock=20)
    PhotoFactory(product=vase)
    ReviewFactory(product=vase, rating=4, author=UserFactory())
    ReviewFactory(product=vase, rating=2, state="waiting")
    bowl = ProductFactory(title="Bowl", slug="bowl", category=bowls, seller=kiln)
    ReviewFactory(product=bowl)
    ProductFactory(title="Lamp", slug="lamp", category=light, seller=lumen)
    ProductFactory(title="Secret", slug="secret", category=vases, seller=kiln, status="draft")
    return vase


def shown_on(client, pages):
    """Return the response of each page, as anybody gets it: {name: response}."""
    return {name: client.get(address) for name, address in pages.items()}


def rendered_anew(client, pages=PAGES):
    """Return the same, from the database alone: what the pages should show.

    Nothing is found under versions that nobody knows, and what is kept under those known is still there.
    """
    digits, unknown = versions._digits, secrets.randbits(63) + 1
    with mock.patch.object(versions, "_digits", lambda version: digits((version or 0) ^ unknown)):
        return shown_on(client, pages)


def empty_caches():
    """Forget what this process keeps beside the database."""
    # What the default one holds goes with the test's transaction.
    for alias in caches:
        if alias != "default":
            caches[alias].clear()
    zero_results.forget_waiting()


def pages_that_differ(shown, truth):
    """Return the names of the pages that show something other than the truth."""
    return [
        name
        for name, response in shown.items()
        if (response.status_code, response.content) != (truth[name].status_code, truth[name].content)
    ]


def cached_patterns(resolver=None):
    """Yield the URL patterns whose pages visitors share."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from cached_patterns(pattern)
        elif hasattr(pattern.callback, "plan") or is_cached(getattr(pattern.callback, "view_class", None)):
            yield pattern


def is_cached(view_class):
    return view_class is not None and issubclass(view_class, CachedPage)
