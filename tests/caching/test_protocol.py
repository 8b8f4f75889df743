"""The page cache's protocol, and protocols that look as good, in every interleaving.

Ours is a model, small enough for many processes at once; the last tests hold the code to taking the model's
steps in the model's order. In test_acting.py the code itself is explored.
"""

from functools import cache, partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.caching.versions import clearing
from tests.factories import ProductFactory

from .explorer import (
    StaleReadError,
    StuckError,
    explore,
    format_trace,
    readers_and_writers,
    shortest_stale_trace,
    steps_alone,
    world_of,
)
from .recording import one_of_each, step_of
from .steps import (
    COMMIT,
    WRITE_VERSIONS,
    Own,
    add,
    commit,
    delete,
    get,
    increment,
    lock_rows,
    read_rows,
    read_versions,
    renew,
    store,
    write_back,
    write_rows,
    write_versions,
)

# Our protocol


def reader():
    versions = yield read_versions("tag")
    if page := (yield get("page", versions)):
        return page
    page = yield read_rows("row")
    yield store("page", versions, value=page)
    return page


def writer():
    # The commit is its last step, so what it promises holds from the commit, not only from the answer.
    yield write_rows("row")
    yield write_versions("tag")
    yield commit()


def reader_of_two_rows():
    """Read one row after the other; a commit between the two makes a page that never was."""
    versions = yield read_versions("tag")
    if page := (yield get("page", versions)):
        return page
    product = yield read_rows("product")
    variant = yield read_rows("variant")
    yield store("page", versions, value=product + variant)
    return product + variant


def writer_of_two_rows():
    yield write_rows("product", "variant")
    yield write_versions("tag")
    yield commit()


@cache
def reader_with_memory(memory):
    """Return a reader whose process has a memory of its own in front of the shared cache."""

    def tiered_reader():
        versions = yield read_versions("tag")
        if page := (yield get(memory, versions)):
            return page
        if page := (yield get("memcached", versions)):
            yield store(memory, versions, value=page)
            return page
        page = yield read_rows("row")
        yield store(memory, versions, value=page)
        yield store("memcached", versions, value=page)
        return page

    return tiered_reader


def reader_with_fragment():
    """Build the page around a fragment that depends on one of the page's two tags."""
    versions = yield read_versions("site", "product:vase")
    if page := (yield get("page", versions)):
        return page
    menu = yield get("menu", versions[:1])
    if not menu:
        menu = yield read_rows("category")
        yield store("menu", versions[:1], value=menu)
    page = menu + (yield read_rows("vase"))
    yield store("page", versions, value=page)
    return page


def writer_of_category():
    yield write_rows("category")
    yield write_versions("site")
    yield commit()


def writer_of_product():
    yield write_rows("vase")
    yield write_versions("product:vase")
    yield commit()


def reader_that_takes_turns():
    """Render in one's turn, which is that of a page under its versions, and look again when it has come."""
    versions = yield read_versions("tag")
    if page := (yield get("page", versions)):
        return page
    # Whoever is refused waits: this step may come at any later moment. It goes on without the turn,
    # too, as one does who has waited too long, or whose cache is away.
    has_turn = yield add("turn", versions)
    page = yield get("page", versions)
    if not page:
        page = yield read_rows("row")
        yield store("page", versions, value=page)
    if has_turn:
        yield delete("turn", versions)
    return page


def save_unchanged(lock=False):
    """Save a whole row as it was read, and clear nothing, as nothing looks different."""
    if lock:
        yield lock_rows("row")
    page = yield read_rows("row")
    yield write_back(page)
    yield commit()


MISHAPS = {"crash": 1, "rollback": 1, "eviction": 1, "resurrection": 1}
WRITERS = [[writer], [writer]]
MEMORIES = [[reader_with_memory(Own("memory 1"))] * 2, [reader_with_memory(Own("memory 2"))]]
TURNS = [reader_that_takes_turns]
OURS = {
    "two requests each": readers_and_writers([[reader] * 2] * 2, WRITERS, **MISHAPS),
    "three readers": readers_and_writers([[reader]] * 3, WRITERS, eviction=1, resurrection=1),
    "four commits": readers_and_writers([[reader]] * 2, [[writer] * 2] * 2, **MISHAPS),
    "cache away": readers_and_writers([[reader] * 2] * 2, WRITERS, outage=1, crash=1),
    "two rows": readers_and_writers(
        [[reader_of_two_rows] * 2, [reader_of_two_rows]],
        [[writer_of_two_rows]] * 2,
        rows=["product", "variant", "tag"],
        **MISHAPS,
    ),
    "memories": readers_and_writers(MEMORIES, WRITERS, eviction=1, resurrection=1),
    "fragments": readers_and_writers(
        [[reader_with_fragment]] * 2,
        [[writer_of_category], [writer_of_product]],
        rows=["category", "vase", "site", "product:vase"],
        **MISHAPS,
    ),
    "single flight": readers_and_writers([TURNS, TURNS], WRITERS, **MISHAPS),
    "single flight, twice": readers_and_writers([TURNS * 2, TURNS], WRITERS, crash=1),
    "locked comparison": readers_and_writers(
        [[reader]] * 2, [[writer], [partial(save_unchanged, lock=True)]], **MISHAPS
    ),
}


@pytest.mark.parametrize("world", OURS.values(), ids=OURS.keys())
def test_no_interleaving_of_ours_is_stale(world):
    found = explore(world)
    assert found.interleavings > found.states > 1000


# Protocols that look as good


def usual_reader():
    if page := (yield get("page")):
        return page
    page = yield read_rows("row")
    yield store("page", value=page)
    return page


def delete_after_commit():
    yield write_rows("row")
    yield commit()
    yield delete("page")


