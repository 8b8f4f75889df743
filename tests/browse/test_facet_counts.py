"""The counts of facets that the database keeps equal a slow and obvious count after every kind of write."""

from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.browse.facets import Facets
from shop.browse.models import AttributeCount, FacetCount
from shop.browse.product_results import ProductResults
from shop.browse.querysets import DIMENSIONS, GROUPINGS
from shop.catalogue.models import Product
from shop.catalogue.price_bands import BAND_EDGES, price_band
from tests.factories import CategoryFactory, ProductFactory, SellerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    decor = CategoryFactory(name="Decor", slug="decor")
    places = [decor, CategoryFactory(name="Vases", slug="vases", parent=decor), CategoryFactory()]
    sellers = [SellerFactory(), SellerFactory()]
    for n in range(8):
        ProductFactory(
            category=places[n % 3],
            seller=sellers[n % 2],
            brand=f"Brand {n % 3}",
            price=7 * n,
            stock=n % 2,
            # Said twice it counts once, and the longest an address can ask for is not left out.
            specifications=[
                ["Material", "Oak"],
                ["Material", "Oak"],
                ["Size", str(n % 2)],
                ["Text", "é" * 235],
            ],
        )
    return places, sellers


def obvious(product):
    return {
        "category": product.category_id,
        "brand": product.brand,
        "seller": product.seller_id,
        "band": price_band(product.price),
        "stars": int(product.rating),
        "in_stock": product.stock_shown > 0,
    }


def assert_facet_counts_are_right():
    products = [obvious(product) for product in Product.objects.listed()]
    for grouping in GROUPINGS:
        fields = [name for name in DIMENSIONS if name in grouping]
        expected = Counter(tuple(product[name] for name in fields) for product in products)
        rows = FacetCount.objects.grouped(grouping, {}).order_by().values_list(*fields, "grouping")
        rows = rows.annotate(Sum("n"))
        assert {row[:-2]: row[-1] for row in rows if row[-1]} == expected
    rows = AttributeCount.objects.order_by().values_list("category", "name", "value").annotate(Sum("n"))
    assert {row[:-1]: row[-1] for row in rows if row[-1]} == Counter(
        (product.category_id, name, value)
        for product in Product.objects.listed()
        for name, value in set(map(tuple, product.specifications))
    )


