import logging
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.caching import versions
from shop.caching.versions import clear, clearing, not_remembered, note_write, read_versions
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.sellers.models import Seller
from tests.factories import CategoryFactory, PhotoFactory, ProductFactory, SellerFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    product = ProductFactory(slug="vase", category=CategoryFactory(slug="vases"))
    PhotoFactory(product=product)
    return product


def variants(product):
    return [Variant(product=product, seller=product.seller, sku="X", price=1)]


def retitled(product):
    product.title = "New"
    return product


WRITES = {
    "save": (lambda product: retitled(product).save(), "product:vase"),
    "delete": (lambda product: product.delete(), "product:vase"),
    "update": (lambda product: Product.objects.update(title="New"), "product:vase"),
    "delete by queryset": (lambda product: Product.objects.all().delete(), "product:vase"),
    "bulk_create": (lambda product: Variant.objects.bulk_create(variants(product)), "product:vase"),
    "bulk_update": (
        lambda product: Product.objects.bulk_update([retitled(product)], fields=["title"]),
        "card:vase",
    ),
    "overwrite": (lambda product: Product.objects.overwrite([retitled(product)], ["title"]), "card:vase"),
    "variant saved": (lambda product: VariantFactory(product=product, is_default=False), "product:vase"),
    "variants updated": (lambda product: product.variants.update(price=1), "product:vase"),
    "variant deleted": (lambda product: product.variants.get().delete(), "product:vase"),
    "photo saved": (lambda product: PhotoFactory(product=product), "card:vase"),
    "photos deleted": (lambda product: Photo.objects.all().delete(), "products.pictures"),
    "seller updated": (lambda product: Seller.objects.update(name="New"), "card:vase"),
    "seller created": (lambda product: SellerFactory(), "sellers"),
    "sellers created in bulk": (
        lambda product: Seller.objects.bulk_create([Seller(name="New", slug="new")]),
        "sellers",
    ),
    "category updated": (lambda product: Category.objects.update(name="New"), "site"),
    "category created": (lambda product: CategoryFactory(), "site"),
    "product listed": (lambda product: ProductFactory(category=product.category), "category:vases"),
}


@pytest.mark.parametrize(("write", "tag"), WRITES.values(), ids=WRITES.keys())
def test_write_renews_what_shows_it(product, caplog, write, tag):
    before = read_versions([tag, "site"])
    write(product)
    after = read_versions([tag, "site"])
    assert after[tag] != before[tag]
    assert tag == "site" or after["site"] == before["site"]
    assert not caplog.records


def test_list_that_is_renewed_needs_none_of_its_aspects_renewed(product):
    tags = ["products", "products.pictures"]
    before = read_versions(tags)
    ProductFactory(category=product.category)
    after = read_versions(tags)
    assert [tag for tag in tags if after[tag] != before[tag]] == ["products"]


def moved(row, other):
    row.product = other
    return row


