"""Delete after commit: pages have fixed keys, and a write deletes those that it may have changed."""

from django.apps import AppConfig


class DeleteAfterCommit(AppConfig):
    name = "freshness"

    def ready(self):
        from shop.caching import pages, versions

        pages.versions_of = fixed_versions
        versions._renew = delete_after_commit


def fixed_versions(policy, request, admit=None):
    from shop.caching.versions import Versions

    return Versions.fromkeys(policy.tags, "0" * 16)


def delete_after_commit(tags, *others):
    """Delete, right after the commit and before the answer, all pages that have one of the tags."""
    from django.db import transaction

    changed = {base(tag) for tag in tags}
    transaction.on_commit(lambda: delete(changed))


def base(tag):
    """Return the tag of a whole list for the tag of what it narrows or sorts by."""
    return tag.partition(".")[0]


def delete(changed):
    from django.core.cache import caches
    from django.test import RequestFactory
    from django.urls import resolve

    from shop.caching.page_keys import page_key
    from shop.caching.pages import policy_of

    cache = caches["pages"]
    for page in all_pages():
        extra = {"HTTP_HX_REQUEST": "true"} if page.kind == "fragment" else {}
        request = RequestFactory().get(page.url, HTTP_HOST="127.0.0.1", **extra)
        policy = policy_of(request, resolve(request.path))
        if changed & {base(tag) for tag in policy.tags}:
            cache.delete(page_key(request, fixed_versions(policy, request)))


def all_pages():
    from . import subjects

    products = range(subjects.PRODUCTS)
    yield from subjects.shared_pages()
    yield from map(subjects.detail_page, products)
    yield from map(subjects.reviews_page, subjects.REVIEWED)
    yield from (subjects.related_page(product) for product in products if product not in subjects.MOVERS)
