"""axe-core finds nothing on any kind of page, light or dark, wide or narrow."""

import pytest
from playwright.sync_api import expect

from tests.stocked import ADDRESSES, NOWHERE

from .axe import barriers

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
