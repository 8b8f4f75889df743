import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from shop.accounts.models import Seller
from tests.factories import MemberFactory
from tests.services import CHROMIUM_ARGUMENTS, find_chromium, require
from tests.stocked import stock_the_shop

PATIENCE = 15_000  # milliseconds

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser():
    path = find_chromium()
    require("Chromium", path)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's event loop stays in this thread, and Django takes that for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shop(transactional_db):
    stock_the_shop()


@pytest.fixture
def complaints():
    """What the browser found wrong; a test that expects some of it takes it out."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def open_page(browser, live_server, shop, complaints):
    """Return a function that opens a page in a browser of its own, with Playwright's context options."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watch(page, complaints)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def page_without_scripts(open_page):
    return open_page(java_script_enabled=False)


@pytest.fixture
def open_as_seller(open_page, live_server, settings):
    """Return a function that opens a page in the browser of the seller Kiln."""
    settings.PRODUCTS_NEED_APPROVAL = False
    Seller.objects.filter(slug="kiln").update(user=MemberFactory())
    client = Client()
    client.force_login(Seller.objects.get(slug="kiln").user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    def open_as_seller(**options):
        page = open_page(reduced_motion="reduce", **options)
        page.context.add_cookies([cookie])
        return page

    return open_as_seller


def watch(page, complaints):
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: note(message, complaints))


def note(message, complaints):
    if message.type in ("error", "warning"):
        complaints.append(f"{message.text} ({message.location['url']})")
