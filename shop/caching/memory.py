"""A cache in the memory of a process, bounded by bytes and resistant to crawls."""

import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

# Bytes that an entry takes besides its weight: its objects, and its places in two tables.
ENTRY_OVERHEAD = 500
# The share of the memory for entries that were read again.
PROVEN = 0.8


class Memory:
    """A segmented LRU cache of entries that have a `weight` in bytes.

    An entry that is read again is proven; newcomers are evicted first, so a crawl, which reads each page
    once, evicts only its own pages.
    """

    def __init__(self, max_bytes):
        self.max_bytes = max_bytes
        self.size = self._proven_size = 0
        self._newcomers: OrderedDict[str, Any] = OrderedDict()
        self._proven: OrderedDict[str, Any] = OrderedDict()
        self.lock = threading.RLock()

    @property
    def entries(self):
        return {**self._newcomers, **self._proven}

    def get(self, key):
        with self.lock:
            if (entry := self._proven.get(key)) is not None:
                self._proven.move_to_end(key)
            elif (entry := self._newcomers.pop(key, None)) is not None:
                self._prove(key, entry)
            return entry

    def set(self, key, entry):
        with self.lock:
            self.delete(key)
            self._newcomers[key] = entry
            self.size += _weight(key, entry)
            while self.size > self.max_bytes:
                self.delete(next(iter(self._newcomers or self._proven)))

    def delete(self, key):
        with self.lock:
            if (entry := self._proven.pop(key, None)) is not None:
                self._proven_size -= _weight(key, entry)
            else:
                entry = self._newcomers.pop(key, None)
            if entry is not None:
                self.size -= _weight(key, entry)

    def clear(self):
        with self.lock:
            self._newcomers.clear()
            self._proven.clear()
            self.size = self._proven_size = 0

    def _prove(self, key, entry):
        self._proven[key] = entry
        self._proven_size += _weight(key, entry)
        while self._proven_size > PROVEN * self.max_bytes:
            former, entry = self._proven.popitem(last=False)
            self._proven_size -= _weight(former, entry)
            self._newcomers[former] = entry


def _weight(key, entry):
    return entry.weight + len(key) + ENTRY_OVERHEAD


@dataclass(frozen=True, slots=True)
class Kept:
    value: Any
    expires: float
    weight: int


class MemoryCache(BaseCache):
    """A cache backend in the memory of one process, bounded by OPTIONS["MAX_BYTES"].

    Values are not copied, so they must be immutable: bytes, strings, numbers, and tuples of them.
    """

    memories: dict[str, Memory] = {}

    def __init__(self, location, params):
        super().__init__(params)
        # Django makes an instance per thread; they share the memory.
        self.memory = self.memories.setdefault(self.key_prefix, Memory(params["OPTIONS"]["MAX_BYTES"]))

    def get(self, key, default=None, version=None):
        kept = self.memory.get(self.make_key(key, version))
        return default if kept is None or kept.expires <= time.time() else kept.value

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        expires = float("inf") if seconds is None else time.time() + seconds
        self.memory.set(self.make_key(key, version), Kept(value, expires, _bytes_of(value)))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        with self.memory.lock:
            is_new = self.get(key, version=version) is None
            if is_new:
                self.set(key, value, timeout, version)
            return is_new

    def delete(self, key, version=None):
        with self.memory.lock:
            was_there = self.get(key, version=version) is not None
            self.memory.delete(self.make_key(key, version))
            return was_there

    def clear(self):
        self.memory.clear()


def _bytes_of(value):
    inside = sum(map(_bytes_of, value)) if isinstance(value, tuple) else 0
    return sys.getsizeof(value) + inside
