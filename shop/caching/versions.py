"""Versions of tags: what a cached page depends on, kept in the database beside the rows themselves."""

import hashlib
import secrets
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from .models import Version

SELECT = f"SELECT tag, version FROM {Version._meta.db_table} WHERE tag IN (%s)"  # noqa: S608

# The tags that the innermost clearing() block of this thread has collected.
_collected = ContextVar("collected", default=None)


class NotClearingError(RuntimeError):
    """clear() was called outside a clearing() block."""


@contextmanager
def clearing():
    """Run a block in a transaction whose last statement gives every tag cleared in it a new version.

    Blocks nest: the outermost one writes. A block that raises writes nothing.
    """
    outer, tags = _collected.get(), set()
    with transaction.atomic():
        token = _collected.set(tags)
        try:
            yield
        finally:
            _collected.reset(token)
        if outer is None:
            _renew(tags)
        else:
            outer |= tags


def clear(tags):
    """Mark tags (an iterable of strings) for a new version at the end of the clearing() block.

    Raises NotClearingError outside such a block, where rows and versions could part.
    """
    collected = _collected.get()
    if collected is None:
        raise NotClearingError(f"clear({sorted(tags)}) needs a surrounding `with clearing():`")
    collected.update(tags)


class Versions(dict):
    """The versions of some tags at one moment: {tag: 16 hexadecimal digits}."""

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
    # Written out: this is the one query of each hit, and building it costs more than running it.
    with connection.cursor() as cursor:
        cursor.execute(SELECT % ", ".join(["%s"] * len(tags)), tags)
        rows = dict(cursor.fetchall())
    return Versions((tag, f"{rows.get(tag, 0) % 2**64:016x}") for tag in tags)


def _renew(tags):
    # Sorted, so that two writers lock rows in the same order and cannot deadlock.
    Version.objects.bulk_create(
        [Version(tag=tag, version=_random_version()) for tag in sorted(tags)],
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=["version"],
    )


def _random_version():
    return secrets.randbits(64) - 2**63 or 1