def delete_before_commit():
    yield write_rows("row")
    yield delete("page")
    yield commit()


def reader_with_token():
    token = (yield get("token")) or (yield renew("token"))
    if page := (yield get("page", token)):
        return page
    page = yield read_rows("row")
    yield store("page", token, value=page)
    return page


def renew_token_after_commit():
    yield write_rows("row")
    yield commit()
    yield renew("token")


def reader_with_counter():
    number = (yield get("counter")) or 0
    if page := (yield get("page", number)):
        return page
    page = yield read_rows("row")
    yield store("page", number, value=page)
    return page


def count_after_commit():
    yield write_rows("row")
    yield commit()
    yield increment("counter")


def reader_that_reads_rows_first():
    page = yield read_rows("row")
    versions = yield read_versions("tag")
    if cached := (yield get("page", versions)):
        return cached
    yield store("page", versions, value=page)
    return page


def versions_in_a_later_transaction():
    yield write_rows("row")
    yield commit()
    yield write_versions("tag")
    yield commit()


def versions_in_an_earlier_transaction():
    yield write_versions("tag")
    yield commit()
    yield write_rows("row")
    yield commit()


def reader_with_bare_fragment():
    """Key the fragment by what it shows, not by its version."""
    versions = yield read_versions("tag")
    if page := (yield get("page", versions)):
        return page
    page = yield get("menu")
    if not page:
        page = yield read_rows("row")
        yield store("menu", value=page)
    yield store("page", versions, value=page)
    return page


def reader_that_waits_for_any_holder():
    """Take what the holder of the address's lock has rendered, whenever that one read its versions."""
    if (yield add("lock")):
        page = yield read_rows("row")
        yield store("page handed over", value=page)
        yield delete("lock")
        return page
    return (yield get("page handed over")) or (yield read_rows("row"))


def writer_that_renders_before_its_commit():
    yield write_rows("row")
    yield from reader()
    yield write_versions("tag")
    yield commit()


# name: (steps of a shortest stale trace, the reader, the writers, the faults it takes)
WRONG = {
    "delete after commit": (7, usual_reader, [delete_after_commit], {}),
    "delete before commit": (7, usual_reader, [delete_before_commit], {}),
    "token, crash": (10, reader_with_token, [renew_token_after_commit], {"crash": 1}),
    "token, cache away": (12, reader_with_token, [renew_token_after_commit], {"outage": 1}),
    "token, old one is back": (11, reader_with_token, [renew_token_after_commit], {"resurrection": 1}),
    "counter, eviction": (10, reader_with_counter, [count_after_commit], {"eviction": 1}),
    "rows before versions": (10, reader_that_reads_rows_first, [writer], {}),
    "versions earlier": (10, reader, [versions_in_an_earlier_transaction], {}),
    "versions later, crash": (9, reader, [versions_in_a_later_transaction], {"crash": 1}),
    "fragment without versions": (12, reader_with_bare_fragment, [writer], {}),
    "waiting for an earlier reader": (8, reader_that_waits_for_any_holder, [writer], {}),
    "rendering before the commit": (7, reader, [writer_that_renders_before_its_commit], {}),
    "comparing without a lock": (12, reader, [writer, save_unchanged], {}),
}


@pytest.mark.parametrize(("length", "read", "writers", "faults"), WRONG.values(), ids=WRONG.keys())
def test_explorer_finds_the_stale_read_of(length, read, writers, faults):
    world = readers_and_writers([[read]] * 2, [[write] for write in writers], **faults)
    trace = shortest_stale_trace(world)
    assert trace, "no stale read found"
    assert len(trace) == length, format_trace(trace)
    with pytest.raises(StaleReadError):
        explore(world)


def test_deleting_after_the_commit_is_stale_in_seven_steps():
    world = world_of(
        {"reader 1": [usual_reader], "reader 2": [usual_reader], "writer": [delete_after_commit]}, ["row"]
    )
    assert format_trace(shortest_stale_trace(world)) == SEVEN_STEPS


SEVEN_STEPS = """\
 1. reader 1  get page → nothing
 2. reader 1  read the rows → row 0
 3. writer    write the rows row
 4. writer    commit
 5. writer    delete page
 6. reader 1  set page = row 0 and answer row 0
 7. reader 2  get page → row 0 and answer row 0"""


def test_faults_alone_make_the_wrong_protocols_of_tokens_wrong():
    world = readers_and_writers([[reader_with_token]] * 2, [[renew_token_after_commit]])
    assert shortest_stale_trace(world) is None


def test_explorer_finds_processes_that_wait_for_each_other():
    def write(*rows):
        for row in rows:
            yield write_rows(row)
        yield commit()

    with pytest.raises(StuckError):
        explore(readers_and_writers([], [[partial(write, "a", "b")], [partial(write, "b", "a")]]))


# The code takes the steps of the model


def test_request_takes_the_steps_of_the_model(db, client, recorded):
    address = ProductFactory().get_absolute_url()
    miss_and_hit = [reader_that_takes_turns] * 2
    for expected in steps_alone(*miss_and_hit, rows=["tag", "row"]):
        recorded.clear()
        assert client.get(address).status_code == 200
        assert one_of_each(recorded) == expected


@pytest.mark.django_db(transaction=True)
def test_write_takes_the_steps_of_the_model():
    product = ProductFactory()
    with CaptureQueriesContext(connection) as queries, clearing():
        product.title = "Another"
        product.save()
    begin, *steps = [step_of(query["sql"]) for query in queries]
    [expected] = steps_alone(writer, rows=["tag", "row"])
    assert begin.startswith("BEGIN")
    assert one_of_each(step for step in steps if step in expected) == expected
    assert steps[-2:] == [WRITE_VERSIONS, COMMIT]
