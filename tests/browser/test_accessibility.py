"""axe-core finds nothing on any kind of page, light or dark, wide or narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.stocked import ADDRESSES, NOWHERE

pytestmark = pytest.mark.browser

PAGES = [
    "home",
    "filtered list",
    "category",
    "chosen variant",
    "archived product",
    "seller",
    "related products",
    "empty list",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
WIDTHS = [360, 1280]
SCHEMES = ["light", "dark"]


@pytest.fixture
def page(open_page):
    # Colours that are still changing would be measured as they are half-way.
    return open_page(reduced_motion="reduce")


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_barrier(page, name):
    page.goto(ADDRESSES[name])
    assert barriers(page) == []


def test_page_that_is_not_there_has_no_barrier(page, complaints):
    page.goto(NOWHERE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    (complaint,) = complaints
    assert "404" in complaint
    complaints.clear()
    assert barriers(page) == []


def test_open_menu_has_no_barrier(page):
    page.goto("/")
    page.locator(".menu > summary").click()
    expect(page.get_by_role("navigation", name="All categories")).to_be_visible()
    assert barriers(page) == []


def test_open_filters_with_a_mistake_have_no_barrier(page):
    page.goto("/products/?price_min=abc")
    page.locator("#filters-fold").evaluate("fold => { fold.open = true; }")
    expect(page.locator("#price-error")).to_be_visible()
    assert barriers(page) == []


def barriers(page):
    return [barrier for scheme in SCHEMES for width in WIDTHS for barrier in barriers_at(page, scheme, width)]


def barriers_at(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    results = Axe().run(page, options=OPTIONS)
    return [f"{scheme}, {width} px\n{results.generate_report()}"] if results.violations_count else []
