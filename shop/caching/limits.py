"""Limits on how often somebody may do something, counted in the shared cache."""

import time

from django.core.cache import caches


def is_within_limit(name, most, seconds):
    """Count one more use of what name stands for; return whether it is among the first in its window.

    name: letters, digits and punctuation, without spaces; most: uses allowed in each window of
    so many seconds. Without a cache nobody is kept from anything.
    """
    cache = caches["default"]
    key = f"limit:{name}:{int(time.time() // seconds)}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # It was evicted, or the cache is away.
        return True
