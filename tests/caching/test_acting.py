"""The code itself in every interleaving: no page is stale, and one is as soon as the code is broken."""

import inspect
import textwrap
from contextlib import suppress
from functools import partial

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from shop.caching import dependencies, pages, stale_pages, versions
from shop.caching.pages import CachedPage
from shop.caching.parameters import page_number
from shop.caching.tiers import CacheEntry
from shop.caching.versions import SITE, Versions, clear, clearing, note_write

from .acting import WrongPageError, acted, asked, known, label, let_it_act, rows, rows_shown, take, visit
from .explorer import explore, paused, readers_and_writers, shortest_stale_trace, upcoming
from .steps import find, get, read_rows, store, write_rows

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def explorers_world(settings):
    # Undone before the caches of the settings come back, which no test after this one would want so.
    with pytest.MonkeyPatch.context() as patch:
        let_it_act(patch, settings)
        yield
    upcoming.cache_clear()
    paused.clear()


# Pages


class Shown(CachedPage):
    """A page of some rows, as a whole or as a fragment."""

    tags = names = ()

    def cache_tags(self):
        return self.tags

    def get(self, request, **kwargs):
        return HttpResponse(("fragment\n" if request.htmx else "page\n") + self.text(**kwargs))

    def text(self):
        return rows(*self.names)


class ListOfOne(Shown):
    """A list of one card, a or b, which changes with each commit of the row `list`."""

    tags = ["products"]

    def find_versions(self):
        return found(0)

    def text(self):
        return listed(0)


class Home(Shown):
    """A page of two shelves, each with one of the cards, found and read one after the other."""

    tags = ["products"]

    def find_versions(self):
        return found(0) | found(1)

    def text(self):
        return listed(0) + listed(1)


class PageOfList(Shown):
    """A list of two pages with a card on each: it reads its parameter twice, which takes one form of it."""

    tags = ["products"]
    query_parameters = {"page": page_number}

    def find_versions(self):
        card = "b" if self.request.GET.get("page") == "2" else "a"
        return Versions((tag, f"{version:016x}") for tag, version in take(find(f"card:{card}")))

    def text(self):
        return rows("ab"[int(self.request.GET.get("page", "1")) - 1])


class AroundFragment(Shown):
    """A page around the menu, which is kept as a fragment of its own."""

    tags = ["product"]
    template = engines["django"].from_string(
        "{% load cache %}{% cache 3600 'menu' versions.site %}{{ menu }}{% endcache %}{{ text }}"
    )

    def text(self):
        context = {
            "versions": self.request.versions,
            "menu": partial(rows, "category"),
            "text": partial(rows, "row"),
        }
        return self.template.render(context)


class Place(Shown):
    """What is at one of two places, between which the product moves with each commit of the row `place`."""

    def cache_tags(self):
        return [f"place:{self.kwargs['number']}"]

    def text(self, number):
        [(_, moves)] = take(read_rows("place"))
        return f"place {moves}\n" + (rows("row") if moves % 2 == number else "")


def found(shelf):
    read = dict(take(find("list", "card:a", "card:b")))
    card = f"card:{card_on(read['list'], shelf)}"
    return Versions({card: f"{read[card]:016x}"})


def listed(shelf):
    [(_, commits)] = take(read_rows("list"))
    return f"list {commits}\n" + rows(card_on(commits, shelf))


def card_on(commits, shelf):
    return "ab"[(commits + shelf) % 2]


urlpatterns = [
    path("page/", Shown.as_view(tags=["product"], names=["row"])),
    path("two/", Shown.as_view(tags=["product", "other"], names=["row", "other"])),
    path("list/", ListOfOne.as_view()),
    path("home/", Home.as_view()),
    path("pages/", PageOfList.as_view()),
    path("around/", AroundFragment.as_view()),
    path("places/<int:number>/", Place.as_view()),
]


# Writers


def save(row, *tags):
    with clearing():
        take(write_rows(row))
        clear(tags)


def save_within():
    """Write within another write, and once more in vain."""
    with clearing():
        with clearing():
            take(write_rows("row"))
            clear(["product"])
        with suppress(ZeroDivisionError), clearing():
            take(write_rows("other"))
            clear(["other"])
            raise ZeroDivisionError
        take(write_rows("other"))
        clear(["other"])


def forget():
    with clearing():
        take(write_rows("row"))
        note_write(("product", 7), "a place in the code")


