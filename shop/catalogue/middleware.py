from django.http import HttpResponsePermanentRedirect

from .models import Redirect


def redirects(get_response):
    """Redirect a page that was not found to the path it has now."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        # PostgreSQL holds no NUL, so no page ever had a path with one.
        redirect = "\0" not in request.path and Redirect.objects.filter(old_path=request.path).first()
        if not redirect:
            return response
        query = request.META.get("QUERY_STRING", "")
        # A path may be given to another page one day, so browsers ask again.
        return HttpResponsePermanentRedirect(
            redirect.new_path + (f"?{query}" if query else ""), headers={"Cache-Control": "no-cache"}
        )

    return middleware
