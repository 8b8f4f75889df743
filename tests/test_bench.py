"""What benchmarks compare the shop's pages with still answers."""

import pytest
from django.conf import settings

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
