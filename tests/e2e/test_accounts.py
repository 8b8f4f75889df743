import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.factories import MemberFactory
from tests.stocked import ADDRESSES

from .axe import barriers
from .overflow import overflows

pytestmark = pytest.mark.browser
PASSWORD = "a-long-kettle-42"
ENTRANCES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
ACCOUNT = [
    "/accounts/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/me/reviews/",
    "/sell/apply/",
]


def sign_up(page):
    page.goto(ADDRESSES["chosen variant"])
    page.locator(".account-menu").get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill("Ada Lovegrove")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE).group()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def test_stranger_signs_up_and_is_named_where_they_began(page):
    sign_up(page)
    expect(page).to_have_url(re.compile(re.escape(ADDRESSES["chosen variant"])))
    menu = page.locator(".account-menu")
    menu.get_by_text("Ada Lovegrove").click()
    expect(menu.get_by_role("link", name="Your account")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Your account")).to_be_hidden()
    menu.get_by_text("Ada Lovegrove").click()
    menu.get_by_role("button", name="Sign out").click()
    expect(menu.get_by_role("link", name="Sign in")).to_be_visible()
    assert "marker" not in {cookie["name"] for cookie in page.context.cookies()}


def test_account_works_without_scripts(page_without_scripts):
    page = page_without_scripts
    sign_up(page)
    page.locator(".account-menu a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovegrove")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.locator(".account-menu a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("address", ENTRANCES)
def test_entrance_has_no_barrier(open_page, address):
    page = open_page(reduced_motion="reduce")
    page.goto(address)
    assert barriers(page) == []


def test_account_has_no_barrier(open_page, shop):
    MemberFactory(email="ada@example.com", display_name="Ada")
    page = open_page(reduced_motion="reduce")
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    for address in ACCOUNT:
        page.goto(address)
        expect(page.locator(".account-menu").get_by_text("Ada", exact=True)).to_be_attached()
        assert barriers(page) == []
        assert overflows(page) == []
