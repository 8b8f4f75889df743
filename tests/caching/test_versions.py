import pytest
from django.db import connection, transaction

from shop.caching.models import Version
from shop.caching.versions import ClearingError, NotClearingError, clear, clearing, read_versions

pytestmark = pytest.mark.django_db


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
