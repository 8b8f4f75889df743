"""Notes: small values with an expiry time, in a table that all processes share.

Unlike entries of memcached, they are never evicted. They are Django's default cache, because libraries
keep limits and used one-time codes there. While the database is down nothing is noted, and nothing refused.
"""

import json
import logging
import time
from contextlib import contextmanager
from hashlib import blake2b

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import Error, connection, transaction

from .models import Note

logger = logging.getLogger(__name__)

TABLE = Note._meta.db_table
# Insert a note, or extend the present one by a step from its expiry, or from now if it has expired; do
# nothing if that would take it too far ahead.
CLAIM = f"""
    INSERT INTO {TABLE} (name, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value,
        expires = %s + CASE WHEN {TABLE}.expires > %s THEN {TABLE}.expires ELSE %s END
    WHERE {TABLE}.expires <= %s RETURNING name
"""  # noqa: S608
# Seconds; tolerance for sums of floats.
ROUNDING = 0.001
NEVER = 1e11
SECONDS_BETWEEN_SWEEPS, MOST_SWEPT = 60, 10_000

_next_sweep = 0.0


def claim(name, step, ahead, value=""):
    """Let a note expire `step` seconds later, at most `ahead` seconds from now; return False if it cannot.

    One statement, so that concurrent claims never succeed more often than fits.
    """
    now = time.time()
    is_claimed = True
    with _best_effort(), transaction.atomic(), connection.cursor() as cursor:
        values = [_digest(name), value, now + step, step, now, now, now + ahead - step + ROUNDING]
        cursor.execute(CLAIM, values)
        is_claimed = cursor.fetchone() is not None
    _sweep_now_and_then()
    return is_claimed


def sweep():
    """Delete at most MOST_SWEPT expired notes; every process does so once a minute."""
    # Never wait for a transaction that holds one.
    ended = Note.objects.filter(expires__lt=time.time()).select_for_update(skip_locked=True)
    with _best_effort(), transaction.atomic():
        Note.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:MOST_SWEPT])).delete()


class NotesCache(BaseCache):
    """A cache backend for libraries; values must be JSON."""

    def __init__(self, location, params):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        seconds = self._seconds(timeout)
        return claim(self.make_key(key, version), seconds, seconds, json.dumps(value))

    def get(self, key, default=None, version=None):
        value = None
        with _best_effort(), transaction.atomic():
            notes = Note.objects.filter(pk=_digest(self.make_key(key, version)), expires__gt=time.time())
            value = notes.values_list("value", flat=True).first()
        return json.loads(value) if value else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        expires = time.time() + self._seconds(timeout)
        note = Note(name=_digest(self.make_key(key, version)), value=json.dumps(value), expires=expires)
        with _best_effort(), transaction.atomic():
            Note.objects.bulk_create(
                [note], update_conflicts=True, unique_fields=["name"], update_fields=["value", "expires"]
            )
        _sweep_now_and_then()

    def delete(self, key, version=None):
        deleted = 0
        with _best_effort(), transaction.atomic():
            deleted, _ = Note.objects.filter(pk=_digest(self.make_key(key, version))).delete()
        return bool(deleted)

    def clear(self):
        Note.objects.all().delete()

    def _seconds(self, timeout):
        timeout = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return NEVER if timeout is None else timeout


def _digest(name):
    """Return a keyed digest of a name, so that the table reveals no IP or email address."""
    key = blake2b(settings.SECRET_KEY.encode()).digest()
    return blake2b(name.encode(), key=key, digest_size=16).hexdigest()


@contextmanager
def _best_effort():
    try:
        yield
    except Error as error:
        logger.warning("Nothing is noted down, as the database does not take it: %s", error)


def _sweep_now_and_then():
    global _next_sweep
    if time.monotonic() >= _next_sweep:
        _next_sweep = time.monotonic() + SECONDS_BETWEEN_SWEEPS
        sweep()
