"""Error reports to Sentry, without personal data. Imported only with SENTRY_DSN."""

import re

import sentry_sdk
from django_guid import get_guid

# Database errors quote the rejected values.
EMAIL = re.compile(r"(?<![^\s@()<>'\"])[^\s@()<>'\"]+@[^\s@()<>'\"]+")


def start(dsn, release):
    """Send logged errors and uncaught exceptions to a DSN."""
    sentry_sdk.init(
        dsn,
        release=release,
        before_send=without_person,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
    )


def without_person(event, hint):
    """Remove the request and user from an event, except its method and request id."""
    method = event.pop("request", {}).get("method")
    event.pop("user", None)
    event.setdefault("tags", {}).update({"request_id": get_guid(), "method": method})
    for exception in event.get("exception", {}).get("values", ()):
        exception["value"] = EMAIL.sub("[email]", exception.get("value") or "")
    return event
