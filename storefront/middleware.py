import time
from urllib.parse import urlsplit

from django.conf import settings
from prometheus_client import Histogram


def origin(url):
    """Return the scheme and host of an address, or nothing if it is one of our own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"img-src 'self' data: {origin(settings.MEDIA_URL)}".strip(),
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "geolocation",
    "gyroscope",
    "microphone",
    "payment",
    "usb",
)
HEADERS = {
    # Files of our own only: no inline script or style, and no nonce, as pages are shared.
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}


def security_headers(get_response):
    """Say what a page may do in the browser, as far as Django's SecurityMiddleware does not."""

    def middleware(request):
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


RESPONSES = Histogram("shop_response_seconds", "Seconds to answer, by class of status", ["status"])
BY_CLASS = {number: RESPONSES.labels(f"{number}xx") for number in range(1, 6)}


def measured(get_response):
    """Count answers and the time they take, for /metrics."""

    def middleware(request):
        started = time.perf_counter()
        response = get_response(request)
        BY_CLASS[response.status_code // 100].observe(time.perf_counter() - started)
        return response

    return middleware
