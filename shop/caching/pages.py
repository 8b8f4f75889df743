"""Pages from a shared cache, each under a key made of the versions of its tags.

A view says what it depends on; serve() does the rest, called by the middleware before anything
else of the request is looked at, so that a hit touches no session, user or view.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers
from django.views.generic.base import ContextMixin, View
from django_htmx.middleware import HtmxDetails

from shop.site import host, speak_of_one_address

from .admission import BusyError, admission, busy_page
from .cdn import mark_for_cdn
from .dependencies import versions_of
from .django_internals import forget_headers
from .guard import guarding
from .metrics import PAGES, RENDERING
from .page_keys import page_key
from .parameters import Parameters, pick
from .reads import watching
from .single_flight import render_lock
from .stale_pages import keep_for_outage, stale_page
from .tiers import compress, decompress, pages
from .versions import SITE, Versions

METHODS = ("GET", "HEAD")
FRAGMENT_SECONDS = 3600
# So that nobody fills the cache: an address that people make by choosing is far shorter.
LONGEST_URL = 300
# Browsers and edges may keep a page, and ask each time whether it is still right.
SHARED = "public, no-cache"
DATABASE_AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class CachePolicy:
    """How a page is cached: its view's name, tags from its address, seconds to keep it, further tags.

    is_unbounded: whether visitors can make any number of such pages, by what they type or combine:
    made by few threads at a time (see .admission), and stored when they are asked for again.
    is_short: whether its address is of a length that people make, or it is never stored.
    """

    view: str
    tags: list[str]
    timeout: int
    find_versions: Callable | None = None
    is_unbounded: bool = False
    is_short: bool = True

    def admitted_by(self, admit):
        """Return this plan with something to be done before further tags are found."""
        find = self.find_versions
        if find is None:
            return self

        def admit_and_find():
            admit()
            return find()

        return replace(self, find_versions=admit_and_find)


class PageRequest(HttpRequest):
    """What a view under the page cache is asked: a request with the versions that stand for its page."""

    versions: Versions
    htmx: HtmxDetails
    cache_outcome: str
    is_kept: bool


class CachedPage(ContextMixin, View):
    """Serve a class-based view from the page cache, one entry for all visitors."""

    cache_timeout = settings.CACHE_TTL
    # {name: what reads it}; see .parameters.
    query_parameters: Parameters = {}
    request: PageRequest
    # A method that reads which rows are shown, and returns the Versions that stand for how they look.
    find_versions: Callable[[], Versions] | None = None

    def cache_tags(self):
        """Return the tags that, with SITE and those found, cover all that is shown; from the URL."""
        raise NotImplementedError

    def clean_query(self, query):
        """Return the canonical form of a QueryDict, which is all that tags are found and pages shown by."""
        return pick(query, self.query_parameters)

    def is_unbounded(self):
        """Whether the request is for one of any number of pages; see Plan."""
        return False

    def get_context_data(self, **kwargs):
        fragment_seconds = FRAGMENT_SECONDS if self.request.is_kept else 0
        return super().get_context_data(
            versions=self.request.versions, fragment_seconds=fragment_seconds, **kwargs
        )

    def dispatch(self, request, *args, **kwargs):
        if not hasattr(request, "versions"):  # It does not read, so it has no plan.
            return super().dispatch(request, *args, **kwargs)
        return rendered(request, super().dispatch, *args, **kwargs)


def cache_page(timeout, tags, query_parameters=None, find_versions=None):
    """Decorate a function view as Django's cache_page does, for a page that is new as soon as a tag is.

    tags: a list, or a function that returns it from the arguments in the URL. The view sees the
    declared query parameters only.
    """

    def decorate(view):
        def cached(request, *args, **kwargs):
            return rendered(request, view, *args, **kwargs)

        def policy(request, match):
            make_canonical(request, pick(request.GET, query_parameters or {}))
            own = tags(**match.kwargs) if callable(tags) else tags
            return CachePolicy(match.view_name, [SITE, *own], timeout, find_versions)

        cached.policy = policy  # type: ignore[attr-defined]
        return cached

    return decorate


def policy_of(request, match):
    """Make a request canonical and return the Plan of the view that a resolver match leads to.

    Returns None, and leaves the request alone, if that view is not cached.
    """
    if request.method not in METHODS:
        return None
    if hasattr(match.func, "policy"):
        return match.func.policy(request, match)
    view_class = getattr(match.func, "view_class", None)
    if view_class is None or not issubclass(view_class, CachedPage):
        return None
    view = view_class(**match.func.view_initkwargs)
    view.setup(request, *match.args, **match.kwargs)
    make_canonical(request, view.clean_query(request.GET))
    tags = [SITE, *view.cache_tags()]
    is_short = len(request.get_full_path()) <= LONGEST_URL
    is_unbounded = not is_short or view.is_unbounded()
    return CachePolicy(match.view_name, tags, view.cache_timeout, view.find_versions, is_unbounded, is_short)


def serve(request, get_response, policy):
    """Answer a request by plan: from the cache, or by get_response, whose page is stored."""
    with admission(request, policy) as admit:
        try:
            return _served(request, get_response, policy.admitted_by(admit), admit)
        except BusyError as error:
            PAGES.labels(policy.view, "busy").inc()
            return _finished(request, busy_page(request, error), "busy")


def _served(request, get_response, policy, admit):
    try:
        request.versions = versions_of(policy, request)
    except DATABASE_AWAY:
        response = stale_page(request)
        if response is None:
            raise
        PAGES.labels(policy.view, "stale").inc()
        return response
    key = page_key(request, request.versions)
    response = pages().get(key)
    if response is None:
        admit()
        if request.is_kept:
            response = _stored(request, get_response, key, policy.timeout)
        else:
            response = get_response(request)
    outcome = getattr(request, "cache_outcome", "hit")
    PAGES.labels(policy.view, pages().tier if outcome == "hit" else outcome).inc()
    return _finished(request, response, outcome)


def rendered(request, view, *args, **kwargs):
    """Render a view into the response that is stored, with the visitor's own data out of its reach."""
    if request.method not in METHODS:
        return view(request, *args, **kwargs)
    request.cache_outcome = "miss"
    try:
        with guarding(request) as guard, watching(request.versions, guard.complain) as watch:
            with RENDERING.labels(request.resolver_match.view_name).time():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
            guard.check(request, response)
        if response.status_code == 200:
            watch.check_rows(request.versions)
    except DATABASE_AWAY:
        # It went away after it had given the versions.
        response = stale_page(request)
        if response is None:
            raise
        request.cache_outcome = "stale"
        return response
    if guard.complaints:
        request.cache_outcome = "bypass"
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if response.status_code != 200:
        return response
    response.headers["ETag"] = f'W/"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["Cache-Control"] = SHARED
    patch_vary_headers(response, ["HX-Request", "Accept-Encoding"])
    mark_for_cdn(response, request.versions)
    compress(response)
    if request.is_kept:
        keep_for_outage(request, response)
    return response


