"""The last copy of each page, shown while the database is down and versions cannot be read."""

from django.core.cache import caches

from .page_keys import variant_key
from .rate_limit import DAY
from .tiers import CacheEntry, decompress

NOTICE = (
    b'<p class="stale-page" role="status">Part of the shop is down for a moment. '
    b"This is our last copy of the page and may be out of date.</p>"
)


def keep_for_outage(request, response):
    """Keep a copy of a page, whatever its versions."""
    entry = CacheEntry.of(response, DAY)
    caches["shared"].set(_key(request), entry.pack(), DAY)


def stale_page(request):
    """Return the last copy of a page, with a notice and headers that keep it out of caches, or None."""
    packed = caches["shared"].get(_key(request))
    if packed is None:
        return None
    response = CacheEntry.unpack(packed).value
    if response.headers.get("Content-Encoding") == "gzip":
        decompress(response)
    response.content = response.content.replace(b"<main", NOTICE + b"<main", 1)
    for name in ("Content-Length", "ETag", "Surrogate-Key", "Surrogate-Control"):
        del response.headers[name]
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Cache"] = "stale"
    return response


def _key(request):
    return f"stale:{variant_key(request)}"
