from django.conf import settings

MARKER = "marker"


def marker_cookie(get_response):
    """Keep a readable cookie that says whether there is something personal to fetch for shared pages."""

    def middleware(request):
        response = get_response(request)
        is_shared_page = hasattr(request, "versions")
        if is_shared_page or not _may_have_changed(request):
            return response
        marker = _marker(request.user)
        if marker != request.COOKIES.get(MARKER, ""):
            _set(response, marker)
        return response

    return middleware


def _may_have_changed(request):
    return {MARKER, settings.SESSION_COOKIE_NAME} & request.COOKIES.keys() or request.session.modified


def _marker(user):
    if not user.is_authenticated:
        return ""
    return "staff" if user.is_staff else "member"


def _set(response, marker):
    if not marker:
        response.delete_cookie(MARKER)
        return
    response.set_cookie(
        MARKER,
        marker,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
