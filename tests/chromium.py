"""A real Chromium for tests, and what it finds wrong with the pages it shows."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from .services import CHROMIUM_ARGUMENTS, find_chromium, require

PATIENCE = 15_000  # milliseconds

expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium():
    """Yield Playwright's browser; skip the test where there is no Chromium."""
    path = find_chromium()
    require("Chromium", path)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's event loop stays in this thread, and Django takes that for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def watch(page, complaints):
    """Add to complaints whatever a page logs as an error or a warning, or does not catch."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: note(message, complaints))


def note(message, complaints):
    if message.type in ("error", "warning"):
        complaints.append(f"{message.text} ({message.location['url']})")