def save_where_it_is():
    with clearing():
        [(_, moves)] = take(read_rows("place"))
        take(write_rows("row"))
        clear([f"place:{moves % 2}"])


def move(exclusive=True):
    with clearing(exclusive=exclusive):
        take(write_rows("place"))
        clear(["place:0", "place:1"])


def ask_by_edge(is_asking=True):
    """Ask as an edge does that keeps a copy, and asks whether it is still right."""
    kept = known.get(take(get("edge")))
    if kept and not is_asking:
        return rows_shown(kept)
    headers = {"HTTP_IF_NONE_MATCH": dict(kept.headers)["ETag"]} if kept else {}
    response = asked("/page/", **headers)
    if response is None:
        return None
    if response.status_code == 304:
        return rows_shown(kept)
    take(store("edge", value=label(CacheEntry.of(response, 60))))
    return rows_shown(response)


def visits(url, process=None, kinds=("page", "dependencies"), **headers):
    return acted(partial(visit, url, **headers), process, kinds)


# Worlds, made when the explorer's database is there


MISHAPS = {"crash": 1, "rollback": 1, "eviction": 1, "resurrection": 1}
ONE = "process 1"


def of_page():
    reader = visits("/page/")
    return [[reader] * 2, [reader]], [[acted(partial(save, "row", "product"))]], MISHAPS


def of_memory():
    readers = [[visits("/page/", ONE)] * 2, [visits("/page/", "process 2")]]
    return readers, [[acted(partial(save, "row", "product"))]], {"outage": 1, "crash": 1}


def of_turns():
    reader = visits("/page/", kinds=("page", "lock"))
    return [[reader]] * 2, [[acted(partial(save, "row", "product"))]], {"crash": 1, "outage": 1}


def of_list():
    reader = visits("/list/", ONE)
    writers = [[acted(partial(save, "list", "products"))], [acted(partial(save, "b", "card:b"))]]
    return [[reader] * 3], writers, {"crash": 1}


def of_home():
    reader = visits("/home/", ONE, kinds=("dependencies", "page"))
    writers = [[acted(partial(save, "list", "products"))], [acted(partial(save, "b", "card:b"))]]
    return [[reader] * 2], writers, {}


def of_spellings():
    """Readers of one page, who spell it in other ways, or want its fragment, its head, or it compressed."""
    first = [visits("/pages/?page=02"), visits("/pages/?page=2&utm=1", HTTP_HX_REQUEST="true")]
    second = [
        visits("/pages/?q=a&page=1&page=02", HTTP_ACCEPT_ENCODING="gzip"),
        visits("/pages/?page=2", method="HEAD"),
    ]
    return [first, second], [[acted(partial(save, "b", "card:b"))]], {}


def of_fragments():
    reader = visits("/around/", ONE, kinds=("page", "template.cache"))
    writers = [[acted(partial(save, "category", SITE))], [acted(partial(save, "row", "product"))]]
    return [[reader] * 2], writers, {"outage": 1}


def of_stale_pages():
    reader = visits("/page/", kinds=("page", "stale"))
    return [[reader] * 3], [[acted(partial(save, "row", "product"))]], {"failure": 1, "crash": 1}


def of_places(exclusive=True):
    readers = [[visits("/places/1/")] * 2]
    return readers, [[acted(save_where_it_is)], [acted(partial(move, exclusive))]], {"crash": 1}


def of_nested():
    readers = [[visits("/two/")] * 2, [visits("/page/")] * 2]
    return readers, [[acted(save_within)]], {"crash": 1}


def of_forgotten():
    return [[visits("/page/")] * 2] * 2, [[acted(forget)]], {"crash": 1, "resurrection": 1}


def of_edges(is_asking=True):
    reader = acted(partial(ask_by_edge, is_asking))
    return [[reader] * 2, [reader]], [[acted(partial(save, "row", "product"))]], {"resurrection": 1}


OURS = [
    of_page,
    of_memory,
    of_turns,
    of_list,
    of_home,
    of_spellings,
    of_fragments,
    of_stale_pages,
    of_places,
    of_nested,
    of_forgotten,
    of_edges,
]


@pytest.mark.parametrize("world", OURS, ids=lambda world: world.__name__)
def test_no_interleaving_of_the_code_is_stale(world):
    found = explore(made(*world()))
    assert found.interleavings > found.states > 500


