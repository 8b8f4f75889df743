import re
import time
from functools import lru_cache
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
    """Add the security headers that Django's SecurityMiddleware does not."""
    headers = {
        # Our own files only: no inline code, and no nonces, as pages are shared.
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
    """Return the scheme and host of a URL, or an empty string for a path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc


NO_WEIGHT = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")


def accepted_encodings(get_response):
    """Leave in Accept-Encoding what it accepts: what sends compressed answers only looks for a name in it."""

    def middleware(request):
        if header := request.META.get("HTTP_ACCEPT_ENCODING"):
            request.META["HTTP_ACCEPT_ENCODING"] = accepted(header)
        return get_response(request)

    return middleware


@lru_cache(maxsize=100)
def accepted(header):
    """Return the codings with a weight above zero, after RFC 9110, section 12.5.3; "*" stands for gzip."""
    weights = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = not NO_WEIGHT.fullmatch(weight)
    if weights.pop("*", False):
        weights.setdefault("gzip", True)
    return ", ".join(name for name, is_accepted in weights.items() if is_accepted)


RESPONSES = Histogram("shop_response_seconds", "Seconds to answer, by class of status", ["status"])
BY_CLASS = {number: RESPONSES.labels(f"{number}xx") for number in range(1, 6)}


def measured(get_response):
    """Count responses and measure their time for /metrics."""

    def middleware(request):
        started = time.perf_counter()
        response = get_response(request)
        BY_CLASS[response.status_code // 100].observe(time.perf_counter() - started)
        return response

    return middleware
