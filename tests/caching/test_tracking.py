import logging

import pytest
from django.db import connection

from shop.accounts.models import Seller
from shop.caching.versions import clear, clearing, read_versions
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.invalidation import category_changed, product_changed, product_state
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(slug="vase")


FORGOTTEN = {
    "save": lambda product: product.save(),
    "delete": lambda product: product.delete(),
    "update": lambda product: Product.objects.filter(pk=product.pk).update(title="New"),
    "delete by queryset": lambda product: Product.objects.filter(pk=product.pk).delete(),
    "bulk_create": lambda product: Variant.objects.bulk_create(
        [Variant(product=product, seller=product.seller, sku="X", price=1)]
    ),
    "bulk_update": lambda product: Product.objects.bulk_update([product], ["title"]),
    "variant saved": lambda product: product.variants.get().save(),
    "variants updated": lambda product: product.variants.update(price=1),
    "photo saved": lambda product: Photo.objects.create(product=product, file="a.jpg", width=9, height=9),
    "seller saved": lambda product: product.seller.save(),
    "category updated": lambda product: Category.objects.update(name="New"),
    "category created": lambda product: Category.objects.create(name="Bowls", slug="bowls"),
    "seller created": lambda product: Seller.objects.create(name="Loom", slug="loom"),
}


@pytest.mark.parametrize("write", FORGOTTEN.values(), ids=FORGOTTEN.keys())
def test_forgotten_write_clears_everything_and_names_its_place(product, caplog, write):
    before = read_versions(["site"])
    with caplog.at_level(logging.ERROR, "shop.caching"):
        write(product)
    assert read_versions(["site"]) != before
    assert "nothing cleared for it" in caplog.text


def test_place_is_the_line_that_wrote(product, caplog):
    product.save()
    assert f"{__file__}:" in caplog.text


@pytest.mark.parametrize("helper_first", [True, False])
def test_helper_in_the_same_block_settles_the_write(product, caplog, helper_first):
    before = read_versions(["site", "product:vase"])
    state = product_state(product)
    with clearing():
        product.title = "New"
        if helper_first:
            product_changed(product, state)
        product.save()
        if not helper_first:
            product_changed(product, state)
    after = read_versions(["site", "product:vase"])
    assert after["site"] == before["site"]
    assert after["product:vase"] != before["product:vase"]
    assert not caplog.records


def test_helper_settles_only_its_own_subject(product, caplog):
    other = ProductFactory()
    caplog.clear()
    with clearing():
        product_changed(product)
        other.save()
    assert len(caplog.records) == 1


def test_stock_that_is_not_shown_clears_nothing(product, caplog):
    before = read_versions(["site", "products", "product:vase"])
    state = product_state(product)
    with clearing():
        product.variants.update(stock=17)
        product_changed(product, state)
    assert read_versions(["site", "products", "product:vase"]) == before
    assert not caplog.records


def test_moving_a_category_is_one_subject_with_its_descendants(caplog):
    parent = CategoryFactory(slug="decor")
    CategoryFactory(slug="vases", parent=parent)
    caplog.clear()
    with clearing():
        parent.slug = "ornament"
        parent.save()
        category_changed(parent)
    assert not caplog.records
    assert Category.objects.filter(path="ornament/vases").exists()


def test_update_asks_one_query_more(product, django_assert_num_queries):
    on_postgres = connection.vendor == "postgresql"  # where writers take a lock first
    with django_assert_num_queries(5 + on_postgres):  # savepoint, subjects, update, versions, release
        Product.objects.filter(pk=product.pk).update(title="New")


def test_raw_write_outside_clearing_is_caught(product, raw_writes_are_expected):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_product SET title = 'Raw'")
    assert raw_writes_are_expected == ["UPDATE catalogue_product SET title = 'Raw'"]


def test_raw_write_inside_clearing_is_the_callers_business(product):
    with clearing(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_product SET title = 'Raw'")
        clear(["products", "product:vase"])
    assert Product.objects.get().title == "Raw"
