from django.conf import settings
from django.core.checks import Warning as Advice
from django.core.checks import register


@register(deploy=True)
def processes_share_a_cache(**kwargs):
    """Warn about several processes that do not share a cache."""
    is_shared = settings.CACHES["shared"]["BACKEND"] != "shop.caching.memory.MemoryCache"
    if is_shared or settings.WORKERS == 1:
        return []
    return [
        Advice(
            f"{settings.WORKERS} processes each render and store every page, as CACHE_URL is locmem://.",
            hint="Name a memcached in CACHE_URL, or serve with WORKERS=1.",
            id="caching.W001",
        )
    ]
