"""Two pages that may differ have different keys, and one page has one, however long its URL is."""

from itertools import product

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from shop.caching.page_keys import page_key, url_digest
from shop.caching.versions import Versions

PATHS = [
    "/",
    "/products/",
    "/products/?sort=price",
    "/products/?sort=name",
    "/products/?page=2",
    "/products/%3Fpage=2",
]


def request_for(path, is_htmx=False):
    request = RequestFactory().get(path, headers={"HX-Request": "true"} if is_htmx else {})
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize("site_url", ["https://shop.example", "https://other.example"])
def test_key_stands_for_the_url_what_of_it_is_asked_for_and_all_versions(settings, site_url):
    settings.SITE_URL = site_url
    tags = [{"a": "0" * 16}, {"a": "1" * 16}, {"b": "0" * 16}]
    asked = list(product(PATHS, [False, True], tags))
    keys = {page_key(request_for(path, is_htmx), Versions(tag)) for path, is_htmx, tag in asked}
    again = {page_key(request_for(path, is_htmx), Versions(tag)) for path, is_htmx, tag in asked}
    assert len(keys) == len(asked)
    assert keys == again


def test_fragment_that_is_named_is_the_one_that_htmx_asks_for():
    versions = Versions({"a": "0" * 16})
    asked = page_key(request_for("/", is_htmx=True), versions)
    assert page_key(request_for("/"), versions, variant="fragment") == asked
    assert page_key(request_for("/"), versions, variant="page") == page_key(request_for("/"), versions)


def test_pages_of_two_shops_with_one_cache_are_not_mixed_up(settings):
    settings.SITE_URL = "https://shop.example"
    first = url_digest(request_for("/"))
    settings.SITE_URL = "https://other.example"
    assert url_digest(request_for("/")) != first


def test_key_fits_into_memcached_however_long_the_url_is():
    key = page_key(request_for("/products/?q=" + "x" * 9000), Versions({"a": "0" * 16}))
    assert len(key) < 120
    assert key.isascii()
