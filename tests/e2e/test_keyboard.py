"""The shop without a mouse."""

import pytest
from playwright.sync_api import expect

from shop.catalogue.models import Product

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const element = document.activeElement;
  const drawn = [null, "::after"].map((part) => getComputedStyle(element, part)).some(
    (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  return { name: element.outerHTML.slice(0, 120), seen: drawn && inside, isBody: element === document.body };
}"""

COVERED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const middle = (left + right) / 2;
  const bars = [top + 1, bottom - 1].map((y) => {
    for (let over = document.elementFromPoint(middle, y); over; over = over.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(over).position)) return over;
    }
  });
  const covers = (bar) => bar && !bar.contains(element);
  // What is tall is seen in part, and a text at the place where one writes.
  const isInPart = bottom - top > innerHeight / 2 || element.matches("textarea");
  return (isInPart ? bars.every(covers) : bars.some(covers)) ? element.outerHTML.slice(0, 120) : null;
}"""


def menu(page):
    return page.locator(".menu > summary")


def test_first_stop_skips_to_the_content(page):
    page.goto("/products/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('content').contains(document.activeElement)")


def test_search_and_menu_are_the_next_stops(page):
    page.goto("/")
    for stop in (
        page.get_by_role("link", name="Skip to the content"),
        page.get_by_role("link", name="Ingle, home"),
        page.get_by_role("combobox", name="Search the shop"),
        page.get_by_role("button", name="Search"),
        page.get_by_role("link", name="Sign in"),
        menu(page),
    ):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()


@pytest.mark.parametrize("width", [360, 1280])
def test_menu_opens_with_enter_and_closes_with_escape(open_page, width):
    page = open_page(viewport={"width": width, "height": 740})
    page.goto("/")
    panel = page.get_by_role("navigation", name="All categories")
    menu(page).focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Everything")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(menu(page)).to_be_focused()


def test_menu_leads_to_a_category_without_scripts(page_without_scripts):
    page = page_without_scripts
    page.goto("/")
    menu(page).click()
    page.get_by_role("navigation", name="All categories").get_by_role("link", name="Vases").click()
    expect(page).to_have_url("/categories/decor/vases/")


def test_menu_closes_when_something_else_is_clicked(page):
    page.goto("/")
    menu(page).click()
    panel = page.get_by_role("navigation", name="All categories")
    expect(panel).to_be_visible()
    page.get_by_role("combobox", name="Search the shop").click()
    expect(panel).to_be_hidden()


def test_card_is_followed_with_enter(page):
    page.goto("/products/")
    page.locator("#results").focus()
    card = page.locator(".card__link").first
    for _ in range(10):
        page.keyboard.press("Tab")
        if card.evaluate("element => element === document.activeElement"):
            break
    expect(card).to_be_focused()
    title = card.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("address", ["/", "/products/?brand=Kiln", "/products/belly-vase/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_stop_is_seen(open_page, address, width):
    page = open_page(viewport={"width": width, "height": 740}, reduced_motion="reduce")
    page.goto(address)
    load_what_is_below(page)
    stops = [press_tab(page) for _ in range(45)]
    assert [stop["name"] for stop in stops if not (stop["seen"] or stop["isBody"])] == []


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("address", ["/sell/products/", "edit/", "preview/"])
def test_bar_that_stays_covers_no_stop(open_as_seller, address, width):
    page = open_as_seller(viewport={"width": width, "height": 640})
    vase = f"/sell/products/{Product.objects.get(slug='belly-vase').pk}/"
    page.goto(address if address.startswith("/") else vase + address)
    if address == "/sell/products/":
        page.get_by_label("Choose all shown").check()
    for key in ("Tab", "Shift+Tab"):
        assert [stop for _ in range(75) if (stop := press(page, key))] == []


def press(page, key):
    page.keyboard.press(key)
    return page.evaluate(COVERED)


def load_what_is_below(page):
    """Scroll to what loads then, so that nothing grows while the test goes from stop to stop."""
    for link in page.locator("main [hx-trigger=revealed] a").all():
        link.scroll_into_view_if_needed()
        expect(link).not_to_be_attached()


def press_tab(page):
    page.keyboard.press("Tab")
    return page.evaluate(FOCUS)
