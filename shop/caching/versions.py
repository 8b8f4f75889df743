"""Versions of tags: what cached pages depend on, in the same database as the rows they stand for."""

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

# The tag that every page has.
SITE = "site"
SELECT = f"SELECT tag, version FROM {Version._meta.db_table} WHERE tag IN (%s)"  # noqa: S608
# Advisory lock id: writers share it; a write that changes which tags others clear takes it exclusively.
WRITERS = 0x696E676C65


class NotClearingError(RuntimeError):
    """clear() needs a surrounding clearing() block."""


class ClearingError(RuntimeError):
    """A page must not be rendered inside a clearing() block, whose rows may never be committed."""


@dataclass
class Block:
    """What a clearing() block has collected.

    tags: {tag to renew: subject written}; written: {subject: place in the code}; cleared_for: subjects
    whose tags are known; snapshots: {(model, pk): Snapshot} of locked rows.
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
        """Clear the tags whose facts have changed in the rows that were written."""
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
        """Return the tags to renew; after a write without a clear(), all pages."""
        forgotten = {what: where for what, where in self.written.items() if what not in self.cleared_for}
        for subject, place in forgotten.items():
            logger.error("%s was written in %s and nothing cleared for it: everything is", subject, place)
            self.tags[SITE] = subject
        return self.tags


_block: ContextVar[Block | None] = ContextVar("block", default=None)


@contextmanager
def clearing(actor="", exclusive=False):
    """Run a block in a transaction whose last statement gives each cleared tag a new version.

    Blocks nest, and the outermost one writes; a block that raises writes nothing. Rows of tracked
    models are compared with their state before the block. actor: whose write it is, for the log;
    exclusive: run while no other block is open, because it changes which tags other writes clear.
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
    """Give tags (an iterable of strings) new versions at the end of the clearing() block.

    subject: what was written, as for note_write(). Raises NotClearingError outside a block.
    """
    block = _open_block()
    block.tags |= dict.fromkeys(tags, subject)
    block.cleared_for.add(subject)


def note_write(subject, place):
    """Note that a subject, like ("product", 7), is written, so that a missing clear() is noticed."""
    _open_block().written[subject] = place


def remember(row, is_new=False):
    """Take a snapshot of a locked row, if a clearing() block is open; is_new: no page shows it yet."""
    block, key = _block.get(), (type(row), row.pk)
    if block is None:
        return
    row.__dict__["_remembered_in"] = block.outermost
    if not block.has(key):
        block.snapshots[key] = Snapshot(row.cache_subject, {} if is_new else row.tag_facts())


def is_remembered(row):
    """Whether a row was loaded or created under the lock of the open block, and so is up to date."""
    block = _open_block()
    return block.has((type(row), row.pk)) and row.__dict__.get("_remembered_in") is block.outermost


def not_remembered(model, keys):
    """Return the primary keys without a snapshot in the open block, sorted."""
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
        """32 hexadecimal digits for all of them together."""
        text = "\n".join(f"{tag} {version}" for tag, version in sorted(self.items()))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def read_versions(tags):
    """Return the Versions of tags (a list of strings) in one query.

    Call it before reading any row that a tag stands for. A tag never cleared reads as zeros, which
    no random version is. Raises ClearingError inside a clearing() block.
    """
    if is_clearing():
        raise ClearingError("Read versions, and render pages, outside clearing().")
    may_be_dead = is_reused(connection)
    # This query doubles as the health check, which would take as long again.
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
    # Raw SQL: a hit runs no other query, and the ORM takes longer to build it than the database to run it.
    with connection.cursor() as cursor:
        cursor.execute(SELECT % ", ".join(["%s"] * len(tags)), tags)
        return dict(cursor.fetchall())


def read_versions_of(rows, tag):
    """Find rows (a queryset) and return the Versions of their tags, in one query.

    tag: an expression for a row's tag, like Concat(Value("card:"), "slug").
    """
    version = Version.objects.filter(tag=OuterRef("cache_tag")).values("version")
    found = rows.prefetch_related(None).annotate(cache_tag=tag)
    return Versions((tag, _digits(n)) for tag, n in found.values_list("cache_tag", Subquery(version)))


def _digits(version):
    return f"{(version or 0) % 2**64:016x}"


def _lock_writers(exclusive):
    # SQLite has one writer at a time anyway.
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [WRITERS])


def _renew(tags, actor):
    # Sorted, so that two writers lock rows in the same order and never deadlock.
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