def sum_up():
    """Let PostgreSQL add up what writers have left for later; on SQLite they add it up themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT browse_sum_up(), browse_sum_up_attributes()")


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0]


def write(change, product):
    match change:
        case "price":
            Product.objects.filter(pk=product.pk).update(price=product.price + 30)
        case "brand":
            Product.objects.filter(pk=product.pk).update(brand="Another")
        case "stock":
            Product.objects.filter(pk=product.pk).update(stock_shown=0)
        case "stars":
            Product.objects.filter(pk=product.pk).update(rating_sum=4, rating_count=1, stars_4=1)
        case "title":
            Product.objects.filter(pk=product.pk).update(title="Changed")
        case "specifications":
            details = [["Material", "Oak"], ["Material", "Glass"], ["Size", "0"]]
            Product.objects.filter(pk=product.pk).update(specifications=details)
        case "archive":
            Product.objects.filter(pk=product.pk).update(status="archived")
        case "list again":
            Product.objects.filter(pk=product.pk).update(status="listed")
        case "move":
            Product.objects.update(category=product.category_id, seller=product.seller_id)
        case "delete":
            Product.objects.filter(pk=product.pk).delete()
        case "add":
            details = [["Material", "Glass"], ["Size", "2"]]
            ProductFactory(category=product.category, seller=product.seller, specifications=details)
        case "sum up":
            sum_up()


WRITES = [
    *("price", "brand", "stock", "stars", "title", "specifications"),
    *("archive", "list again", "move", "delete", "add"),
]


@pytest.mark.parametrize("change", WRITES)
@pytest.mark.parametrize("is_summed_up", [False, True])
def test_facet_counts_follow_every_write(shelf, change, is_summed_up):
    if is_summed_up:
        sum_up()
    write(change, Product.objects.order_by("pk")[3])
    assert_facet_counts_are_right()
    sum_up()
    assert_facet_counts_are_right()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.sampled_from([*WRITES, "sum up"]), st.integers(0, 7)), max_size=7))
def test_facet_counts_follow_any_writes_in_any_order(shelf, changes):
    with transaction.atomic():
        for change, n in changes:
            products = list(Product.objects.order_by("pk"))
            write(change, products[n % len(products)])
        assert_facet_counts_are_right()
        transaction.set_rollback(True)


def test_write_that_is_rolled_back_counts_for_nothing(shelf):
    with pytest.raises(RuntimeError), transaction.atomic():
        Product.objects.update(price=1)
        sum_up()
        raise RuntimeError
    assert_facet_counts_are_right()


@pytest.mark.postgres
def test_write_that_changes_no_kind_writes_no_count(shelf):
    before = rows_of("browse_facetcount_delta"), rows_of("browse_attributecount_delta")
    Product.objects.update(title="Changed")
    assert (rows_of("browse_facetcount_delta"), rows_of("browse_attributecount_delta")) == before


@pytest.mark.postgres
def test_deltas_are_summed_up_once_some_thousands_are_there(shelf):
    # A statement is counted as a whole, but its pairs product by product, so that the last ones are left.
    for table, changes, most_left in (
        ("browse_facetcount_delta", [{"price": 10}, {"price": 60}], 0),
        ("browse_attributecount_delta", [{"specifications": [["Size", size]]} for size in "01"], 2 * 8),
    ):
        before, n = 0, 0
        while rows_of(table) >= before:
            before = rows_of(table)
            assert before < 4000
            n += 1
            Product.objects.update(**changes[n % 2])
        assert rows_of(table) <= most_left
        assert_facet_counts_are_right()


def test_what_is_written_behind_our_back_is_counted_by_rebuilding(shelf, raw_writes_are_expected):
    tables = ["browse_facetcount", "browse_attributecount"]
    if connection.vendor == "postgresql":
        tables = ["browse_facetcount_delta", "browse_attributecount_delta"]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table} WHERE n < 3")
            assert cursor.rowcount
    call_command("rebuild_search")
    assert_facet_counts_are_right()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_another_sums_up_while_a_writer_has_not_committed(shelf):
    other = connection.copy()
    with transaction.atomic():
        Product.objects.filter(category=shelf[0][0]).update(brand="Another", specifications=[["Size", "0"]])
        with other.cursor() as cursor:
            cursor.execute("SELECT browse_sum_up(), browse_sum_up_attributes()")
        assert_facet_counts_are_right()
    other.close()
    assert_facet_counts_are_right()


@given(price=st.decimals(0, 99_999_999, places=2) | st.sampled_from([*map(Decimal, BAND_EDGES)]))
def test_database_and_shop_agree_on_bands(price):
    band = "browse_band(%s::numeric)"
    if connection.vendor == "sqlite":
        band = "MAX(number) FROM browse_band WHERE edge <= CAST(%s AS numeric)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {band}", [str(price)])
        assert cursor.fetchone()[0] == price_band(price)


@pytest.mark.parametrize(
    "query", ["", "brand=Brand+1", "price_max=19.99", "in_stock=1&price_min=5", "rating=2&category=decor"]
)
def test_lists_are_counted_without_looking_at_products(shelf, query):
    results = ProductResults(QueryDict(query))
    assert results.total == results.selected.count()
    with connection.execute_wrapper(refuse_products):
        for field in ("brand", "category__path", "seller__slug", "band", "stars", "in_stock"):
            results.counted(field)


def test_attributes_of_a_category_are_counted_without_taking_products_apart(shelf):
    with connection.execute_wrapper(refuse_taking_apart):
        attributes = dict(Facets(ProductResults(QueryDict(), "decor")).attributes())
    assert {size.value: size.count for size in attributes["Size"]} == {"0": 3, "1": 3}


def refuse_products(execute, sql, *rest):
    assert "catalogue_product" not in sql
    return execute(sql, *rest)


def refuse_taking_apart(execute, sql, *rest):
    assert "json_each" not in sql and "jsonb_array_elements" not in sql
    return execute(sql, *rest)
