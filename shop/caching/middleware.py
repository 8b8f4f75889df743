from django.urls import Resolver404, resolve

from .pages import policy_of, serve


def page_cache(get_response):
    """Answer requests for shared pages before any other middleware sees them."""

    def middleware(request):
        try:
            policy = policy_of(request, resolve(request.path_info))
        except Resolver404:
            policy = None
        return get_response(request) if policy is None else serve(request, get_response, policy)

    return middleware
