"""Report errors to Sentry, with nothing of the person concerned. Imported with SENTRY_DSN only."""

import re

import sentry_sdk
from django_guid import get_guid

# Databases name in their errors the values that were refused.
ADDRESS = re.compile(r"(?<![^\s@()<>'\"])[^\s@()<>'\"]+@[^\s@()<>'\"]+")


def start(dsn, release):
    """Send to a DSN from now on whatever is logged as an error, or caught by nobody."""
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
    """Take from an event all but where it happened, what was raised, and by what name the log knows it."""
    method = event.pop("request", {}).get("method")
    event.pop("user", None)
    event.setdefault("tags", {}).update({"request_id": get_guid(), "method": method})
    for exception in event.get("exception", {}).get("values", ()):
        exception["value"] = ADDRESS.sub("[address]", exception.get("value") or "")
    return event
