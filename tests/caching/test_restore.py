"""After a restore the versions are those of the backup, under which newer pages may have been stored."""

import re

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.template import engines

from shop.caching import pages
from shop.caching.models import Version
from shop.caching.versions import clearing
from shop.catalogue.models import Product
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/products/vase/"


@pytest.fixture
def product():
    return ProductFactory(title="As backed up", slug="vase")


def rename(product, title):
    with clearing():
        product.title = title
        product.save()


def restore(rows, versions):
    """Put rows and versions back, as pg_restore does: past everything that clears."""
    Version.objects.all().delete()
    Version.objects.bulk_create(versions)
    QuerySet(Product).update(**rows)


@pytest.fixture
def restored(client, product, monkeypatch, raw_writes_are_expected):
    """A shop put back to a backup, with a page in its cache that is newer."""
    client.get(ADDRESS)
    call_command("clear_pages")
    rows, versions = {"title": product.title}, list(Version.objects.all())
    versions_of = pages.versions_of

    def versions_and_then_a_write(policy, request, admit):
        found = versions_of(policy, request, admit)
        rename(product, "Written after the backup")
        return found

    monkeypatch.setattr(pages, "versions_of", versions_and_then_a_write)
    client.get(ADDRESS)
    monkeypatch.setattr(pages, "versions_of", versions_of)
    restore(rows, versions)


def test_newer_page_would_pass_for_a_present_one(client, restored):
    page = client.get(ADDRESS)
    assert page.headers["X-Cache"] == "hit"
    assert "Written after the backup" in page.content.decode()


def test_no_newer_page_is_found_once_all_are_cleared(client, restored):
    call_command("clear_pages")
    page = client.get(ADDRESS)
    assert page.headers["X-Cache"] == "miss"
    assert "Written after the backup" not in page.content.decode()
    assert "As backed up" in page.content.decode()


def test_every_fragment_varies_on_what_clear_pages_renews():
    folder = engines["django"].dirs[0]
    tags = [
        tag for file in folder.rglob("*.html") for tag in re.findall(r"{% cache .*? %}", file.read_text())
    ]
    assert len(tags) >= 5
    assert [tag for tag in tags if " versions.site " not in tag] == []
