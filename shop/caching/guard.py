"""The guards of a page while it is rendered: nothing of the visitor's own, nothing its tags do not cover."""

import logging
import re
from contextlib import contextmanager, nullcontext
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils.functional import SimpleLazyObject

logger = logging.getLogger(__name__)

TABLES_READ = re.compile(r'(?:FROM|JOIN) "?(\w+)"?')
_covering_kinds: dict[str, set[str]] = {}

PERSONAL = ("user", "session", "_messages", "COOKIES")


class PersonalDataError(RuntimeError):
    """A view under the page cache asked for something of the visitor's own."""


class Guard:
    """What a view under the page cache has touched of the visitor's own."""

    def __init__(self, request):
        self.path = request.path
        self.touched = []

    def touch(self, name, value=None):
        self.touched.append(name)
        if settings.CACHE_GUARD_RAISES:
            raise PersonalDataError(f"{self.path} is shared between visitors and must not read {name}")
        logger.error("%s is not stored: it read %s", self.path, name)
        return value

    def check(self, request, response):
        """Touch what shows only afterwards: a token in the page, a cookie on the response."""
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            self.touch("a CSRF token")
        if response.cookies:
            self.touch("a cookie")


@contextmanager
def guarding(request):
    """Yield a Guard while the visitor's user, session, messages and cookies are out of the view's reach."""
    guard = Guard(request)
    kept = {name: getattr(request, name) for name in PERSONAL if hasattr(request, name)}
    for name, value in kept.items():
        setattr(request, name, SimpleLazyObject(partial(guard.touch, name, value)))
    try:
        yield guard
    finally:
        for name, value in kept.items():
            setattr(request, name, value)


class UncoveredReadError(RuntimeError):
    """A shared page read a table that none of its tags stands for."""


def cover(kinds_by_table):
    """Declare tables that shared pages show: {table: kinds of tags, one of which such a page needs}."""
    _covering_kinds.update(kinds_by_table)


def covered_tables():
    return sorted(_covering_kinds)


def watching_reads(tags):
    """Return a context in which reading a table that tags do not cover raises; nothing in production."""
    if not settings.CACHE_GUARD_RAISES:
        return nullcontext()
    kinds = {tag.partition(":")[0] for tag in tags}

    def check(execute, sql, params, many, context):
        for table in TABLES_READ.findall(sql):
            if not kinds & _covering_kinds.get(table, kinds):
                raise UncoveredReadError(f"tags {sorted(tags)} do not cover {table}: {sql}")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(check)
