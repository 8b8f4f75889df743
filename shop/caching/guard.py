"""The guard of a page while it is rendered: nothing of the visitor's own; see .reads for what it reads."""

import logging
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .django_internals import MESSAGES, has_csrf_token

logger = logging.getLogger(__name__)

PERSONAL = ("user", "session", MESSAGES, "COOKIES")


class PersonalDataError(RuntimeError):
    """A view under the page cache asked for something of the visitor's own."""


class Guard:
    """What a view under the page cache has done that keeps its page out of the cache."""

    def __init__(self, request):
        self.path = request.path
        self.complaints = []

    def complain(self, error):
        """Raise an exception in development and tests; in production log it, and do without storing."""
        if settings.CACHE_GUARD_RAISES:
            raise error
        self.complaints.append(error)
        logger.error("%s is not stored: %s", self.path, error)

    def touch(self, name, value=None):
        self.complain(PersonalDataError(f"a page that visitors share must not read {name}"))
        return value

    def check(self, request, response):
        """Touch what shows only afterwards: a token in the page, a cookie on the response."""
        if has_csrf_token(request):
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
