"""The guard that keeps a visitor's own data out of pages that everybody is shown."""

import logging
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.utils.functional import SimpleLazyObject

logger = logging.getLogger(__name__)

PERSONAL = ("user", "session", "_messages", "COOKIES")


class PersonalDataError(RuntimeError):
    """A view under the page cache asked for something of the visitor's own."""


class Guard:
    """What a view under the page cache has touched of the visitor's own."""

    def __init__(self, request):
        self.path = request.path
        self.touched = []

    def touch(self, name, value=None):
        self.touched.append(name)
        if settings.CACHE_GUARD_RAISES:
            raise PersonalDataError(f"{self.path} is shared between visitors and must not read {name}")
        logger.error("%s is not stored: it read %s", self.path, name)
        return value

    def check(self, request, response):
        """Touch what shows only afterwards: a token in the page, a cookie on the response."""
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            self.touch("a CSRF token")
        if response.cookies:
            self.touch("a cookie")


@contextmanager
def guarding(request):
    """Yield a Guard while the visitor's user, session, messages and cookies are out of the view's reach."""
    guard = Guard(request)
    kept = {name: getattr(request, name) for name in PERSONAL if hasattr(request, name)}
    for name, value in kept.items():
        setattr(request, name, SimpleLazyObject(partial(guard.touch, name, value)))
    try:
        yield guard
    finally:
        for name, value in kept.items():
            setattr(request, name, value)
