"""Keys for pages: short, however long the URLs that visitors ask for."""

import hashlib

from django.conf import settings


def url_digest(request):
    """Return 32 hexadecimal digits for the URL of a canonical request."""
    url = settings.SITE_URL + request.get_full_path()
    return hashlib.blake2b(url.encode(), digest_size=16).hexdigest()


def variant_key(request, variant=None):
    """Return a key for the whole page at a URL or its fragment for htmx: for what is asked for, or named."""
    return f"{variant or ('fragment' if request.htmx else 'page')}:{url_digest(request)}"


def page_key(request, versions, variant=None):
    """Return the key of a page in the cache: other versions, another key."""
    return f"page:{versions.digest}:{variant_key(request, variant)}"
