import time

from prometheus_client import Histogram

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
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
