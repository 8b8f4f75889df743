"""The panel on public pages that shows staff what the cache knows about them."""

from datetime import UTC, datetime
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from shop.htmx import template_for

from .admin import signature
from .dependencies import versions_of
from .metrics import outcomes
from .models import Version
from .page_keys import page_key
from .pages import policy_of
from .tiers import pages
from .versions import SITE, clear, clearing


@never_cache
def panel(request):
    """Describe the page that htmx sends as current URL, or without htmx, the one in ?page=."""
    page, policy = page_and_policy(request, request.htmx.current_url_abs_path or request.GET.get("page", "/"))
    versions = versions_of(policy, page)
    cleared = {version.tag: version for version in Version.objects.filter(tag__in=versions)}
    fragment = pages().entry(page_key(page, versions, "fragment"))
    entry = pages().entry(page_key(page, versions, "page"))
    counts = outcomes().get(policy.view, {})
    context = {
        "url": page.get_full_path(),
        "policy": policy,
        "tags": [(tag, version, cleared.get(tag)) for tag, version in versions.items()],
        "entry": entry,
        "fragment": fragment,
        "tier": pages().tier,
        "built": entry and datetime.fromtimestamp(entry.built, UTC),
        "counts": sorted(counts.items()),
        "hit_ratio": (counts.get("memory", 0) + counts.get("shared", 0)) / (sum(counts.values()) or 1),
    }
    return render(request, template_for(request, "caching/panel.html"), context)


@require_POST
def clear_page(request):
    """Clear the posted page, and all pages that share a tag of its URL."""
    page, policy = page_and_policy(request, request.POST.get("page", "/"))
    with clearing(actor=signature(request)):
        clear([tag for tag in policy.tags if tag != SITE], ("by hand",))
    return redirect(page.get_full_path())


def page_and_policy(request, url):
    """Return an anonymous visitor's canonical request for a URL, and its CachePolicy; staff only."""
    if not request.user.is_staff:
        raise Http404
    path, _, query = url.partition("?")
    page: Any = WSGIRequest(visitor_environment(request.environ, path, query))
    page.htmx = HtmxDetails(page)
    try:
        policy = policy_of(page, resolve(path))
    except Resolver404:
        policy = None
    if policy is None:
        raise Http404(f"{url} is not a cached page.")
    return page, policy


def visitor_environment(environ, path, query):
    kept = {name: value for name, value in environ.items() if not name.startswith("HTTP_HX_")}
    # WSGI passes bytes as Latin-1.
    path, query = (text.encode().decode("iso-8859-1") for text in (path, query))
    return kept | {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
