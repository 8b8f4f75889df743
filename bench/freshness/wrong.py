"""Delete after commit: pages have fixed keys, and a write deletes those that it changed."""

from django.apps import AppConfig


class DeleteAfterCommit(AppConfig):
    name = "freshness"

    def ready(self):
        from shop.caching import pages, versions

        pages.read_versions = fixed_versions
        versions._renew = delete_after_commit


def fixed_versions(tags):
    from shop.caching.versions import Versions

    return Versions.fromkeys(tags, "0" * 16)


def delete_after_commit(tags, *others):
    """Delete, right after the commit and before the answer, all pages that have one of the tags."""
    from django.db import transaction

    changed = set(tags)
    transaction.on_commit(lambda: delete(page for page in all_pages() if changed & {"site", *page.tags}))


def delete(changed_pages):
    from django.core.cache import caches
    from django.test import RequestFactory
    from django.utils.cache import get_cache_key

    cache = caches["pages"]
    for page in changed_pages:
        extra = {"HTTP_HX_REQUEST": "true"} if page.kind == "fragment" else {}
        request = RequestFactory().get(page.url, HTTP_HOST="127.0.0.1", **extra)
        prefix = fixed_versions(["site", *page.tags]).digest
        cache.delete(get_cache_key(request, prefix, "GET", cache))


def all_pages():
    from . import subjects

    products = range(subjects.PRODUCTS)
    yield from subjects.shared_pages()
    yield from map(subjects.detail_page, products)
    yield from (subjects.related_page(product) for product in products if product not in subjects.MOVERS)
