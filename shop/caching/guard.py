"""A check during shared renders: no per-visitor data. See .reads for what a page may read."""

import logging
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .django_internals import MESSAGES, has_csrf_token

logger = logging.getLogger(__name__)

PERSONAL = ("user", "session", MESSAGES, "COOKIES")


class PersonalDataError(RuntimeError):
    """A shared page asked for per-visitor data."""


class Guard:
    """Collects the reasons not to store a page."""

    def __init__(self, request):
        self.path = request.path
        self.complaints = []

    def complain(self, error):
        """Raise an exception in development and tests; in production, log it and do not store the page."""
        if settings.CACHE_GUARD_RAISES:
            raise error
        self.complaints.append(error)
        logger.error("%s is not stored: %s", self.path, error)

    def touch(self, name, value=None):
        self.complain(PersonalDataError(f"a page that visitors share must not read {name}"))
        return value

    def check(self, request, response):
        """Complain about a CSRF token in the page or a cookie on the response."""
        if has_csrf_token(request):
            self.touch("a CSRF token")
        if response.cookies:
            self.touch("a cookie")


@contextmanager
def guarding(request):
    """Yield a Guard that complains when the view reads the user, session, messages or cookies."""
    guard = Guard(request)
    kept = {name: getattr(request, name) for name in PERSONAL if hasattr(request, name)}
    for name, value in kept.items():
        setattr(request, name, SimpleLazyObject(partial(guard.touch, name, value)))
    try:
        yield guard
    finally:
        for name, value in kept.items():
            setattr(request, name, value)
