"""A cache in two tiers: a bounded memory in each process in front of the shared cache.

Keys contain versions, so entries never change and a copy in memory cannot be stale.
"""

import gzip
import json
import time
from dataclasses import dataclass

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.http import HttpResponse

from .memory import Memory

# Bytes. memcached refuses items of 1 MiB.
ITEM_LIMIT = 1_000_000
# Bytes of memory that a header takes besides its name and value.
HEADER_OVERHEAD = 180


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A stored page or template fragment; built and expires are seconds since the epoch."""

    built: float
    expires: float
    body: bytes
    status: int = 0
    headers: tuple = ()

    @classmethod
    def of(cls, value, seconds):
        now = time.time()
        if isinstance(value, HttpResponse):
            return cls(now, now + seconds, value.content, value.status_code, tuple(value.items()))
        return cls(now, now + seconds, value.encode())

    @classmethod
    def unpack(cls, packed):
        """Return the CacheEntry that pack() turned into bytes; raises ValueError, KeyError or TypeError."""
        head, _, body = packed.partition(b"\n")
        facts = json.loads(head)
        headers = tuple(map(tuple, facts["headers"]))
        return cls(facts["built"], facts["expires"], body, facts["status"], headers)

    def pack(self):
        names = ("built", "expires", "status", "headers")
        head = {name: getattr(self, name) for name in names}
        return json.dumps(head).encode() + b"\n" + self.body

    @property
    def weight(self):
        """Bytes of memory."""
        return len(self.body) + sum(len(name) + len(value) + HEADER_OVERHEAD for name, value in self.headers)

    @property
    def value(self):
        if self.status:
            return HttpResponse(self.body, status=self.status, headers=dict(self.headers))
        return self.body.decode()


class TieredCache(BaseCache):
    """A cache backend for pages (HttpResponse) and fragments (str).

    LOCATION is the alias of the shared cache; OPTIONS["MAX_BYTES"] bounds the memory of each process.
    """

    memories: dict[str, Memory] = {}

    def __init__(self, location, params):
        super().__init__(params)
        self.shared_alias = location
        # Django makes an instance per thread; they share the memory.
        self.memory = self.memories.setdefault(self.key_prefix, Memory(params["OPTIONS"]["MAX_BYTES"]))
        self.tier: str | None = None

    @property
    def shared(self):
        return caches[self.shared_alias]

    def get(self, key, default=None, version=None):
        """Return the value; `tier` then says where it was found: memory, shared or None."""
        entry = self.entry(key, version)
        return default if entry is None else entry.value

    def entry(self, key, version=None):
        """Return the CacheEntry of a key, or None if it is missing or has expired."""
        key = self.make_key(key, version)
        entry, self.tier = self.memory.get(key), "memory"
        if entry is None:
            entry, self.tier = self._from_shared(key), "shared"
        if entry is None or entry.expires < time.time():
            self.tier = None
            return None
        return entry

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_key(key, version)
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        entry = CacheEntry.of(value, seconds)
        if seconds and len(entry.body) <= ITEM_LIMIT:
            self.memory.set(key, entry)
            self.shared.set(key, entry.pack(), seconds)

    def delete(self, key, version=None):
        key = self.make_key(key, version)
        self.memory.delete(key)
        return self.shared.delete(key)

    def clear(self):
        self.memory.clear()
        self.shared.clear()

    def _from_shared(self, key):
        packed = self.shared.get(key)
        if packed is None:
            return None
        try:
            entry = CacheEntry.unpack(packed)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        self.memory.set(key, entry)
        return entry


def pages():
    """Return the cache of pages."""
    return caches["pages"]


def compress(response):
    """Compress the body once, for all visitors."""
    response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
    response.headers["Content-Encoding"] = "gzip"


def decompress(response):
    """Undo compress() for a client that does not accept gzip."""
    response.content = gzip.decompress(response.content)
    del response.headers["Content-Encoding"]
    response.headers["Content-Length"] = str(len(response.content))
