"""Crowds: what making pages of many may cost, so that others are answered as if there were none.

A page of many (see Plan) that is in no cache is made by a quarter of a process's threads at most,
unless it was asked for lately. Pages from a cache, and those of few, never wait here.
"""

import math
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.template.loader import render_to_string

from .clients import is_of_this_machine, network_of
from .page_keys import url_digest
from .rate_limit import HOUR

# Nobody waits longer for a place; who would gets a page that costs nothing.
WAIT_SECONDS = 1
# What a network (see clients) may ask of one process: at once, and then in so many seconds.
# A quick visitor makes two pages with a click, and there is a whole office of them behind one address.
COLD_PAGES, COLD_SECONDS = 120, 60
NETWORKS_KNOWN = 10_000


class BusyError(Exception):
    """It is not made now; seconds: how long to wait before asking again."""

    def __init__(self, seconds):
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


class Bulkhead:
    """Places for some threads at work, behind whom no more than others can stand."""

    def __init__(self, places, standing):
        self._places = threading.Semaphore(places)
        self._standing = threading.Semaphore(standing)

    @contextmanager
    def place(self):
        """Hold a place; raises BusyError if none is free within WAIT_SECONDS, or too many wait already."""
        if not self._standing.acquire(blocking=False):
            raise BusyError(WAIT_SECONDS)
        try:
            if not self._places.acquire(timeout=WAIT_SECONDS):
                raise BusyError(WAIT_SECONDS)
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._standing.release()


class RateLimiter:
    """A steady rate for each name, counted in this process alone, which costs no write of the database."""

    def __init__(self, most, seconds):
        self._step, self._seconds = seconds / most, seconds
        self._full_until = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name):
        """Count one use; return 0, or if it is one too many, the seconds until it would not be."""
        now = time.monotonic()
        with self._lock:
            until = max(self._full_until.get(name, 0.0), now) + self._step
            if until - now > self._seconds:
                return until - now - self._seconds
            self._full_until[name] = until
            self._full_until.move_to_end(name)
            if len(self._full_until) > NETWORKS_KNOWN:
                self._full_until.popitem(last=False)
            return 0


# Half of the threads are left for whoever asks for something else.
BULKHEAD = Bulkhead(max(1, settings.THREADS // 4), max(1, settings.THREADS // 2))
RATE_LIMITER = RateLimiter(COLD_PAGES, COLD_SECONDS)


@contextmanager
def admission(request, policy):
    """Yield a function to call before a page costs anything; it takes a place that is held until the end.

    It sets request.is_kept: whether the page is to be stored. Raises BusyError. A request that holds a
    place never waits for a render lock, as its page is not stored: so there is no deadlock.
    """
    with ExitStack() as places:

        def admit():
            if hasattr(request, "is_kept"):
                return
            if not policy.is_unbounded:
                request.is_kept = policy.is_short
                return
            if not is_of_this_machine(request) and (seconds := RATE_LIMITER.wait(network_of(request))):
                raise BusyError(seconds)
            marker = f"asked:{url_digest(request)}"
            is_asked_again = caches["shared"].get(marker) is not None
            if not is_asked_again:
                places.enter_context(BULKHEAD.place())
            caches["shared"].set(marker, "lately", HOUR)
            request.is_kept = is_asked_again and policy.is_short

        yield admit


def busy_page(request, error):
    """Say that it is not made now, and where to go on: without a query or a write."""
    text = render_to_string("busy.html", {"list_url": request.path})
    headers = {"Retry-After": str(math.ceil(error.seconds)), "Cache-Control": "no-store"}
    return HttpResponse(text, status=429, headers=headers)
