"""A check during shared renders: no write, and no table or row without a covering tag."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.db import connection

from .versions import read_versions

TEXT = re.compile(r"'(?:[^']|'')*'")
QUOTED = re.compile(r'"[^"]*"')
NAME = r'(?:"?\w+"?\.)?"?\w+"?'
TABLE_AND_ALIAS = rf"{NAME}(?:\s+(?:AS\s+)?{NAME})?"
LISTED = re.compile(rf"\bFROM\s+((?:ONLY\s+)?{TABLE_AND_ALIAS}(?:\s*,\s*{TABLE_AND_ALIAS})*)", re.IGNORECASE)
WRITE = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|TRUNCATE|CREATE|ALTER|DROP|COPY|LOCK|REINDEX|VACUUM"
    r"|(?:REPLACE|MERGE)\s+INTO|FOR\s+(?:KEY\s+)?SHARE)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")

_covering: dict[str, set[str]] = {}
_covering_lists: dict[str, set[str]] = {}


class UncoveredReadError(RuntimeError):
    """A shared page read a table or row that none of its tags covers."""


class SharedWriteError(RuntimeError):
    """A shared page wrote to the database, or locked rows."""


def cover(kinds_by_table, of_lists=None):
    """Declare which tags cover a table: {table: kinds of tags, one of which a page that reads it needs}.

    of_lists: the same for statements that list the table itself, rather than join it to other rows, so
    that the page depends on which rows there are.
    """
    _covering.update(kinds_by_table)
    _covering_lists.update(of_lists or {})


def covered_tables():
    return sorted(_covering)


_watch: ContextVar["Watch | None"] = ContextVar("watch", default=None)


@contextmanager
def watching(tags, complain):
    """Yield a Watch that passes what a page with these tags must not do to complain(), as an exception."""
    watch = Watch(tags, complain)
    token = _watch.set(watch)
    try:
        with connection.execute_wrapper(watch.check_statement):
            yield watch
    finally:
        _watch.reset(token)


def note_row(row):
    """Note that a row of a TrackedModel was loaded."""
    watch = _watch.get()
    if watch is not None:
        watch.rows.append(row)


class Watch:
    """The rows that a page has read, and a check of its SQL."""

    def __init__(self, tags, complain):
        self.tags, self.complain = tags, complain
        self.kinds = {tag.partition(":")[0] for tag in tags}
        self.rows = []

    def check_statement(self, execute, sql, params, many, context):
        if is_write(sql):
            self.complain(SharedWriteError(f"a shared page must not write: {sql}"))
        for table in uncovered_tables(sql, frozenset(self.kinds)):
            self.complain(UncoveredReadError(f"tags {sorted(self.tags)} do not cover {table}: {sql}"))
        return execute(sql, params, many, context)

    def check_rows(self, versions):
        """Complain about a row that could change without a change of these versions."""
        uncovered = [row for row in self.rows if not row.is_covered_by(versions)]
        # A row created between reading the versions and the rows has changed the versions.
        if uncovered and read_versions(list(versions)) == versions:
            first = f"{uncovered[0]._meta.label} {uncovered[0].pk}"
            self.complain(UncoveredReadError(f"tags {sorted(versions)} do not cover {first}"))


@lru_cache(maxsize=500)
def is_write(sql):
    return bool(WRITE.search(QUOTED.sub("", TEXT.sub("", sql))))


@lru_cache(maxsize=500)
def uncovered_tables(sql, kinds):
    """Return the tables in a statement that none of these kinds of tags covers."""
    sql = TEXT.sub("", sql)
    read = set(WORD.findall(sql.lower()))
    listed = {name for part in LISTED.findall(sql) for name in WORD.findall(part.lower())}
    return sorted(
        {table for table in _covering.keys() & read if not kinds & _covering[table]}
        | {table for table in _covering_lists.keys() & listed if not kinds & _covering_lists[table]}
    )
