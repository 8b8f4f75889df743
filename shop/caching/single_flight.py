"""Single flight: of many requests that miss the same page, one renders it and the others wait."""

import threading
import time
from collections import Counter
from contextlib import contextmanager

from django.core.cache import caches

from .metrics import WAITS

# The longest wait for another request's rendering, and the life of a dead process's lock.
LOCK_SECONDS = 2
POLL = 0.01

_guard = threading.Lock()
_locks: dict[str, threading.Lock] = {}
_users: Counter[str] = Counter()


@contextmanager
def render_lock(key):
    """Hold an exclusive lock on key across threads and processes.

    Waits at most LOCK_SECONDS, then goes on without it. A dead holder's lock expires after as long.
    Without a shared cache, only the threads of this process exclude one another.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    with _thread_lock(key, deadline), _process_lock(f"lock:{key}", deadline):
        yield


@contextmanager
def _thread_lock(key, deadline):
    with _guard:
        lock = _locks.setdefault(key, threading.Lock())
        _users[key] += 1
    held = lock.acquire(blocking=False)
    if not held:
        WAITS.inc()
        held = lock.acquire(timeout=max(0, deadline - time.monotonic()))
    try:
        yield
    finally:
        if held:
            lock.release()
        with _guard:
            _users[key] -= 1
            if not _users[key]:
                del _users[key], _locks[key]


@contextmanager
def _process_lock(key, deadline):
    cache = caches["shared"]
    held = _acquire(cache, key, deadline)
    try:
        yield
    finally:
        if held:
            cache.delete(key)


def _acquire(cache, key, deadline):
    while time.monotonic() < deadline:
        if cache.add(key, "taken", LOCK_SECONDS):
            return True
        if cache.get(key) is None:
            # It was released this moment, or there is no cache to hold locks.
            return cache.add(key, "taken", LOCK_SECONDS)
        time.sleep(POLL)
    return False
