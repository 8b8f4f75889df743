"""The main ways through the shop in a browser, on the server as it runs in production.

Hashed static files, cookies with the prefix __Host-, PostgreSQL, memcached and two servers behind nginx: what
tests/e2e, on the development server, cannot see.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import PATIENCE, chromium, watch
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("deploy")]
VASE = "/products/belly-vase/"


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_context(browser, shop):
    """Return a function that opens a browser of its own, with Playwright's context options."""
    contexts, complaints = [], []

    def open_context(**options):
        url = f"https://127.0.0.1:{shop.proxy.port}"
        context = browser.new_context(
            base_url=url, ignore_https_errors=True, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        context.on("page", lambda page: watch(page, complaints))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(open_context):
    return lambda **options: open_context(**options).new_page()


def sign_in(page, email, then):
    page.goto(f"/accounts/login/?next={then}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    # The islands are there: before, their links lead to pages of their own.
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scripts", [True, False])
def test_browse_filter_and_search(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("link", name="Table", exact=True).first.click()
    expect(page).to_have_url(re.compile("/categories/table/$"))
    expect(page.locator(".card")).to_have_count(24)
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".card")).to_have_count(6)
    page.goto("/products/?sort=price")
    page.locator("[name=q]").first.fill("belly vase")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Belly vase “Ånge” & stand").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Belly vase “Ånge” & stand")
    expect(page.locator(".gallery img").first).to_have_js_property("complete", True)
    assert page.locator(".gallery img").first.evaluate("image => image.naturalWidth") > 0
    styles = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    assert re.search(r"\.[0-9a-f]{12}\.css$", styles)


def test_filter_is_applied_in_place(open_page):
    page = open_page()
    page.goto("/products/")
    page.wait_for_load_state("networkidle")
    page.locator('[name=brand][value="Loom & Daughters"]').check()
    expect(page).to_have_url(re.compile(r"/products/\?brand=Loom"))
    expect(page.locator("#results")).to_have_text("11 products")
    page.go_back()
    expect(page.locator("#results")).to_have_text("33 products")


def test_stranger_signs_up_by_a_mailed_code(open_page, shop):
    page = open_page()
    page.goto(VASE)
    page.locator(".account-menu").get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Email").fill("grace@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_label("Code").fill(
        re.search(r"^[A-Z]{4}-[A-Z]{4}$", shop.newest_mail(), re.MULTILINE).group()
    )
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".account-menu").get_by_text("Grace", exact=True)).to_be_visible()
    assert {"__Host-sessionid", "__Host-csrftoken"} <= {c["name"] for c in page.context.cookies()}


def test_review_is_written_where_the_next_visitor_finds_it(open_page):
    page, stranger = open_page(), open_page(java_script_enabled=False)
    stranger.goto(f"{VASE}reviews/")
    sign_in(page, "kim@example.com", VASE)
    page.get_by_text("Write a review").click()
    page.get_by_role("radio", name="4 stars: Good").press("Space")
    page.get_by_label("Your review", exact=True).fill("Firm on its foot.")
    page.get_by_role("button", name="Send the review").click()
    expect(page.locator("#reviews-list")).to_contain_text("Firm on its foot.")
    stranger.reload()
    expect(stranger.locator("#reviews-list")).to_contain_text("Firm on its foot.")


def test_form_of_a_window_is_sent_with_the_token_of_another(open_context):
    context = open_context()
    page, other = context.new_page(), context.new_page()
    sign_in(page, "kim@example.com", "/accounts/")
    other.goto("/accounts/logout/")
    other.locator("main").get_by_role("button", name="Sign out").click()
    sign_in(other, "kim@example.com", "/accounts/")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_label("Your name").fill("Kim the Second")
    page.locator("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Your name is saved.")).to_be_visible()


def test_change_of_a_seller_is_approved_and_shown_at_once(open_page):
    seller, staff, stranger = open_page(), open_page(), open_page(java_script_enabled=False)
    stranger.goto("/products/cup-20/")
    sign_in(seller, "kiln@example.com", "/sell/products/?q=cup+20")
    seller.get_by_role("link", name="Cup 20").first.click()
    seller.get_by_label("Title").fill("Cup of twenty")
    seller.get_by_role("button", name="Save changes").click()
    expect(seller.get_by_text("Your changes wait for approval")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Cup 20")
    sign_in(staff, "staff@example.com", "/admin/selling/edit/")
    staff.get_by_role("link", name="Cup of twenty").click()
    staff.get_by_role("button", name="Approve").click()
    expect(staff.get_by_text("is approved")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Cup of twenty")
