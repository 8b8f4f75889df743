"""The product form in a browser: with scripts, without them, and with real pictures."""

import pytest
from playwright.sync_api import expect

from shop.catalogue.models import Product
from shop.sellers.models import Seller
from shop.selling.models import Edit
from tests.factories import CategoryFactory, picture_file

from .axe import barriers

pytestmark = pytest.mark.browser
NEW = "/sell/products/new/"


@pytest.fixture
def page(open_as_seller):
    return open_as_seller()


@pytest.fixture
def pictures():
    colours = {"red.jpg": (200, 20, 20), "blue.png": (20, 20, 200)}
    return [
        {
            "name": name,
            "mimeType": "image/jpeg",
            "buffer": picture_file(colour=colour, kind="PNG" if "png" in name else "JPEG").read(),
        }
        for name, colour in colours.items()
    ]


def drawing():
    return {"name": "drawing.jpg", "mimeType": "image/jpeg", "buffer": b"<svg/>"}


def vase_form():
    return f"/sell/products/{Product.objects.get(slug='belly-vase').pk}/edit/"


def kept(page, revision):
    expect(page.locator("#kept [name=revision]")).to_have_value(str(revision))


def fill_in(page):
    page.get_by_label("Title").fill("Low bowl")
    page.get_by_label("Category", exact=True).select_option(label="Decor › Vases")
    page.get_by_label("Price, row 1", exact=True).fill("24.50")
    page.get_by_label("In stock, row 1", exact=True).fill("3")


def texts(page):
    return [field.input_value() for field in page.get_by_label("What it shows").all()]


def test_product_is_listed_with_photos_in_the_order_they_were_dragged(page, pictures, complaints):
    page.goto(NEW)
    page.get_by_label("Add photos").set_input_files([*pictures, drawing()])
    expect(page.locator(".photo")).to_have_count(2)
    expect(page.locator(".upload--failed")).to_contain_text("drawing.jpg")
    expect(page.locator(".upload--failed")).to_contain_text("This is not a JPEG, PNG, WebP or AVIF picture.")
    complaints.clear()  # the browser notes the refused file
    page.get_by_label("What it shows").first.fill("One")
    page.get_by_label("What it shows").last.fill("Two")
    page.locator(".photo img").last.drag_to(page.locator(".photo img").first)
    assert texts(page) == ["Two", "One"]
    fill_in(page)
    page.get_by_role("button", name="Save and list").click()
    expect(page.get_by_text("Saved and listed.")).to_be_visible()
    assert texts(page) == ["Two", "One"]
    page.get_by_role("link", name="See its page").click()
    expect(page.locator(".gallery img").first).to_have_attribute("alt", "Two")
    expect(page.locator(".offer__price")).to_contain_text("€24.50")


def test_product_is_listed_without_scripts(open_as_seller, pictures):
    page = open_as_seller(java_script_enabled=False)
    page.goto(NEW)
    page.get_by_label("Add photos").set_input_files([*pictures, drawing()])
    page.get_by_role("button", name="Send photos").click()
    expect(page.locator(".photo")).to_have_count(2)
    expect(page.locator(".upload--failed")).to_contain_text("This is not a JPEG, PNG, WebP or AVIF picture.")
    page.get_by_label("What it shows").first.fill("One")
    page.get_by_label("What it shows").last.fill("Two")
    page.get_by_role("button", name="Make it the main photo").last.click()
    assert texts(page) == ["Two", "One"]
    page.get_by_label("Option 1").fill("Size")
    page.get_by_role("button", name="Show as columns").click()
    page.get_by_label("Size, row 1").fill("Large")
    page.get_by_role("button", name="Copy this row").click()
    page.get_by_label("Size, row 2").fill("Small")
    page.get_by_role("button", name="Add a detail").click()
    page.get_by_role("button", name="Remove this detail").last.click()
    fill_in(page)
    page.get_by_role("button", name="Save and list").click()
    expect(page.locator("#problems")).to_contain_text("What does it cost?")
    assert texts(page) == ["Two", "One"]
    page.get_by_label("Price, row 2", exact=True).fill("12")
    page.get_by_role("button", name="Save and list").click()
    expect(page.get_by_text("Saved and listed.")).to_be_visible()
    bowl = Product.objects.get(slug="low-bowl")
    assert [variant.label for variant in bowl.variants.all()] == ["Large", "Small"]
    assert [photo.alt for photo in bowl.photos.all()] == ["Two", "One"]


def test_what_is_typed_is_kept_and_comes_back(page):
    page.goto(NEW)
    page.get_by_label("Title").fill("Half a bowl")
    expect(page.locator("#kept")).to_contain_text("Draft kept at")
    assert page.url.endswith(f"/sell/drafts/{Edit.objects.get().pk}/")
    page.get_by_label("Maker or brand").fill("Kiln & Co")
    kept(page, 2)
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Half a bowl")
    expect(page.get_by_label("Maker or brand")).to_have_value("Kiln & Co")
    assert Edit.objects.count() == 1


def test_leaving_before_it_is_kept_asks_first(page):
    page.goto(vase_form())
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.route("**/sell/drafts/keep/", lambda route: None)  # no answer for now
    page.get_by_label("Title").fill("Round vase")
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiln")
    assert questions == ["beforeunload"]
    page.unroute("**/sell/drafts/keep/")
    page.goto(vase_form())
    page.get_by_label("Title").fill("Round vase")
    kept(page, 1)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiln")
    assert questions == ["beforeunload"]


