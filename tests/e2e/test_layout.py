"""What every page keeps to, whatever the screen and the visitor."""

import pytest
from playwright.sync_api import expect

from tests.stocked import ADDRESSES, NOWHERE

from .overflow import overflows

pytestmark = pytest.mark.browser

MOVING = """[...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.001);
  return lasts(style.transitionDuration) || lasts(style.animationDuration);
}).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", ["home", "list", "filtered list", "category", "product", "seller"])
def test_nothing_hangs_over_the_side(page, name):
    page.goto(ADDRESSES[name])
    assert overflows(page) == []


def test_nothing_hangs_over_the_side_where_nothing_is(page, complaints):
    page.goto(NOWHERE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert overflows(page) == []
    (complaint,) = complaints
    assert "404" in complaint
    complaints.clear()


def test_anonymous_visitor_gets_no_island_and_no_cookie(page):
    paths = []
    page.on("request", lambda request: paths.append(request.url))
    for address in ADDRESSES.values():
        page.goto(address)
        page.keyboard.press("End")
    assert len(paths) > len(ADDRESSES)
    assert [path for path in paths if "/me/" in path] == []
    assert page.context.cookies() == []


def test_page_comes_from_this_host_alone(page, live_server):
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/")
    assert [address for address in addresses if not address.startswith((live_server.url, "data:"))] == []


@pytest.mark.parametrize("name", ["home", "list", "product"])
def test_nothing_moves_for_those_who_ask_for_calm(open_page, name):
    page = open_page(reduced_motion="reduce")
    page.goto(ADDRESSES[name])
    assert page.evaluate(MOVING) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
