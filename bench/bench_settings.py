"""The shop's settings, and beside its pages the views that bench/speed.py compares them with."""

import os

from storefront.settings import *  # noqa: F403
from storefront.settings import CACHES, env, tiered_cache

ROOT_URLCONF = "bench_urls"
STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]

CACHES["pages"] |= tiered_cache(env.int("BENCH_MEGABYTES", default=64))
CACHES["stock"] = {
    "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
    "LOCATION": env.str("CACHE_URL").removeprefix("memcached://"),
    "KEY_PREFIX": "stock",
}
