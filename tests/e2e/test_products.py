"""A product's page: its variants, what is related, and what is left of it on paper."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

VASE = "/products/belly-vase/"


def option(page, value):
    return page.locator("#offer").get_by_role("link", name=value)


def test_choosing_a_variant_changes_the_offer_in_place(page):
    page.goto(VASE)
    page.evaluate("window.marker = true")
    entries = page.evaluate("history.length")
    offer = page.locator("#offer")
    expect(offer).to_contain_text("€30.00")
    expect(offer).to_contain_text("In stock")

    option(page, "Large").click()
    expect(page).to_have_url(f"{VASE}?variant=L-OAT")
    expect(offer).to_contain_text("€50.00")
    expect(offer).to_contain_text("formerly €65.00")
    expect(offer).to_contain_text("Only 2 left")
    expect(option(page, "Large")).to_have_attribute("aria-current", "true")
    expect(option(page, "Large")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("Large, Oat: €50.00, Only 2 left")

    option(page, "Ink").click()
    expect(page).to_have_url(f"{VASE}?variant=L-INK")
    expect(offer).to_contain_text("Sold out")
    expect(page.get_by_role("link", name="Ask when it is back")).to_be_visible()
    assert page.evaluate("window.marker === true")
    assert page.evaluate("history.length") == entries


def test_choosing_a_variant_with_the_keyboard_keeps_focus(page):
    page.goto(VASE)
    option(page, "Ink").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{VASE}?variant=S-INK")
    expect(page.locator("#offer")).to_contain_text("Only 3 left")
    expect(option(page, "Ink")).to_be_focused()


def test_address_of_a_variant_shows_it_when_loaded(page):
    page.goto(VASE)
    option(page, "Large").click()
    expect(page).to_have_url(f"{VASE}?variant=L-OAT")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#offer")).to_contain_text("€50.00")


def test_choosing_a_variant_without_scripts(page_without_scripts):
    page = page_without_scripts
    page.goto(VASE)
    option(page, "Large").click()
    expect(page).to_have_url(f"{VASE}?variant=L-OAT")
    option(page, "Ink").click()
    expect(page).to_have_url(f"{VASE}?variant=L-INK")
    expect(page.locator("#offer")).to_contain_text("€55.00")
    expect(page.locator("#offer")).to_contain_text("Sold out")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_related_products_come_when_scrolled_to(open_page):
    page = open_page(viewport={"width": 360, "height": 640})
    page.goto(VASE)
    expect(page.get_by_role("link", name="More from Vases")).to_be_attached()
    page.get_by_role("link", name="More from Vases").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="More from this shelf")).to_be_visible()
    expect(page.locator(".related").get_by_role("link", name="Tall vase")).to_be_visible()
    expect(page).to_have_url(VASE)


def test_related_products_are_a_link_away_without_scripts(page_without_scripts):
    page = page_without_scripts
    page.goto(VASE)
    page.get_by_role("link", name="More from Vases").click()
    expect(page).to_have_url("/categories/decor/vases/related/belly-vase/")
    expect(page.get_by_role("link", name="Tall vase")).to_be_visible()


def test_paper_shows_the_product_without_the_ways_around_the_shop(page):
    page.goto(f"{VASE}?variant=L-OAT")
    page.emulate_media(media="print")
    for part in (".site-header", ".site-footer", ".breadcrumbs", ".related", ".skip-link"):
        expect(page.locator(part)).to_be_hidden()
    for part in (page.get_by_role("heading", level=1), page.locator("#offer .price__amount")):
        expect(part).to_be_visible()
    assert [chip.inner_text() for chip in page.locator(".option .chip:visible").all()] == ["Large", "Oat"]
