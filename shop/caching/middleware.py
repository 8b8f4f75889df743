from django.urls import Resolver404, resolve

from .pages import plan_of, serve


def page_cache(get_response):
    """Answer requests for cached pages before the rest of the middleware sees them."""

    def middleware(request):
        try:
            plan = plan_of(request, resolve(request.path_info))
        except Resolver404:
            plan = None
        return get_response(request) if plan is None else serve(request, get_response, plan)

    return middleware