MOVES = {
    "variant saved": lambda product, other: moved(product.variants.get(), other).save(),
    "photo saved": lambda product, other: moved(product.photos.get(), other).save(),
    "photos updated": lambda product, other: product.photos.update(product=other),
    "photos updated by key": lambda product, other: product.photos.update(product_id=other.pk),
    "photos updated in bulk": lambda product, other: Photo.objects.bulk_update(
        [moved(product.photos.get(), other)], ["product"]
    ),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
def test_what_moves_renews_where_it_was_and_where_it_is(product, move):
    other = ProductFactory(slug="bowl", seller=product.seller, category=product.category)
    other.variants.all().delete()
    tags = ["product:vase", "product:bowl"]
    before = read_versions(tags)
    move(product, other)
    after = read_versions(tags)
    assert [tag for tag in tags if after[tag] == before[tag]] == []


SEEN_BY_NOBODY = {
    "saved as it is": lambda product: product.save(),
    "changed and changed back": lambda product: [
        retitled(product).save(),
        Product.objects.update(title="Old"),
    ],
    "a stock that looks the same": lambda product: product.variants.update(stock=17),
    "a draft": lambda product: ProductFactory(
        status="draft", category=product.category, seller=product.seller
    ),
    "a block that fails": lambda product: fail_after(retitled(product).save),
}


def titled(title):
    Product.objects.update(title=title)


def fail_after(write):
    with suppress(ZeroDivisionError), clearing():
        write()
        raise ZeroDivisionError


@pytest.mark.parametrize("write", SEEN_BY_NOBODY.values(), ids=SEEN_BY_NOBODY.keys())
def test_write_that_nobody_sees_renews_nothing(product, write):
    Product.objects.update(title="Old")
    product.refresh_from_db()
    tags = [
        "site",
        "products",
        "product:vase",
        "card:vase",
        "category:vases",
        f"seller:{product.seller.slug}",
    ]
    before = read_versions(tags)
    with clearing():
        write(product)
    assert read_versions(tags) == before


def test_changing_brings_a_row_up_to_date_once(product):
    stale = Product.objects.get()
    Product.objects.update(title="Newer")
    with stale.changing():
        assert stale.title == "Newer"
        stale.title = "Newest"
        with stale.changing():
            assert stale.title == "Newest"
        stale.save()
    assert Product.objects.get().title == "Newest"


def test_block_that_failed_is_no_reason_to_trust_what_it_loaded(product):
    with clearing():
        with suppress(ZeroDivisionError), product.changing():
            product.title = "Never saved"
            raise ZeroDivisionError
        with product.changing():
            assert product.title != "Never saved"


def test_what_a_locked_row_was_is_not_read_once_more(product, django_assert_num_queries):
    with clearing():
        with django_assert_num_queries(3):  # with variants and photos
            locked = Product.objects.for_page().locked().get()
        with CaptureQueriesContext(connection) as queries:
            locked.save()
        assert not [query for query in queries if "catalogue_variant" in query["sql"]]


def test_write_that_nothing_is_compared_for_clears_everything_and_names_its_place(caplog):
    before = read_versions(["site"])
    with caplog.at_level(logging.ERROR, "shop.caching"), clearing():
        note_write(("product", 7), f"{__file__}:1")
    assert read_versions(["site"]) != before
    assert f"{__file__}:1 and nothing cleared for it" in caplog.text


def test_moving_a_category_moves_its_descendants(caplog):
    parent = CategoryFactory(slug="decor")
    CategoryFactory(slug="vases", parent=parent)
    before = read_versions(["site"])
    parent.slug = "ornament"
    parent.save()
    assert read_versions(["site"]) != before
    assert not caplog.records
    assert Category.objects.filter(path="ornament/vases").exists()


def test_raw_write_outside_clearing_is_caught(product, raw_writes_are_expected):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_product SET title = 'Raw'")
    assert raw_writes_are_expected == ["UPDATE catalogue_product SET title = 'Raw'"]


def test_raw_write_inside_clearing_is_the_callers_business(product):
    with clearing(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_product SET title = 'Raw'")
        clear(["products", "product:vase"])
    assert Product.objects.get().title == "Raw"


def test_bulk_create_returns_what_it_made():
    made = Seller.objects.bulk_create([Seller(name="New", slug="new")])
    assert [seller.slug for seller in made] == ["new"]


def test_save_of_some_fields_writes_no_others(product):
    product.title, product.description = "New", "New"
    product.save(update_fields=["title"])
    product.refresh_from_db()
    assert (product.title, product.description == "New") == ("New", False)


NOT_ABOUT_OTHERS = {
    "part saved": lambda product: product.variants.get().save(),
    "saved": lambda product: product.save(),
    "read": lambda product: list(Product.objects.all()),
    "parts locked": lambda product: list(Variant.objects.locked()),
    "column locked": lambda product: list(Product.objects.locked().values_list("title")),
}


@pytest.mark.parametrize("act", NOT_ABOUT_OTHERS.values(), ids=NOT_ABOUT_OTHERS.keys())
def test_rows_that_are_not_written_are_not_compared(product, act):
    other = ProductFactory(slug="bowl")
    with clearing():
        act(product)
        assert not_remembered(Product, [other.pk]) == [other.pk]


def test_row_that_was_locked_in_an_earlier_block_is_brought_up_to_date(product):
    with clearing():
        stale = Product.objects.for_page().locked().get()
    Product.objects.update(title="Newer")
    with clearing():
        Product.objects.for_page().locked().get()
        with stale.changing():
            assert stale.title == "Newer"


def test_place_of_a_write_is_the_line_that_asked_for_it(product):
    with clearing():
        product.save()
        place, _, line = versions._block.get().written[product.cache_subject].rpartition(":")
    assert (place, line.isdigit()) == (__file__, True)


@pytest.mark.postgres
def test_row_is_locked_before_it_is_brought_up_to_date(product):
    stale = Product.objects.get()
    with CaptureQueriesContext(connection) as queries, stale.changing():
        pass
    assert [query for query in queries if 'FOR UPDATE OF "catalogue_product"' in query["sql"]]
