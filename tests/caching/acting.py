"""Let the code itself be a request of the explorer, with the explorer's database and caches under it.

Whatever the code asks of them is a step: its greenlet hands the step to the explorer and waits for the
result. It depends on nothing else, as the explorer starts it again and again with the results so far:
what a process remembers is in the explorer's world, and time passes only while somebody sleeps.
"""

import gzip
import re
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar, copy_context
from functools import partial
from types import SimpleNamespace

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import resolve
from greenlet import GreenletExit, getcurrent, greenlet

from shop.caching import cdn, single_flight, tiers, versions
from shop.caching.middleware import page_cache
from shop.caching.tiers import CacheEntry

from .explorer import NEW
from .steps import (
    ALONE,
    AWAY,
    SHARED,
    Own,
    add,
    commit,
    delete,
    get,
    lock_writers,
    read_rows,
    read_versions,
    roll_back_to,
    savepoint,
    store,
    write_versions,
)

KINDS = re.compile(r"page|template\.cache|lock|stale|asked|dependencies")


class WrongPageError(AssertionError):
    """An answer is another page than was asked for."""


class Actor(greenlet):
    """Some work under way: of which process, which kinds of entries are kept, and what has happened to it."""

    def __init__(self, work, process, kinds):
        super().__init__(partial(attempt, work))
        self.gr_context = copy_context()
        self.process, self.kinds = process, kinds
        self.slept = 0
        self.has_met_failure = self.is_left = False

    def leave(self):
        self.is_left = True
        if not self.dead:
            self.throw()


def acted(work, process=None, kinds=("page", "dependencies")):
    """Return a request of the explorer that runs work and answers what it returns.

    process: whose memory it has; None remembers nothing. kinds: of entries that are kept in the shared
    cache and in memory; all others are lost at once, as a cache may do.
    """

    def request():
        actor = Actor(work, process, kinds)
        try:
            handed = actor.switch()
            while not actor.dead:
                handed = actor.switch((yield handed))
            return handed
        finally:
            actor.leave()

    return request


def attempt(work):
    """Do some work, which the database may put an end to: then it answers nothing."""
    with suppress(OperationalError):
        return work()


def take(step):
    """Take a step from within an Actor's work; raises OperationalError if the database is away."""
    actor = getcurrent()
    if actor.is_left:
        raise GreenletExit
    result = actor.parent.switch(step)
    if result == AWAY:
        actor.has_met_failure = True
        raise OperationalError(AWAY)
    return result


# Visitors


def visit(url, **headers):
    """Return the rows that a page shows, or None for no page: one that is out of date with a reason, too."""
    response = asked(url, **headers)
    return None if response is None else rows_shown(response)


def asked(url, method="GET", **headers):
    """Return the answer to a request, or None if it is rightly none of the present."""
    request = WSGIRequest(RequestFactory().generic(method, url, **headers).environ)
    response = page_cache(answer)(request)
    if response.headers["X-Cache"] == "stale" and getcurrent().has_met_failure:
        return None
    if response.status_code == 200:
        check_form(response, headers)
    return response


def answer(request):
    request.resolver_match = resolve(request.path_info)
    view, args, kwargs = request.resolver_match
    return view(request, *args, **kwargs)


def check_form(response, headers):
    is_compressed = response.headers.get("Content-Encoding") == "gzip"
    if is_compressed and headers.get("HTTP_ACCEPT_ENCODING") != "gzip":
        raise WrongPageError("This was not to be compressed.")
    if text_of(response).startswith("fragment") != ("HTTP_HX_REQUEST" in headers):
        raise WrongPageError(f"{headers} was answered by {text_of(response)}")


def rows_shown(response):
    rows = (line.rpartition(" ") for line in text_of(response).splitlines() if line[-1:].isdecimal())
    return tuple((name, int(number)) for name, _, number in rows)


def text_of(response):
    """Return the text of a response or Entry."""
    body = getattr(response, "body", None) or response.content
    return gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()


def rows(*names):
    """Read rows, and return them as a page shows them: a line for each."""
    return "".join(f"{name} {number}\n" for name, number in take(read_rows(*names)))


# What stands under the code


