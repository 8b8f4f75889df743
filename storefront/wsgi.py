import os
from functools import cache

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")

shop = get_wsgi_application()

# After the settings are loaded.
from . import slow_queries, watchdog  # noqa: E402, F401
from .bodies import UnreadableError, has_body, read_body  # noqa: E402


def application(environ, start_response):
    """Read the whole body, then answer: nginx reports an early answer to an unfinished upload as an error."""
    watch()
    if has_body(environ):
        try:
            environ["wsgi.input"] = read_body(environ)
        except UnreadableError as error:
            start_response(error.status, [("Content-Type", "text/plain"), ("Retry-After", "10")])
            return [b"Your form could not be read. Please try again shortly.\n"]
    return shop(environ, start_response)


@cache
def watch():
    """Start the watchdog on the first request; commands that import this module need none."""
    watchdog.start()
