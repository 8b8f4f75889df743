"""SITE_URL, the base of all absolute URLs, whatever host a request came to."""

from functools import partial
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def absolute(url):
    """Return an absolute URL; one with its own host, as uploads may have, is unchanged."""
    return urljoin(f"{settings.SITE_URL}/", str(url))


def host():
    return urlsplit(settings.SITE_URL).netloc


def one_host(get_response):
    """Refuse other hosts, and make build_absolute_uri() use SITE_URL, for links in emails."""

    def middleware(request):
        request.get_host()  # raises DisallowedHost
        use_site_url(request)
        return get_response(request)

    return middleware


def use_site_url(request):
    request.build_absolute_uri = partial(_absolute_uri, request)


def _absolute_uri(request, location=None):
    if location is None:
        return settings.SITE_URL + request.get_full_path()
    return urljoin(settings.SITE_URL + request.path, str(location))
