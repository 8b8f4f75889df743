"""Pages from a shared cache: Django's cache_page under a prefix made of the versions of the page's tags."""

import hashlib

from django.conf import settings
from django.http import QueryDict
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_page
from django_htmx.middleware import HtmxDetails

from .guard import guarding
from .versions import read_versions


class CachedPage:
    """Serve a class-based view from the page cache, one entry for all visitors."""

    cache_timeout = settings.CACHE_TTL
    query_parameters = ()

    def cache_tags(self):
        """Return the tags that cover everything shown, from the URL alone."""
        raise NotImplementedError

    def clean_query(self, query):
        """Return the canonical form of a QueryDict: the declared, filled parameters, sorted."""
        return pick(query, self.query_parameters)

    def get_context_data(self, **kwargs):
        return super().get_context_data(versions=self.request.versions, **kwargs)

    def dispatch(self, request, *args, **kwargs):
        def view(request):
            return super(CachedPage, self).dispatch(request, *args, **kwargs)

        if request.method not in ("GET", "HEAD"):
            return view(request)
        return serve(request, view, self.cache_tags(), self.cache_timeout, self.clean_query(request.GET))


def cached_page(tags, timeout, query_parameters=()):
    """Decorate a function view, which gets the named query parameters only, to use the page cache."""

    def decorate(view):
        def cached(request, *args, **kwargs):
            query = pick(request.GET, query_parameters)
            return serve(request, lambda request: view(request, *args, **kwargs), tags, timeout, query)

        return cached

    return decorate


def pick(query, names):
    """Return a QueryDict of the last filled value of each name, sorted by name."""
    picked = QueryDict(mutable=True)
    for name in sorted(names):
        if query.get(name):
            picked[name] = query[name]
    return picked


def serve(request, view, tags, timeout, query):
    """Answer a GET or HEAD request with view's page from the cache, or render and store it.

    tags: the page's tags; timeout: seconds; query: the canonical QueryDict, all that view sees.
    """
    _make_canonical(request, query)
    request.versions = read_versions(tags)
    request.cache_outcome = "hit"
    from_cache = cache_page(timeout, cache="pages", key_prefix=request.versions.digest)
    response = from_cache(_rendering(view))(request)
    # cache_page's own headers would let the browser show an old page without asking.
    del response.headers["Expires"]
    personal = request.cache_outcome == "bypass"
    response.headers["Cache-Control"] = "private, no-store" if personal else "public, no-cache"
    response.headers["X-Cache"] = request.cache_outcome
    return response


def _rendering(view):
    def render(request):
        request.cache_outcome = "miss"
        with guarding(request) as guard:
            response = view(request)
            if hasattr(response, "render"):
                response.render()
            guard.check(request, response)
        patch_vary_headers(response, ["HX-Request"])
        if guard.touched:
            request.cache_outcome = "bypass"
            response.headers["Cache-Control"] = "private"
        elif not response.streaming:
            response.headers["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
        return response

    return render


def _make_canonical(request, query):
    """Leave the view nothing of the request but its path, canonical query, and whether htmx asks."""
    request.GET = query
    request.META["QUERY_STRING"] = query.urlencode()
    fragment = bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
    for name in [name for name in request.META if name.startswith("HTTP_HX_")]:
        del request.META[name]
    if fragment:
        request.META["HTTP_HX_REQUEST"] = "true"
    request.__dict__.pop("headers", None)
    request.htmx = HtmxDetails(request)
