from contextlib import nullcontext
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from prometheus_client import REGISTRY

from shop.caching.models import Version
from shop.caching.versions import ClearingError, NotClearingError, clear, clearing, note_write, read_versions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_versions():
    """Forget the versions that migrations wrote."""
    Version.objects.all().delete()


def versions():
    return dict(Version.objects.values_list("tag", "version"))


def test_clearing_gives_each_tag_a_new_version():
    before = read_versions(["a", "b", "c"])
    with clearing():
        clear(["a", "b"])
    after = read_versions(["a", "b", "c"])
    assert after["a"] != before["a"]
    assert after["b"] != before["b"]
    assert after["c"] == before["c"] == "0" * 16


def test_clearing_again_gives_another_version():
    with clearing():
        clear(["a"])
    first = versions()["a"]
    with clearing():
        clear(["a"])
    assert versions()["a"] not in (first, 0)


def test_versions_are_written_in_one_statement_after_everything_else(django_assert_num_queries):
    on_postgres = connection.vendor == "postgresql"  # where writers take a lock first
    with django_assert_num_queries(4 + on_postgres) as queries, clearing():
        clear(["tag-b", "tag-a"])
        Version.objects.count()
        clear(["tag-c"])
    last = queries.captured_queries[-2]["sql"]
    assert last.startswith("INSERT")
    assert last.index("tag-a") < last.index("tag-b") < last.index("tag-c")


def test_rollback_leaves_no_trace():
    with pytest.raises(ZeroDivisionError), clearing():
        clear(["a"])
        raise ZeroDivisionError
    assert versions() == {}
    with clearing():
        clear(["b"])
    assert set(versions()) == {"b"}


def test_inner_block_hands_its_tags_to_the_outer_one():
    with clearing():
        with clearing():
            clear(["a"])
        assert versions() == {}
    assert set(versions()) == {"a"}


def test_inner_block_that_fails_clears_nothing():
    with clearing():
        clear(["a"])
        with pytest.raises(ZeroDivisionError), clearing():
            clear(["b"])
            raise ZeroDivisionError
    assert set(versions()) == {"a"}


@pytest.mark.parametrize("block", [transaction.atomic, pytest.MonkeyPatch.context])
def test_clear_outside_clearing_is_refused(block):
    with block(), pytest.raises(NotClearingError):
        clear(["a"])


def test_reading_is_one_query_however_many_tags(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(read_versions([f"tag{n}" for n in range(50)])) == 50


def test_digest_tells_snapshots_apart():
    assert read_versions(["ab", "c"]).digest != read_versions(["a", "bc"]).digest
    assert read_versions(["a", "b"]).digest == read_versions(["b", "a"]).digest


def test_pages_are_not_rendered_from_rows_that_may_never_be_committed(client):
    with clearing(), pytest.raises(ClearingError):
        client.get("/products/")
    assert client.get("/products/").status_code == 200


def test_write_that_an_inner_block_clears_for_is_not_forgotten():
    with clearing(), clearing():
        note_write(("thing", 1), "here")
        clear(["a"], ("thing", 1))
    assert set(versions()) == {"a"}


def test_tag_says_who_renewed_it_for_what_and_when():
    with clearing("kim"):
        clear(["a"], ("product", 7))
    Version.objects.update(cleared_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert Version.objects.get().cleared_by == "kim: product 7"
    with clearing():
        clear(["a"], ("home", None))
    renewed = Version.objects.get()
    assert (renewed.cleared_by, renewed.cleared_at.year > 2020) == ("the shop: home", True)


def test_who_is_cut_to_what_the_column_holds():
    with clearing("k" * 300):
        clear(["a"])
    assert Version.objects.get().cleared_by == "k" * 200


def test_renewed_tags_are_counted_by_kind():
    def counted(kind):
        return REGISTRY.get_sample_value("shop_tags_cleared_total", {"kind": kind}) or 0

    before = counted("of-a-kind")
    with clearing():
        clear(["of-a-kind:1", "of-a-kind:2", "another:1"])
    assert counted("of-a-kind") == before + 2


@pytest.fixture
def failing_once(monkeypatch):
    """Return a function that makes the next query for versions fail, and gives the connections used."""
    used = []

    def fail_with(error):
        def rows(tags):
            used.append(connection.connection)
            if len(used) == 1:
                raise error
            return {}

        monkeypatch.setattr("shop.caching.versions._rows", rows)
        return used

    return fail_with


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [InterfaceError, OperationalError])
def test_versions_are_asked_for_again_where_a_kept_connection_was_lost(failing_once, error):
    connection.ensure_connection()
    used = failing_once(error)
    assert read_versions(["a"]) == {"a": "0" * 16}
    assert [connection is None for connection in used] == [False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_transaction", [True, False])
def test_failure_of_a_new_connection_or_within_a_transaction_is_not_hidden(failing_once, is_in_transaction):
    if not is_in_transaction:
        connection.close()
    used = failing_once(OperationalError)
    with transaction.atomic() if is_in_transaction else nullcontext(), pytest.raises(OperationalError):
        read_versions(["a"])
    assert len(used) == 1


def test_reading_versions_stands_for_the_health_check_of_a_connection(monkeypatch):
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", False)
    monkeypatch.setattr(connection, "is_usable", lambda: pytest.fail("asked for twice"))
    assert read_versions(["a"])


@pytest.mark.django_db(transaction=True)
def test_write_stands_even_if_nobody_can_be_told_of_it(settings, monkeypatch):
    settings.EDGES = ["127.0.0.1:1"]
    monkeypatch.setattr("shop.caching.versions.purge", Mock(side_effect=ZeroDivisionError))
    with clearing():
        clear(["a"])
    assert set(versions()) == {"a"}