def _stored(request, get_response, key, timeout):
    """Render a page and store it, or return what somebody else stored meanwhile."""
    with render_lock(key):
        response = pages().get(key)
        if response is None:
            response = get_response(request)
            if _is_shared(response):
                pages().set(key, response, timeout)
        return response


def _is_shared(response):
    """Whether a response is a page, which no middleware above the view has made one visitor's."""
    is_page = response.headers.get("Cache-Control") == SHARED
    return is_page and not response.cookies and not has_vary_header(response, "Cookie")


def _finished(request, response, outcome):
    if response.status_code != 200 or outcome not in ("hit", "miss"):
        response.headers["X-Cache"] = outcome
        return response
    is_compressed = response.headers.get("Content-Encoding") == "gzip"
    if is_compressed and "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        decompress(response)
    answer: Any = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    answer.headers["X-Cache"] = outcome
    return answer


def make_canonical(request, query):
    """Leave the view nothing of the request but its path, canonical query, and whether htmx asks."""
    request.GET = query
    request.META["QUERY_STRING"] = query.urlencode()
    # One entry for all hosts: what is shown speaks of the shop's own address only.
    request.get_host = host
    speak_of_one_address(request)
    # Not by request.htmx, which parses all headers: most of what a hit would spend on itself.
    htmx = {name: value for name, value in request.META.items() if name.startswith("HTTP_HX_")}
    for name in htmx:
        del request.META[name]
    is_whole_page = "true" in (htmx.get("HTTP_HX_BOOSTED"), htmx.get("HTTP_HX_HISTORY_RESTORE_REQUEST"))
    if htmx.get("HTTP_HX_REQUEST") == "true" and not is_whole_page:
        request.META["HTTP_HX_REQUEST"] = "true"
    forget_headers(request)
    request.htmx = HtmxDetails(request)
