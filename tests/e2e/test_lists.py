"""A shopper's way through a list, with htmx and by links and forms alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def put_marker(page):
    """Leave something that only a full load of a page takes away."""
    page.evaluate("window.marker = true")


def has_marker(page):
    return page.evaluate("window.marker === true")


def brand(page, name):
    return page.get_by_role("group", name="Maker or brand").get_by_role("checkbox", name=name)


def first_card(page):
    return page.locator(".listing .card__title").first


def titles(page):
    return page.locator(".listing .card__title").all_inner_texts()


def count(page):
    return page.locator("#results")


def test_choosing_a_brand_narrows_the_list_in_place(page):
    page.goto("/products/")
    put_marker(page)
    brand(page, "Kiln").check()
    expect(page).to_have_url("/products/?brand=Kiln")
    expect(count(page)).to_have_text("21 products")
    expect(page.locator("#announcement")).to_have_text("21 products, page 1 of 1")
    expect(brand(page, "Kiln")).to_be_checked()
    expect(brand(page, "Kiln")).to_be_focused()
    expect(page.get_by_role("link", name="Remove Kiln")).to_be_visible()
    assert has_marker(page)


def test_price_is_narrowed_by_typing_and_enter(page):
    page.goto("/products/")
    put_marker(page)
    page.get_by_label("From").fill("29.5")
    page.get_by_label("From").press("Enter")
    expect(page).to_have_url("/products/?price_min=29.5")
    expect(count(page)).to_have_text("3 products")
    expect(page.get_by_label("From")).to_have_value("29.5")
    assert has_marker(page)


def test_address_of_a_narrowed_list_shows_the_same_when_loaded(page):
    page.goto("/products/")
    put_marker(page)
    brand(page, "Kiln").check()
    expect(count(page)).to_have_text("21 products")
    shown = titles(page)
    page.reload()
    assert not has_marker(page)
    expect(page).to_have_url("/products/?brand=Kiln")
    expect(page.get_by_role("banner")).to_be_visible()
    expect(brand(page, "Kiln")).to_be_checked()
    assert titles(page) == shown


def test_sorting_keeps_filters_and_moves_to_the_first_page(page):
    page.goto("/products/?in_stock=1&page=2")
    put_marker(page)
    page.get_by_role("link", name="Price, low to high").click()
    expect(page).to_have_url("/products/?in_stock=1&sort=price")
    expect(first_card(page)).to_have_text("Cup 00")
    expect(page.get_by_role("link", name="Price, low to high")).to_be_focused()
    assert has_marker(page)


def test_paging_leads_to_the_top_of_the_results(page):
    page.goto("/products/")
    put_marker(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url("/products/?page=2")
    expect(count(page)).to_have_text("32 products, page 2 of 2")
    expect(count(page)).to_be_focused()
    expect(count(page)).to_be_in_viewport()
    expect(page.locator("#announcement")).to_have_text("32 products, page 2 of 2")
    assert has_marker(page)


def test_removing_a_chip_widens_the_list(page):
    page.goto("/products/?brand=Kiln&price_min=10&sort=price")
    put_marker(page)
    page.get_by_role("link", name="Remove Kiln").click()
    expect(page).to_have_url("/products/?price_min=10&sort=price")
    expect(brand(page, "Kiln")).not_to_be_checked()
    expect(count(page)).to_be_focused()
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url("/products/")
    expect(count(page)).to_have_text("32 products")
    assert has_marker(page)


def test_back_and_forward_restore_list_address_and_filters(page):
    page.goto("/products/")
    brand(page, "Kiln").check()
    expect(count(page)).to_have_text("21 products")
    page.get_by_role("link", name="Price, low to high").click()
    expect(first_card(page)).to_have_text("Cup 01")

    page.go_back()
    expect(page).to_have_url("/products/?brand=Kiln")
    expect(first_card(page)).not_to_have_text("Cup 01")
    expect(count(page)).to_have_text("21 products")
    expect(brand(page, "Kiln")).to_be_checked()

    page.go_back()
    expect(page).to_have_url("/products/")
    expect(count(page)).to_have_text("32 products")
    expect(brand(page, "Kiln")).not_to_be_checked()

    page.go_forward()
    expect(page).to_have_url("/products/?brand=Kiln")
    expect(count(page)).to_have_text("21 products")
    expect(brand(page, "Kiln")).to_be_checked()
    expect(page.get_by_role("banner")).to_have_count(1)


def test_back_from_a_product_shows_the_narrowed_list(page):
    page.goto("/products/")
    brand(page, "Kiln").check()
    expect(count(page)).to_have_text("21 products")
    shown = titles(page)
    page.get_by_role("link", name="Cup 28").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cup 28")
    page.go_back()
    expect(page).to_have_url("/products/?brand=Kiln")
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(brand(page, "Kiln")).to_be_checked()
    assert titles(page) == shown


def test_list_that_was_brought_back_still_works_in_place(page):
    page.goto("/products/")
    brand(page, "Kiln").check()
    expect(count(page)).to_have_text("21 products")
    page.go_back()
    expect(count(page)).to_have_text("32 products")
    put_marker(page)
    brand(page, "Loom & Daughters").check()
    expect(page).to_have_url("/products/?brand=Loom+%26+Daughters")
    expect(count(page)).to_have_text("11 products")
    assert has_marker(page)


def test_filter_panel_stays_open_on_a_small_screen(open_page):
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto("/products/")
    expect(brand(page, "Kiln")).to_be_hidden()
    page.locator("#filters-fold > summary").click()
    brand(page, "Kiln").check()
    expect(count(page)).to_have_text("21 products")
    expect(brand(page, "Kiln")).to_be_visible()
    brand(page, "Kiln").uncheck()
    expect(count(page)).to_have_text("32 products")
    expect(brand(page, "Kiln")).to_be_visible()


def unfold_filters(page):
    """Open the filters where they are folded: on a phone, so that the results come first."""
    if not brand(page, "Kiln").is_visible():
        page.locator("#filters-fold > summary").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_same_way_without_scripts(open_page, width):
    page = open_page(java_script_enabled=False, viewport={"width": width, "height": 900})
    page.goto("/products/")
    unfold_filters(page)
    brand(page, "Kiln").check()
    page.get_by_role("button", name="Show results").click()
    expect(count(page)).to_have_text("21 products")
    unfold_filters(page)
    expect(brand(page, "Kiln")).to_be_checked()

    page.get_by_role("link", name="Price, low to high").click()
    expect(page).to_have_url("/products/?brand=Kiln&sort=price")
    expect(first_card(page)).to_have_text("Cup 01")

    page.get_by_role("link", name="Remove Kiln").click()
    expect(page).to_have_url("/products/?sort=price")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url("/products/?page=2&sort=price")
    expect(count(page)).to_have_text("32 products, page 2 of 2")
    page.go_back()
    expect(page).to_have_url("/products/?sort=price")


def test_search_field_leads_to_a_list(page):
    page.goto("/")
    page.get_by_role("combobox", name="Search the shop").fill("vase")
    page.get_by_role("combobox", name="Search the shop").press("Enter")
    expect(page).to_have_url("/products/?q=vase")
    expect(page.get_by_role("heading", level=1)).to_have_text("“vase”")


def test_removing_the_words_searched_for_leads_to_the_whole_list(page):
    page.goto("/products/?q=vase&sort=price")
    page.get_by_role("link", name="Remove “vase”").click()
    expect(page).to_have_url("/products/?sort=price")
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything")
    expect(page.get_by_role("combobox", name="Search the shop")).to_have_value("")


def test_what_is_new_is_offered_only_where_nothing_was_found(page):
    page.goto("/products/?price_min=5000")
    newest = page.get_by_role("heading", name="Just in")
    expect(count(page)).to_have_text("Nothing matches")
    expect(newest).to_be_visible()
    page.get_by_role("link", name="Remove from €5,000.00").click()
    expect(count(page)).to_have_text("32 products")
    expect(newest).to_be_hidden()


def test_counts_that_come_late_leave_what_was_typed(page):
    late = []
    page.route("**/filters/**", lambda route: late.append(route), times=1)
    page.goto("/products/")
    price = page.get_by_role("textbox", name="From")
    price.fill("29.5")
    with page.expect_response("**/filters/**"):
        late[0].continue_()
    expect(page.locator("#facets.htmx-request")).to_have_count(0)
    expect(price).to_have_value("29.5")
    price.press("Enter")
    expect(page).to_have_url("/products/?price_min=29.5")
