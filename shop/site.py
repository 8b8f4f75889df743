"""The one address that the shop is known by, whatever host name a request came to."""

from functools import partial
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def absolute(url):
    """Return an address with the shop's scheme and host; one that has its own, as uploads may, as it is."""
    return urljoin(f"{settings.SITE_URL}/", str(url))


def host():
    return urlsplit(settings.SITE_URL).netloc


def one_address(get_response):
    """Let nothing that is made of a request, like the links of its mails, speak of another host."""

    def middleware(request):
        request.get_host()  # which refuses those that are not ours
        speak_of_one_address(request)
        return get_response(request)

    return middleware


def speak_of_one_address(request):
    request.build_absolute_uri = partial(_absolute_uri, request)


def _absolute_uri(request, location=None):
    if location is None:
        return settings.SITE_URL + request.get_full_path()
    return urljoin(settings.SITE_URL + request.path, str(location))