def test_rows_change_in_place_and_keep_what_was_typed(page):
    page.goto(vase_form())
    page.evaluate("window.marker = true")
    page.get_by_label("Title").fill("Round vase")
    page.get_by_role("button", name="Add a variant").click()
    expect(page.locator(".rows--variants tbody tr")).to_have_count(5)
    expect(page.get_by_label("Size, row 5")).to_be_focused()
    page.get_by_label("Size, row 5").fill("Huge")
    page.get_by_role("button", name="Copy this row").last.click()
    expect(page.get_by_label("Size, row 6")).to_have_value("Huge")
    page.get_by_role("button", name="Remove this row").last.click()
    expect(page.locator(".rows--variants tbody tr")).to_have_count(5)
    page.get_by_label("Option 3").fill("Glaze")
    page.get_by_label("Title").focus()
    page.get_by_label("Glaze, row 1").fill("Matt")
    expect(page.get_by_label("Title")).to_have_value("Round vase")
    page.get_by_role("button", name="Move it back").first.click()
    expect(page.get_by_label("What it shows").first).to_have_value("The foot of the vase")
    assert page.evaluate("window.marker")


def test_category_is_found_by_typing(page):
    for n in range(12):
        CategoryFactory(name=f"Shelf {n:02}")
    page.goto(vase_form())
    page.get_by_label("Find a category").fill("shelf 07")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Find a category")).to_have_value("")
    kept(page, 1)
    page.reload()
    chosen = page.get_by_label("Category", exact=True).locator("option:checked")
    expect(chosen).to_have_text("Shelf 07")


def test_description_is_shown_as_it_will_read(page):
    page.goto(vase_form())
    page.get_by_label("Description").fill("Made of **clay**.")
    page.get_by_role("button", name="Show how it reads").click()
    expect(page.locator("#markdown strong")).to_have_text("clay")
    kept(page, 1)


def test_preview_opens_beside_the_form(page):
    page.goto(vase_form())
    page.get_by_label("Title").fill("Round vase")
    with page.context.expect_page() as other:
        page.get_by_role("button", name="Preview").click()
    preview = other.value
    expect(preview.get_by_role("heading", level=1)).to_have_text("Round vase")
    preview.locator("#offer").get_by_role("link", name="Large").click()
    expect(preview.locator("#offer")).to_contain_text("€50.00")
    preview.get_by_role("link", name="Back to the form").click()
    expect(preview.get_by_label("Title")).to_have_value("Round vase")


def test_form_goes_on_after_a_preview_and_is_sent_at_once(page):
    page.goto(NEW)
    fill_in(page)
    with page.context.expect_page():
        page.get_by_role("button", name="Preview").click()
    page.get_by_label("Maker or brand").fill("Kiln & Co")
    expect(page.locator("#kept")).to_contain_text("Draft kept at")
    with page.context.expect_page():
        page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Save and list").click()
    expect(page.get_by_text("Saved and listed.")).to_be_visible()
    assert not Edit.objects.exists()


def test_mistakes_are_told_and_led_to(page):
    page.goto(vase_form())
    page.get_by_label("Title").fill("")
    page.get_by_label("Price, row 2", exact=True).fill("")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="What does it cost?").click()
    expect(page.get_by_label("Price, row 2", exact=True)).to_be_focused()
    assert barriers(page) == []


def test_two_windows_do_not_overwrite_each_other(page, open_as_seller, complaints):
    other = open_as_seller()
    page.goto(vase_form())
    other.goto(vase_form())
    page.get_by_label("Title").fill("Mine")
    kept(page, 1)
    other.get_by_label("Title").fill("Theirs")
    expect(other.locator("#kept")).to_contain_text("being edited in another window")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    other.get_by_role("button", name="Save changes").click()
    expect(other.locator("#conflict")).to_contain_text("Mine")
    expect(other.get_by_label("Title")).to_have_value("Theirs")
    (complaint,) = complaints
    assert "409" in complaint
    complaints.clear()
    assert barriers(other) == []


def test_double_click_saves_once(page):
    page.goto(NEW)
    fill_in(page)
    page.get_by_role("button", name="Save and list").dblclick()
    expect(page.get_by_text("Saved and listed.")).to_be_visible()
    assert Product.objects.filter(title="Low bowl").count() == 1


def test_form_outlives_the_session(page, complaints):
    page.goto(NEW)
    fill_in(page)
    kept(page, 1)
    page.context.clear_cookies()
    page.get_by_label("Maker or brand").fill("Kiln & Co")
    expect(page.locator("#kept")).to_contain_text("you are signed out")
    other = page.context.new_page()
    other.goto("/accounts/login/?next=/sell/")
    other.get_by_label("Email").fill(Seller.objects.get(slug="kiln").user.email)
    other.get_by_label("Password").fill("a-long-kettle-42")
    other.locator("main").get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Kiln")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_role("button", name="Save and list").click()
    expect(page.get_by_text("Saved and listed.")).to_be_visible()
    assert Product.objects.get(title="Low bowl").brand == "Kiln & Co"
    complaints.clear()  # the browser notes what was not kept


def test_many_products_are_chosen_and_changed(page):
    page.goto("/sell/products/")
    page.get_by_label("Search by name or article number").fill("cup")
    expect(page.locator("#results")).to_have_text("20 products")
    page.get_by_label("Choose all shown").check()
    page.get_by_role("textbox", name="Stock").fill("77")
    page.get_by_role("button", name="Set the stock").click()
    expect(page.get_by_text("Stock set: 20.")).to_be_visible()
    expect(page.locator("#results")).to_have_text("20 products")
    expect(page.get_by_text("77 in stock")).to_have_count(20)


@pytest.mark.parametrize("address", ["/sell/", "/sell/products/", NEW, "form"])
def test_page_has_no_barrier_and_fits(page, address):
    page.goto(vase_form() if address == "form" else address)
    assert barriers(page) == []
    for width in (320, 768, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
