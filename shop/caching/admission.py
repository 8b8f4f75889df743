"""Admission control: a crowd of robots on unbounded pages must not slow down other visitors.

At most a quarter of a process's threads render unbounded pages (see CachePolicy) that nobody else has
asked for within the hour. Stored pages, and bounded ones, never wait here.
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

# Seconds to wait for a place; then the answer is a page that costs nothing.
WAIT_SECONDS = 1
# Such pages for one network (see .clients) and process: at once, and then in this many seconds.
# A click may need two of them, and a whole office can share one IP address.
COLD_PAGES, COLD_SECONDS = 120, 60
NETWORKS_KNOWN = 10_000


class BusyError(Exception):
    """The page is not rendered now; seconds: when to try again."""

    def __init__(self, seconds):
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


class Bulkhead:
    """Limit how many threads work at once, and how many work or wait."""

    def __init__(self, places, standing):
        self._places = threading.Semaphore(places)
        self._standing = threading.Semaphore(standing)

    @contextmanager
    def place(self):
        """Hold a place; raises BusyError if none is free within WAIT_SECONDS or too many threads wait."""
        with ExitStack() as held:
            for semaphore, seconds in ((self._standing, 0), (self._places, WAIT_SECONDS)):
                if not semaphore.acquire(timeout=seconds):
                    raise BusyError(WAIT_SECONDS)
                held.callback(semaphore.release)
            yield


class RateLimiter:
    """A steady rate for each name, counted in this process without a database write."""

    def __init__(self, most, seconds):
        self._step, self._seconds = seconds / most, seconds
        self._full_until = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name):
        """Count one use and return 0, or return the seconds until it is allowed."""
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


# Half of the threads are always left for other requests.
BULKHEAD = Bulkhead(max(1, settings.THREADS // 4), max(1, settings.THREADS // 2))
RATE_LIMITER = RateLimiter(COLD_PAGES, COLD_SECONDS)


@contextmanager
def admission(request, policy):
    """Yield a function to call before the first costly step; its place is held until the end.

    It sets request.is_kept, whether the page is to be stored, and raises BusyError. A request that
    holds a place never waits for a render lock, as its page is not stored: so there is no deadlock.
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
    """Answer 429 without touching the database."""
    text = render_to_string("busy.html", {"list_url": request.path})
    headers = {"Retry-After": str(math.ceil(error.seconds)), "Cache-Control": "no-store"}
    return HttpResponse(text, status=429, headers=headers)
