"""Services of the machine that some tests need: without them such a test skips, or fails if it must not."""

import os
import shutil

import pytest

REASON = "{} is not on this machine"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def require(service, is_there):
    """Skip the test at hand, or with REQUIRE_SERVICES=1 fail it, where a service is missing."""
    if is_there:
        return
    verdict = pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip
    verdict(REASON.format(service))


def find_chromium():
    """Return the path of a Chromium, or None."""
    names = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
    return next((path for path in map(shutil.which, names) if path), None)


def skipped_for(reports):
    """Return {service: how many of the skipped tests' reports give it as their reason}."""
    ending = REASON.format("")
    counts = {}
    for report in reports:
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason.endswith(ending):
            service = reason.removesuffix(ending)
            counts[service] = counts.get(service, 0) + 1
    return counts
