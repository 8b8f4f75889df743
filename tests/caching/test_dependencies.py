"""Pages whose address does not tell what they show, in every interleaving; and the code takes these steps."""

from functools import cache, partial

import pytest

from tests.factories import ProductFactory

from .explorer import (
    StaleReadError,
    explore,
    format_trace,
    readers_and_writers,
    shortest_stale_trace,
    steps_alone,
)
from .recording import one_of_each
from .steps import add, commit, delete, find, get, read_rows, read_versions, store, write_rows, write_versions

ROWS = ["list", "a", "b", "products", "card:a", "card:b"]
MISHAPS = {"crash": 1, "rollback": 1, "eviction": 1, "resurrection": 1}


def card_on(rows):
    """Return the one card that is on a list: which, changes with each commit of the row `list`."""
    return "b" if dict(rows)["list"] % 2 else "a"


def found_in(rows):
    card = f"card:{card_on(rows)}"
    return ((card, dict(rows)[card]),)


@cache
def list_reader(process="process 1"):
    """Return a reader of a list, whose process remembers under the list's version which card is on it."""

    def reader():
        known = yield get("dependencies", process)
        own, found = yield from versions(known)
        if not known or known[0] != own:
            found = found_in((yield find("list", "card:a", "card:b")))
            yield store("dependencies", process, value=(own, found[0][0]))
        return (yield from page_under(own + found))

    return reader


def versions(known):
    tags = ("products", known[1]) if known else ("products",)
    read = yield read_versions(*tags)
    return read[:1], read[1:]


def page_under(versions):
    if page := (yield get("page", versions)):
        return page
    has_turn = yield add("turn", versions)
    page = yield get("page", versions)
    if not page:
        page = yield read_rows("list")
        page += yield read_rows(card_on(page))
        yield store("page", versions, value=page)
    if has_turn:
        yield delete("turn", versions)
    return page


def writer(row, tag):
    yield write_rows(row)
    yield write_versions(tag)
    yield commit()


of_list = partial(writer, "list", "products")
of_a, of_b = partial(writer, "a", "card:a"), partial(writer, "b", "card:b")

OURS = {
    "list and card": ([["process 1"] * 2], [[of_list], [of_b]], MISHAPS),
    "two processes": ([["process 1"], ["process 2"]], [[of_list], [of_a]], {"resurrection": 1, "crash": 1}),
    "back and forth": ([["process 1"] * 2], [[of_list, of_list], [of_a]], {}),
    "two commits": ([["process 1"] * 3], [[of_list, of_b]], {"eviction": 1, "resurrection": 1}),
}


@pytest.mark.parametrize(("readers", "writers", "faults"), OURS.values(), ids=OURS.keys())
def test_no_interleaving_is_stale(readers, writers, faults):
    readers = [[list_reader(process) for process in requests] for requests in readers]
    found = explore(readers_and_writers(readers, writers, rows=ROWS, **faults))
    assert found.interleavings > found.states > 1000


def reader_that_remembers_by_address():
    """Trust what the list contained, whatever its version is now."""
    card = yield get("dependencies")
    if not card:
        [(card, _)] = found_in((yield find("list", "card:a", "card:b")))
        yield store("dependencies", value=card)
    return (yield from page_under((yield read_versions("products", card))))


def reader_that_finds_while_rendering():
    """Render first, and read the versions of what turned out to be shown."""
    own = yield read_versions("products")
    page = yield read_rows("list")
    page += yield read_rows(card_on(page))
    found = yield read_versions(f"card:{card_on(page)}")
    if cached := (yield get("page", own + found)):
        return cached
    yield store("page", own + found, value=page)
    return page


def reader_that_knows_no_cards():
    return (yield from page_under((yield read_versions("products"))))


WRONG = {
    "dependencies without versions": (19, reader_that_remembers_by_address, [of_list, of_b]),
    "cards' versions after their rows": (14, reader_that_finds_while_rendering, [of_a]),
    "no versions of cards": (12, reader_that_knows_no_cards, [of_a]),
}


@pytest.mark.parametrize(("length", "read", "writers"), WRONG.values(), ids=WRONG.keys())
def test_explorer_finds_the_stale_read_of(length, read, writers):
    world = readers_and_writers([[read]] * 2, [[write] for write in writers], rows=ROWS)
    trace = shortest_stale_trace(world)
    assert trace, "no stale read found"
    assert len(trace) == length, format_trace(trace)
    with pytest.raises(StaleReadError):
        explore(world)


def test_requests_for_a_list_take_the_steps_of_the_model(db, client, recorded):
    ProductFactory()
    for expected in steps_alone(*[list_reader()] * 2, rows=ROWS):
        recorded.clear()
        assert client.get("/products/").status_code == 200
        assert one_of_each(recorded) == one_of_each(expected)
