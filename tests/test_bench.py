"""What benchmarks compare the shop's pages with still answers."""

import random
from importlib import import_module

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve

from shop.caching.pages import policy_of
from tests.factories import ProductFactory


@pytest.mark.django_db
def test_page_is_rendered_as_if_there_were_no_page_cache(client, monkeypatch):
    monkeypatch.syspath_prepend(settings.BASE_DIR / "bench")
    monkeypatch.setattr(settings, "ROOT_URLCONF", "bench_urls")
    product = ProductFactory()
    address = product.get_absolute_url()
    rendered = client.get(f"/bench/rendered{address}")
    assert "X-Cache" not in rendered
    assert product.title in rendered.content.decode()


def canonical(url):
    request = RequestFactory().get(url)
    assert policy_of(request, resolve(request.path_info))
    return request.get_full_path()


def test_readers_spell_the_same_page_in_many_ways(monkeypatch):
    monkeypatch.syspath_prepend(settings.BASE_DIR / "bench")
    subjects = import_module("freshness.subjects")
    generator = random.Random(1)
    for page in [*subjects.shared_pages(), subjects.detail_page(1), subjects.reviews_page(5)]:
        spellings = {subjects.spelt(page.url, generator) for _ in range(20)}
        assert len(spellings) > 10
        assert {canonical(url) for url in spellings} == {canonical(page.url)}