def let_it_act(monkeypatch, settings):
    """Put the explorer's database, caches and time under the code."""
    settings.CACHE_GUARD_RAISES = False
    shared, own = ({"BACKEND": f"{__name__}.{name}"} for name in ("SharedCache", "OwnCache"))
    tiered = {"BACKEND": "shop.caching.tiers.TieredCache", "LOCATION": "shared", "OPTIONS": {"MAX_BYTES": 1}}
    monkeypatch.setattr(tiers.TieredCache, "memories", {})
    monkeypatch.setattr(tiers, "Memory", Memory)
    settings.CACHES = {"pages": tiered, "template_fragments": tiered, "dependencies": own}
    settings.CACHES |= {"default": shared, "shared": shared}
    assert len(caches.all()) == len(settings.CACHES)
    clock = SimpleNamespace(
        time=lambda: 0,
        monotonic=lambda: getcurrent().slept,
        # To wait once is as good as often: the explorer lets it take as long as it likes.
        sleep=lambda seconds: setattr(getcurrent(), "slept", getcurrent().slept + single_flight.LOCK_SECONDS),
    )
    for module in (tiers, single_flight):
        monkeypatch.setattr(module, "time", clock)
    # Every request is in a thread of its own, and real locks would hold up the explorer.
    monkeypatch.setattr(single_flight, "_thread_lock", lambda key, deadline: nullcontext())
    monkeypatch.setattr(versions, "connection", Connection())
    monkeypatch.setattr(versions, "transaction", SimpleNamespace(atomic=atomic, on_commit=on_commit))
    monkeypatch.setattr(versions, "Version", Version)
    monkeypatch.setattr(versions, "_random_version", lambda: NEW)
    monkeypatch.setattr(cdn, "_purge", lambda edge, keys: take(delete(edge)))


class Connection:
    vendor = "postgresql"
    connection, in_atomic_block = True, False

    def cursor(self):
        return nullcontext(Cursor())

    def close(self):
        pass


class Cursor:
    def execute(self, sql, parameters):
        if sql.startswith("SELECT tag, version"):
            self.found = take(read_versions(*parameters))
        else:
            assert "pg_advisory_xact_lock" in sql
            take(lock_writers(SHARED if "shared" in sql else ALONE))

    def fetchall(self):
        return self.found


class Version(SimpleNamespace):
    class objects:  # noqa: N801 - named as Django's
        @staticmethod
        def bulk_create(made, **options):
            step = write_versions(*(row.tag for row in made if row.version == NEW))
            if _callbacks.get(None) is None:
                with atomic():
                    take(step)
            else:
                take(step)


_callbacks = ContextVar("callbacks")


@contextmanager
def atomic():
    if _callbacks.get(None) is not None:
        written = take(savepoint())
        try:
            yield
        except Exception:
            take(roll_back_to(written))
            raise
        return
    callbacks = []
    token = _callbacks.set(callbacks)
    try:
        yield
        take(commit())
    except Exception:
        take(roll_back_to())
        raise
    finally:
        _callbacks.reset(token)
    for callback in callbacks:
        callback()


def on_commit(callback, robust=False):
    callbacks = _callbacks.get(None)
    callback() if callbacks is None else callbacks.append(callback)


class SharedCache(BaseCache):
    """The cache that all processes share, with memcached's answers while it is away."""

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        value = keeps(key) and take(get("shared", named(key)))
        return known[value] if value else default

    def set(self, key, value, timeout=None, version=None):
        if keeps(key):
            take(store("shared", named(key), value=label(value)))

    def add(self, key, value, timeout=None, version=None):
        return keeps(key) and take(add("shared", named(key))) is not False

    def delete(self, key, version=None):
        if keeps(key):
            take(delete("shared", named(key)))

    def clear(self):
        pass


class Memory:
    """A memory of the Actor's process."""

    def __init__(self, *options):
        pass

    def get(self, key):
        value = remembers(key) and take(get(Own(getcurrent().process), named(key)))
        return known[value] if value else None

    def set(self, key, value):
        if remembers(key):
            take(store(Own(getcurrent().process), named(key), value=label(value)))

    def clear(self):
        pass


class OwnCache(BaseCache):
    """What Django would keep in the process: here, in the memory of the Actor's."""

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        return Memory().get(f"dependencies {key}") or default

    def set(self, key, value, timeout=None, version=None):
        Memory().set(f"dependencies {key}", value)

    def clear(self):
        pass


def keeps(key):
    return KINDS.search(key)[0] in getcurrent().kinds


def remembers(key):
    return getcurrent().process is not None and keeps(key)


# {label: value}: the explorer's worlds hold short names, which are quick to compare and can be read.
known = {"held": "held"}
_labels, _names = {}, {}


def named(key):
    """Return a short name for a key of a cache."""
    kind = KINDS.search(key)[0]
    return _names.setdefault(key, f"{kind} {len(_names)}")


def label(value):
    """Return a short name for an entry, that says what is in it."""
    text = repr(value)
    if text not in _labels:
        _labels[text] = f"{described(value)} ({len(_labels)})"
        known[_labels[text]] = value
    return _labels[text]


def described(value):
    if isinstance(value, bytes):
        value = CacheEntry.unpack(value)
    return ", ".join(text_of(value).split("\n")) if isinstance(value, CacheEntry) else str(value)
