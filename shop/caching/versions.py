"""Versions of tags: what a cached page depends on, kept in the database beside the rows themselves."""

import hashlib
import logging
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from operator import itemgetter

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import OuterRef, Subquery

from .cdn import purge
from .django_internals import is_reused, skip_health_check
from .metrics import CLEARED
from .models import Version
from .snapshots import Snapshot, reread

logger = logging.getLogger(__name__)

# A tag that every page has: a new version of it makes everything new.
SITE = "site"
SELECT = f"SELECT tag, version FROM {Version._meta.db_table} WHERE tag IN (%s)"  # noqa: S608


# The name of the lock by which those who move what tags are made of keep other writers away.
WRITERS = 0x696E676C65


class NotClearingError(RuntimeError):
    """clear() was called outside a clearing() block."""


class ClearingError(RuntimeError):
    """A page was to be rendered inside a clearing() block, whose rows may never be committed."""


@dataclass
class Block:
    """What a clearing() block has collected.

    tags: those to renew, and for what; written: subjects, and where; cleared_for: subjects that need
    nothing more; snapshots: {(model, pk): Snapshot} of the rows that are locked.
    """

    actor: str = ""
    outer: "Block | None" = None
    tags: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)
    cleared_for: set = field(default_factory=set)
    snapshots: dict = field(default_factory=dict)

    @property
    def outermost(self):
        return self.outer.outermost if self.outer else self

    def has(self, key):
        return key in self.snapshots or (self.outer is not None and self.outer.has(key))

    def compare(self):
        """Clear the tags whose facts are others than they were, of all rows that were written."""
        written = {key: old for key, old in self.snapshots.items() if old.subject in self.written}
        for (model, pk), row in reread(written):
            snapshot = written[model, pk]
            tags = snapshot.changed_tags(row.tag_facts() if row else {})
            self.tags |= dict.fromkeys(tags, snapshot.subject)
            self.cleared_for.add(snapshot.subject)

    def merge(self, other):
        self.tags |= other.tags
        self.written |= other.written
        self.cleared_for |= other.cleared_for
        self.snapshots = other.snapshots | self.snapshots

    def tags_to_renew(self):
        """Return the tags to renew, with SITE among them after a write that nobody cleared for."""
        forgotten = {what: where for what, where in self.written.items() if what not in self.cleared_for}
        for subject, place in forgotten.items():
            logger.error("%s was written in %s and nothing cleared for it: everything is", subject, place)
            self.tags[SITE] = subject
        return self.tags


_block: ContextVar[Block | None] = ContextVar("block", default=None)


@contextmanager
def clearing(actor="", exclusive=False):
    """Run a block in a transaction whose last statement gives every tag cleared in it a new version.

    Blocks nest: the outermost one writes. A block that raises writes nothing. Rows of tracked
    models are remembered when they are locked, or else just before they are written, and
    compared at the end. actor: whose write it is, for those who look later; exclusive: wait until
    no other block is open, and keep others waiting, as tags that other writers clear change.
    """
    outer = _block.get()
    block = Block(actor, outer)
    with transaction.atomic():
        if outer is None or exclusive:
            _lock_writers(exclusive)
        token = _block.set(block)
        try:
            yield
        finally:
            _block.reset(token)
        if outer is None:
            block.compare()
            _renew(block.tags_to_renew(), actor)
        else:
            outer.merge(block)


def is_clearing():
    return _block.get() is not None


def clear(tags, subject=None):
    """Mark tags (an iterable of strings) for a new version at the end of the clearing() block.

    subject: what was written, as for note_write(). Raises NotClearingError outside such a
    block, where rows and versions could part.
    """
    block = _open_block()
    block.tags |= dict.fromkeys(tags, subject)
    block.cleared_for.add(subject)


def note_write(subject, place):
    """Note that a subject, like ("product", 7), is written, so that a missing clear() is noticed."""
    _open_block().written[subject] = place


def remember(row, is_new=False):
    """Remember what pages show of a locked row, if a clearing() block is open; is_new: nothing, so far."""
    block, key = _block.get(), (type(row), row.pk)
    if block is None:
        return
    row.__dict__["_remembered_in"] = block.outermost
    if not block.has(key):
        block.snapshots[key] = Snapshot(row.cache_subject, {} if is_new else row.tag_facts())


def is_remembered(row):
    """Return whether a row was loaded, or made, as it is now in the database, locked by the open block."""
    block = _open_block()
    return block.has((type(row), row.pk)) and row.__dict__.get("_remembered_in") is block.outermost


def not_remembered(model, keys):
    """Return those primary keys whose rows the open block has not remembered."""
    block = _open_block()
    return sorted({key for key in keys if not block.has((model, key))})


def _open_block():
    block = _block.get()
    if block is None:
        raise NotClearingError("This needs a surrounding `with clearing():`")
    return block


class Versions(dict):
    """The versions of some tags: {tag: 16 hexadecimal digits}."""

    def __or__(self, others):
        return Versions({**self, **others})

    def only(self, tags):
        return Versions((tag, self[tag]) for tag in tags)

    @property
    def digest(self):
        """32 hexadecimal digits that stand for all of them."""
        text = "\n".join(f"{tag} {version}" for tag, version in sorted(self.items()))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def read_versions(tags):
    """Return the Versions of tags (a list of strings) in one query.

    Call it before reading any row that a tag stands for. A tag that was never cleared
    has no row and reads as zeros; no random version is ever zero.
    """
    if is_clearing():
        raise ClearingError("Read versions, and render pages, outside clearing().")
    may_be_dead = is_reused(connection)
    # This query is the health check of a kept connection: another one before it costs as much again.
    skip_health_check(connection)
    try:
        rows = _rows(tags)
    except (InterfaceError, OperationalError):
        if not may_be_dead:
            raise
        connection.close()
        rows = _rows(tags)
    return Versions((tag, _digits(rows.get(tag))) for tag in tags)


def _rows(tags):
    # Written out: this is the one query of each hit, and building it costs more than running it.
    with connection.cursor() as cursor:
        cursor.execute(SELECT % ", ".join(["%s"] * len(tags)), tags)
        return dict(cursor.fetchall())


def read_versions_of(rows, tag):
    """Return the Versions of the tags of some rows (a queryset) in the one query that finds the rows.

    tag: an expression that makes a row's tag, like Concat(Value("card:"), "slug").
    """
    version = Version.objects.filter(tag=OuterRef("cache_tag")).values("version")
    found = rows.prefetch_related(None).annotate(cache_tag=tag)
    return Versions((tag, _digits(n)) for tag, n in found.values_list("cache_tag", Subquery(version)))


def _digits(version):
    return f"{(version or 0) % 2**64:016x}"


def _lock_writers(exclusive):
    # SQLite lets one writer in at a time anyway.
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [WRITERS])


def _renew(tags, actor):
    # Sorted, so that two writers lock rows in the same order and cannot deadlock.
    Version.objects.bulk_create(
        [
            Version(tag=tag, version=_random_version(), cleared_by=_signature(actor, subject))
            for tag, subject in sorted(tags.items(), key=itemgetter(0))
        ],
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=["version", "cleared_at", "cleared_by"],
    )
    for tag in tags:
        CLEARED.labels(tag.partition(":")[0]).inc()
    if settings.EDGES:
        names = list(tags)
        transaction.on_commit(lambda: purge(names), robust=True)


def _signature(actor, subject):
    what = " ".join(str(part) for part in subject or () if part is not None)
    return f"{actor or 'the shop'}: {what}"[:200]


def _random_version():
    return secrets.randbits(64) - 2**63 or 1
