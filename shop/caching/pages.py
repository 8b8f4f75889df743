"""Pages from a shared cache, each under a key made of the versions of its tags.

A view declares its tags; serve() does the rest. The middleware calls it before everything else, so
that a hit touches no session, user or view.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers
from django.views.generic.base import ContextMixin, View
from django_htmx.middleware import HtmxDetails

from shop.site import host, use_site_url

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
# So that nobody fills the cache; URLs that people make by choosing are far shorter.
LONGEST_URL = 300
# Browsers and edges may keep a page and must revalidate it each time.
SHARED = "public, no-cache"
DATABASE_AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class CachePolicy:
    """How a page is cached.

    view: the name of its view; tags: those its URL determines; timeout: seconds; find_versions: reads which
    rows it shows and returns their Versions; is_unbounded: True if visitors can make up or combine any
    number of such pages, which few threads render and which are stored on their second request;
    is_short: False if the URL is too long for a person's choice, and the page is never stored.
    """

    view: str
    tags: list[str]
    timeout: int
    find_versions: Callable | None = None
    is_unbounded: bool = False
    is_short: bool = True


class PageRequest(HttpRequest):
    """A request for a shared page."""

    versions: Versions
    htmx: HtmxDetails
    cache_outcome: str
    is_kept: bool


class CachedPage(ContextMixin, View):
    """A class-based view whose page is shared by all visitors."""

    cache_timeout = settings.CACHE_TTL
    # {name: function that reads it}; see .parameters.
    query_parameters: Parameters = {}
    request: PageRequest
    # A method that reads which rows are shown and returns the Versions of their tags.
    find_versions: Callable[[], Versions] | None = None

    def cache_tags(self):
        """Return the tags that, with SITE and those found, cover everything shown; from the URL alone."""
        raise NotImplementedError

    def clean_query(self, query):
        """Return the canonical form of a QueryDict, the only one that the view and its tags see."""
        return pick(query, self.query_parameters)

    def is_unbounded(self):
        """Return True if the URL has free-form parameters; see CachePolicy."""
        return False

    def get_context_data(self, **kwargs):
        fragment_seconds = FRAGMENT_SECONDS if self.request.is_kept else 0
        return super().get_context_data(
            versions=self.request.versions, fragment_seconds=fragment_seconds, **kwargs
        )

    def dispatch(self, request, *args, **kwargs):
        if not hasattr(request, "versions"):  # A method that is not cached.
            return super().dispatch(request, *args, **kwargs)
        return rendered(request, super().dispatch, *args, **kwargs)


def cache_page(timeout, tags, query_parameters=None, find_versions=None):
    """Cache a function view like Django's cache_page, until a tag is cleared.

    tags: a list, or a function that returns it from the arguments in the URL. The view sees only the
    declared query parameters.
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
    """Make a request canonical and return the CachePolicy of the view that a resolver match leads to.

    Returns None, and leaves the request as it is, if that view is not cached.
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
    """Answer a request from the cache, or by get_response, whose page is stored."""
    with admission(request, policy) as admit:
        try:
            return _served(request, get_response, policy, admit)
        except BusyError as error:
            PAGES.labels(policy.view, "busy").inc()
            return _finished(request, busy_page(request, error), "busy")


def _served(request, get_response, policy, admit):
    try:
        request.versions = versions_of(policy, request, admit)
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
    """Render a view without access to per-visitor data, into the response to be stored."""
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
        # The database went down after it gave the versions.
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
    """Render and store a page, or return what another request has stored in the meantime."""
    with render_lock(key):
        response = pages().get(key)
        if response is None:
            response = get_response(request)
            if _is_shared(response):
                pages().set(key, response, timeout)
        return response


def _is_shared(response):
    """Whether a response is a page that no middleware has made personal."""
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
    """Hide everything of a request but its path, its canonical query, and whether htmx sent it."""
    request.GET = query
    request.META["QUERY_STRING"] = query.urlencode()
    # Pages are the same for all hosts.
    request.get_host = host
    use_site_url(request)
    # Not from request.htmx, which parses all headers and would be most of the cost of a hit.
    htmx = {name: value for name, value in request.META.items() if name.startswith("HTTP_HX_")}
    for name in htmx:
        del request.META[name]
    is_whole_page = "true" in (htmx.get("HTTP_HX_BOOSTED"), htmx.get("HTTP_HX_HISTORY_RESTORE_REQUEST"))
    if htmx.get("HTTP_HX_REQUEST") == "true" and not is_whole_page:
        request.META["HTTP_HX_REQUEST"] = "true"
    forget_headers(request)
    request.htmx = HtmxDetails(request)
