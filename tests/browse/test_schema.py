"""Search's tables, triggers and index follow its SQL and constants at each `migrate`."""

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.models.signals import post_migrate, pre_migrate
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from shop.browse.attributes import attribute_counts
from shop.browse.facets import Facets
from shop.browse.product_results import ProductResults
from shop.browse.search import schema
from shop.browse.search.results import Search
from shop.catalogue.models import Product
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raw_writes_are_expected")]


@pytest.fixture
def board():
    board = ProductFactory(
        title="Walnut boards",
        description="For bread.",
        care="Oil it.",
        price=12,
        specifications=[["Wood", "Walnut"]],
    )
    # PostgreSQL alters no table of which it has something left to check.
    connection.check_constraints()
    return board


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Return a function that gives search other constants or SQL ({old: new}) from now on."""

    def give(constants=(), sql=None):
        for name, value in dict(constants).items():
            monkeypatch.setattr(schema, name, value)
        text = (schema.FOLDER / f"{connection.vendor}.sql").read_text(encoding="utf-8")
        for old, new in (sql or {}).items():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / f"{connection.vendor}.sql").write_text(text, encoding="utf-8")
        monkeypatch.setattr(schema, "FOLDER", tmp_path)
        forget()

    yield give
    monkeypatch.undo()
    forget()


def forget():
    schema.sections.cache_clear()
    schema.digests.cache_clear()


def migrate():
    schema.after_migrations("default")


def found(text):
    listed = Product.objects.listed()
    return Search(text, listed, is_literal=True).best(listed)


def scalar(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def assert_all_holds(product):
    """Assert that search and counts know the product, and follow a write."""
    for title in ("Walnut board", "Chestnut board"):
        Product.objects.filter(pk=product.pk).update(title=title, specifications=[["Wood", title]])
        assert found(title.split()[0]) == [product.pk]
        assert found("bread") == [product.pk]
        assert ProductResults(QueryDict("in_stock=1")).total == 1
        assert [band.count for band in Facets(ProductResults(QueryDict())).bands()] == [1]
        assert woods(product) == {title: 1}


def test_migrating_again_only_looks(board):
    with CaptureQueriesContext(connection) as queries:
        migrate()
    assert queries.captured_queries
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}


def woods(product):
    return +attribute_counts([product.category_id], ["Wood"])["Wood"]


@pytest.mark.parametrize("section", ["make index", "make counts", "make triggers"])
def test_part_with_other_sql_is_made_again_and_filled(board, given, section):
    given(sql={f"-- [{section}]\n": f"-- [{section}]\n-- Edited.\n"})
    call_command("migrate", verbosity=0)
    assert_all_holds(board)
    test_migrating_again_only_looks(board)


def test_other_text_to_be_searched_is_found(board, given):
    assert found("oil") == []
    given(sql={"browse_fold(product.description)": "browse_fold(product.care)"})
    migrate()
    assert found("oil") == [board.pk]
    assert found("bread") == []


def test_other_reading_of_words_is_that_of_all_products(board, given):
    assert found("boarding") == [board.pk]
    unstemmed = {
        "sqlite": {"porter ascii": "ascii"},
        "postgresql": {"asciiword WITH browse_stem": "asciiword WITH simple"},
    }
    given(sql=unstemmed[connection.vendor])
    migrate()
    assert found("boarding") == []
    assert found("boards") == [board.pk]


def test_other_bands_are_those_of_the_database(board, given):
    given({"BAND_EDGES": (0, 11, 12, 13)})
    migrate()
    query = {
        "sqlite": "SELECT MAX(number) FROM browse_band WHERE edge <= 12.5",
        "postgresql": "SELECT browse_band(12.5)",
    }
    assert scalar(query[connection.vendor]) == 2
    assert dict(ProductResults(QueryDict()).counted("band")) == {2: 1}


def test_other_length_of_attributes_is_that_of_the_database(board, given):
    given({"LONGEST_ATTRIBUTE": 10})
    migrate()
    assert woods(board) == {}


def test_other_folding_is_that_of_all_products(board, given, monkeypatch):
    given({"LONGEST_WORD": 4})
    if connection.vendor == "sqlite":
        monkeypatch.setattr(schema, "fold", lambda text: " ".join(word[:4].lower() for word in text.split()))
    migrate()
    assert scalar("SELECT title FROM browse_searchdocument") == "waln boar"


@pytest.mark.sqlite
def test_engine_ranks_by_the_weights_of_ranking(board, given):
    query = "SELECT v FROM browse_searchindex_config WHERE k = 'rank'"
    assert scalar(query) == "bm25(5, 3, 1, 1, 0.3, 2)"
    given({"WEIGHTS": schema.WEIGHTS | {"description": 7}})
    migrate()
    assert scalar(query) == "bm25(5, 3, 1, 1, 0.3, 7)"


def test_what_was_interrupted_is_done_by_the_next_migration(board, given, monkeypatch):
    given(sql={"browse_fold(product.description)": "browse_fold(product.care)"})
    with monkeypatch.context() as patch:
        patch.setattr(schema, "rebuild", lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate()
    migrate()
    assert found("oil") == [board.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_dropped_first", [True, False])
def test_migration_that_alters_a_table_loses_nothing(board, is_dropped_first):
    brand = Product._meta.get_field("brand")
    longer = models.CharField(max_length=brand.max_length + 20)
    longer.set_attributes_from_name("brand")
    for old, new in ((brand, longer), (longer, brand)):
        send(pre_migrate)
        with connection.schema_editor() as editor:
            if is_dropped_first:
                schema.drop(None, editor)
            editor.alter_field(Product, old, new)
        send(post_migrate)
        assert_all_holds(board)


def send(signal):
    """Send what `migrate` does before and after a migration of the catalogue."""
    from django.apps import apps
    from django.db.migrations import Migration

    config = apps.get_app_config("browse")
    plan = [(Migration("0002_longer_brands", "catalogue"), False)]
    signal.send(config, app_config=config, using="default", plan=plan)
