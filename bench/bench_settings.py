"""The shop's settings, and beside its pages the views that bench/speed.py compares them with."""

from storefront.settings import *  # noqa: F403
from storefront.settings import CACHES, DATABASES, env, tiered_cache

ROOT_URLCONF = "bench_urls"

CACHES["pages"] |= tiered_cache(env.int("BENCH_MEGABYTES", default=64))
CACHES["stock"] = {
    "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
    "LOCATION": env.str("CACHE_URL").removeprefix("memcached://"),
    "KEY_PREFIX": "stock",
}

# How bench/connections.py has the server reach PostgreSQL, where it is not as in production.
POOL = {
    "CONN_MAX_AGE": 0,
    "OPTIONS": DATABASES["default"]["OPTIONS"] | {"pool": {"min_size": 4, "max_size": 4}},
}
DATABASES["default"] |= {
    "": {},
    "new": {"CONN_MAX_AGE": 0},
    "pool": POOL,
    "pool, unchecked": POOL | {"CONN_HEALTH_CHECKS": False},
}[env.str("BENCH_CONNECTIONS", default="")]