def made(readers, writers, faults):
    return readers_and_writers(readers, writers, rows=[], **faults)


# The code broken

# name: (the world, the function, {what it says: what it says instead})
BROKEN = {
    "versions after the commit, and a crash": (
        of_page,
        versions.clearing,
        {
            """
        if outer is None:
            block.compare()
            _renew(block.tags_to_renew(), actor)
        else:
            outer.merge(block)""": """
    if outer is None:
        block.compare()
        _renew(block.tags_to_renew(), actor)
    else:
        outer.merge(block)"""
        },
    ),
    "tags without their versions": (of_page, Versions.digest.fget, {"{tag} {version}": "{tag}"}),
    "pages under no versions": (
        of_page,
        pages._served,
        {"page_key(request, request.versions)": "page_key(request, Versions())"},
    ),
    "pages under versions read later": (
        of_page,
        pages._stored,
        {
            "response = get_response(request)": """response = get_response(request)
            key = page_key(request, versions_of(CachePolicy("", list(request.versions), 60), request))"""
        },
    ),
    "dependencies under any versions": (
        of_list,
        dependencies.versions_of,
        {"own.digest == known_under": "known_under"},
    ),
    "dependencies found before their versions": (
        of_list,
        dependencies.versions_of,
        {
            "versions = read_versions(": "early = policy.find_versions()\n    versions = read_versions(",
            "found = policy.find_versions()": "found = early",
        },
    ),
    "a list without its cards' versions": (
        of_list,
        dependencies.versions_of,
        {"return versions\n": "return own\n"},
    ),
    "one of two shelves forgotten": (of_home, Home.find_versions, {"found(0) | found(1)": "found(0)"}),
    "a parameter of many forms": (
        of_spellings,
        page_number,
        {'return str(number) if number > 1 else ""': "return text"},
    ),
    "nested blocks whose tags are lost": (of_nested, versions.clearing, {"outer.merge(block)": "pass"}),
    "a write that nobody notices": (
        of_forgotten,
        versions.Block.tags_to_renew,
        {"self.tags[SITE] = subject": "pass"},
    ),
    "writers who do not wait for a move": (
        of_places,
        versions._lock_writers,
        {'"pg_advisory_xact_lock" if exclusive else ': ""},
    ),
    "a last copy while the database is there": (
        of_stale_pages,
        pages._served,
        {
            "        request.versions = versions_of(policy, request, admit)": """
        request.versions = versions_of(policy, request, admit)
        if copy := stale_page(request):
            return copy"""
        },
    ),
    "a last copy stored as a page": (
        of_stale_pages,
        stale_pages.stale_page,
        {"private, no-store": pages.SHARED, '"ETag", ': ""},
    ),
    "an ETag of the address": (of_edges, pages.rendered, {"response.content,": "request.path.encode(),"}),
}


@pytest.mark.parametrize(("world", "function", "changes"), BROKEN.values(), ids=BROKEN)
def test_explorer_finds_the_stale_page_of(world, function, changes, monkeypatch):
    break_(monkeypatch, function, changes)
    assert_stale(world())


def test_explorer_finds_the_stale_page_of_a_move_that_waits_for_nobody():
    assert_stale(of_places(exclusive=False))


def test_explorer_finds_the_stale_page_of_an_edge_that_answers_unasked(settings):
    """What EDGE_TTL above 0 gives up, however soon the edge is told of the write."""
    settings.EDGES = ["edge"]
    assert_stale(of_edges(is_asking=False))


def test_explorer_finds_the_fragment_that_is_sent_as_a_page(monkeypatch):
    break_(monkeypatch, pages.make_canonical, {'request.META["HTTP_HX_REQUEST"] = "true"': "pass"})
    with pytest.raises(WrongPageError):
        explore(made(*of_spellings()))


def assert_stale(world):
    assert shortest_stale_trace(made(*world)), "no stale page found"


def break_(monkeypatch, function, changes):
    """Let a function say something else, wherever it is called from."""
    function = inspect.unwrap(function)
    source = textwrap.dedent(inspect.getsource(function))
    for right, wrong in changes.items():
        assert source.count(right) == 1, f"{function.__qualname__} does not say {right} once"
        source = source.replace(right, wrong)
    names = {}
    exec(source, function.__globals__, names)
    [broken] = names.values()
    monkeypatch.setattr(function, "__code__", inspect.unwrap(getattr(broken, "fget", broken)).__code__)
