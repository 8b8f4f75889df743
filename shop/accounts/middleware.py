from allauth.mfa.utils import is_mfa_enabled
from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

MARKER = "marker"
STAFF_PLACES = (f"/{settings.ADMIN_PATH}", "/me/cache/")


def marker_cookie(get_response):
    """Keep a cookie that tells scripts on shared pages whether personal fragments exist."""

    def middleware(request):
        response = get_response(request)
        is_shared_page = hasattr(request, "versions")
        if is_shared_page or not _may_have_changed(request):
            return response
        if request.user.is_authenticated:
            # So that Back shows nothing personal after signing out.
            response.headers.setdefault("Cache-Control", "private, no-store")
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


def second_factor_for_staff(get_response):
    """Redirect staff who lack a required second factor to its setup."""

    def middleware(request):
        if request.path.startswith(STAFF_PLACES) and _lacks_second_factor(request.user):
            messages.warning(request, "Staff sign in with a second factor. Set up yours to go on.")
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def _lacks_second_factor(user):
    return settings.STAFF_NEED_SECOND_FACTOR and user.is_staff and not is_mfa_enabled(user)


class SignWrites(AuditlogMiddleware):
    """Set the actor of the audit log, except for GET and HEAD, so that shared pages touch no session."""

    def __call__(self, request):
        if request.method in ("GET", "HEAD"):
            return self.get_response(request)
        return super().__call__(request)
