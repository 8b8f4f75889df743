"""Writers that work at the same time, on a database that lets them: PostgreSQL."""

import random
import threading
from string import ascii_lowercase

import pytest
from django.db import connection

from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.invalidation import category_changed, product_changed, product_state
from tests.factories import CategoryFactory, ProductFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LONG = 10  # seconds


class Writer(threading.Thread):
    """Somebody who changes a product's title and commits only when told to."""

    def __init__(self, product, title):
        super().__init__(daemon=True)
        self.product, self.title = product, title
        self.has_written, self.may_commit = threading.Event(), threading.Event()
        self.start()

    def run(self):
        with clearing():
            product = Product.objects.for_page().locked().get(pk=self.product.pk)
            before = product_state(product)
            product.title = self.title
            product.save()
            product_changed(product, before)
            self.has_written.set()
            assert self.may_commit.wait(LONG)
        connection.close()

    def commit(self):
        assert self.has_written.wait(LONG)
        self.may_commit.set()
        self.join(LONG)
        assert not self.is_alive()


def test_second_writer_compares_with_what_the_first_one_wrote(client):
    product = ProductFactory(title="Old", slug="vase")
    first = Writer(product, "New")
    assert first.has_written.wait(LONG)
    second = Writer(product, "Old")
    assert not second.has_written.wait(0.3)
    first.commit()
    assert second.has_written.wait(LONG)
    assert "New" in client.get("/products/vase/").content.decode()
    second.commit()
    assert "Old" in client.get("/products/vase/").content.decode()


def test_writers_of_different_products_do_not_wait_for_each_other():
    first, second = (Writer(ProductFactory(), "New") for _ in range(2))
    second.commit()
    first.commit()


def test_writers_of_the_same_new_word_do_not_wait_for_each_other():
    word = "".join(random.choices(ascii_lowercase, k=20))
    first, second = (Writer(product, word) for product in [ProductFactory(), ProductFactory()])
    second.commit()
    first.commit()


def test_category_moves_only_when_no_writer_holds_tags_made_of_its_path(client):
    category = CategoryFactory(slug="vases")
    writer = Writer(ProductFactory(category=category), "New")
    assert writer.has_written.wait(LONG)
    category.slug = "vessels"
    mover = threading.Thread(target=move, args=[category], daemon=True)
    mover.start()
    mover.join(0.3)
    assert mover.is_alive()
    writer.commit()
    mover.join(LONG)
    assert not mover.is_alive()
    assert "New" in client.get("/categories/vessels/").content.decode()


def move(category):
    with clearing(alone=True):
        category.save()
        category_changed(category)
    connection.close()
