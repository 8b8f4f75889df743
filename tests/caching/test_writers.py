"""Writers that work at the same time, on a database that lets them: PostgreSQL."""

import random
import threading
import time
from string import ascii_lowercase

import pytest
from django.db import connection

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Product
from tests.factories import CategoryFactory, ProductFactory
from tests.threads import LONG

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# By what PostgreSQL says that somebody waits for: a row of another, or the lock that all writers share.
A_ROW, ALL_WRITERS = {"transactionid", "tuple"}, {"advisory"}


class Worker(threading.Thread):
    """A thread that closes its connection; what it raises fails the test."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work = work
        self.start()

    def run(self):
        try:
            self.work()
        finally:
            connection.close()

    def waits_for(self):
        """Wait until this thread, the only one that does, waits for a lock; return for which."""
        waiting = "wait_event_type = 'Lock' AND datname = current_database()"
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT wait_event FROM pg_stat_activity WHERE {waiting}")
                if found := cursor.fetchone():
                    return found[0]
            assert self.is_alive(), "It waited for nobody."
        raise AssertionError("It neither waits nor ends.")

    def finish(self):
        self.join(LONG)
        assert not self.is_alive()


class Writer(Worker):
    """Somebody who changes a product's title and commits only when told to."""

    def __init__(self, product, title):
        self.product, self.title = product, title
        self.has_written, self.may_commit = threading.Event(), threading.Event()
        super().__init__(self.write)

    def write(self):
        with clearing():
            product = Product.objects.for_page().locked().get(pk=self.product.pk)
            product.title = self.title
            product.save()
            self.has_written.set()
            assert self.may_commit.wait(LONG)

    def commit(self):
        assert self.has_written.wait(LONG)
        self.may_commit.set()
        self.finish()


def test_second_writer_compares_with_what_the_first_one_wrote(client):
    product = ProductFactory(title="Old", slug="vase")
    first = Writer(product, "New")
    assert first.has_written.wait(LONG)
    second = Writer(product, "Old")
    assert second.waits_for() in A_ROW
    first.commit()
    assert second.has_written.wait(LONG)
    assert "New" in client.get("/products/vase/").content.decode()
    second.commit()
    assert "Old" in client.get("/products/vase/").content.decode()


def test_writers_of_different_products_do_not_wait_for_each_other():
    first, second = (Writer(ProductFactory(), "New") for _ in range(2))
    second.commit()
    first.commit()
    assert Product.objects.filter(title="New").count() == 2


def test_writers_of_the_same_new_word_do_not_wait_for_each_other():
    word = "".join(random.choices(ascii_lowercase, k=20))
    first, second = (Writer(product, word) for product in [ProductFactory(), ProductFactory()])
    second.commit()
    first.commit()
    assert Product.objects.filter(title=word).count() == 2


def move(category):
    """Move a category as the admin does: that all other writers must be gone, its save() knows."""
    with clearing():
        category.save()


def move_alone(category):
    with clearing(exclusive=True):
        Category.objects.filter(pk=category.pk).update(slug=category.slug, path=category.slug)


@pytest.mark.parametrize("move", [move, move_alone])
def test_category_moves_only_when_no_writer_holds_tags_made_of_its_path(client, move):
    category = CategoryFactory(slug="vases")
    writer = Writer(ProductFactory(category=category, title="Old"), "New")
    assert writer.has_written.wait(LONG)
    category.slug = "vessels"
    mover = Worker(lambda: move(category))
    assert mover.waits_for() in ALL_WRITERS
    assert Category.objects.get().path == "vases"
    writer.commit()
    mover.finish()
    assert "New" in client.get("/categories/vessels/").content.decode()
