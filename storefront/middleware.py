import time
from urllib.parse import urlsplit

from django.conf import settings
from prometheus_client import Histogram

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


def security_headers(get_response):
    """Say what a page may do in the browser, as far as Django's SecurityMiddleware does not."""
    headers = {
        # Files of our own only: no inline script or style, and no nonce, as pages are shared.
        "Content-Security-Policy": content_security_policy(),
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    }

    def middleware(request):
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def content_security_policy():
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: {origin(settings.MEDIA_URL)}".strip(),
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def origin(url):
    """Return an address's host, with its scheme if it names one; nothing if it is one of our own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc


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
