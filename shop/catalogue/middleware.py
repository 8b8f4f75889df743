from django.http import HttpResponsePermanentRedirect

from .models import FormerAddress


def former_addresses(get_response):
    """Lead a page that was not found to the address it has now."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        # PostgreSQL holds no NUL, so no page ever had an address with one.
        is_possible = "\0" not in request.path
        former = is_possible and FormerAddress.objects.filter(address=request.path).first()
        if not former:
            return response
        query = request.META.get("QUERY_STRING", "")
        # An address may be given to another page one day, so browsers ask again.
        return HttpResponsePermanentRedirect(
            former.leads_to + (f"?{query}" if query else ""), headers={"Cache-Control": "no-cache"}
        )

    return middleware
