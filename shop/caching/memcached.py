"""Django's memcached backend with persistent connections, where a fault is a miss."""

import json
import logging
import time
from hashlib import blake2b

from django.core.cache.backends.memcached import PyMemcacheCache
from pymemcache.client.rendezvous import RendezvousHash

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_COMPLAINTS = 60


class NodeOfKey(RendezvousHash):
    """Choose the node of a key by rendezvous hashing, with a hash that is not written in Python."""

    def __init__(self):
        super().__init__(hash_function=_score)


def _score(text, seed):
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


class PlainValues:
    """Store bytes as they are and everything else as JSON.

    Django would unpickle values, which lets anyone who can write to memcached run code in the shop.
    """

    BYTES, JSON = 0, 64

    def serialize(self, key, value):
        return (value, self.BYTES) if isinstance(value, bytes) else (json.dumps(value).encode(), self.JSON)

    def deserialize(self, key, value, flags):
        """Return the value that serialize() was given; raises ValueError for entries of other programs."""
        if flags not in (self.BYTES, self.JSON):
            raise ValueError(f"An entry with flags {flags} is not ours.")
        return value if flags == self.BYTES else json.loads(value)


class MemcachedCache(PyMemcacheCache):
    """PyMemcacheCache that never raises and keeps its connections between requests.

    Each thread has its own instance and its own connection to each node.
    """

    last_complaint = float(-SECONDS_BETWEEN_COMPLAINTS)

    def __init__(self, server, params):
        params["OPTIONS"] = {"hasher": NodeOfKey, "serde": PlainValues(), **params.get("OPTIONS", {})}
        super().__init__(server, params)

    def get(self, key, default=None, version=None):
        return self._attempt(default, super().get, key, default, version)

    def get_many(self, keys, version=None):
        return self._attempt({}, super().get_many, keys, version)

    def set(self, key, value, *args, **kwargs):
        return self._attempt(None, super().set, key, value, *args, **kwargs)

    def add(self, key, value, *args, **kwargs):
        # If memcached is down, everyone is first: False would tell allauth that a limit is used up.
        return self._attempt(True, super().add, key, value, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        """Return the new value; raises ValueError if there is none, or memcached is down."""
        value = self._attempt(None, super().incr, key, delta, version)
        if value is None:
            raise ValueError(f"There is no {key} to add to.")
        return value

    def delete(self, key, version=None):
        return self._attempt(False, super().delete, key, version)

    def close(self, **kwargs):
        """Ignore Django, which closes caches after each request."""

    def _attempt(self, otherwise, call, *args, **kwargs):
        try:
            return call(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a fault of the cache must not break the shop
            self._complain(error)
            return otherwise

    def _complain(self, error):
        now = time.monotonic()
        if now - MemcachedCache.last_complaint >= SECONDS_BETWEEN_COMPLAINTS:
            MemcachedCache.last_complaint = now
            logger.warning("memcached does not answer, pages come from memory or database: %r", error)
