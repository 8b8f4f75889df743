import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")

CHUNK = 64 * 1024

shop = get_wsgi_application()


def application(environ, start_response):
    """Answer when all of the request has been read.

    nginx takes the answer for a failure while it is still sending a form that nobody reads.
    """
    answer = shop(environ, start_response)
    while environ["wsgi.input"].read(CHUNK):
        pass
    return answer


# Connections that requests make from here on are watched.
from storefront import slow_queries  # noqa: E402, F401
