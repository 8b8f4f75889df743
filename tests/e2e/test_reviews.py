"""Reviews with htmx, with the keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.reviews.models import Review
from shop.sellers.models import Seller
from tests.factories import MemberFactory

from .axe import barriers
from .overflow import overflows

pytestmark = pytest.mark.browser

VASE = "/products/belly-vase/"
PASSWORD = "a-long-password"


def sign_in(page, then):
    MemberFactory(email="dana@example.com", password=PASSWORD, display_name="Dana’s kitchen")
    page.goto(f"/accounts/login/?next={then}")
    page.get_by_label("Email").fill("dana@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    # The address of the form ends in that of the page, too.
    page.wait_for_url(lambda url: "/login/" not in url)
    # The islands are there: before, their links lead to pages of their own.
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("address", [VASE, f"{VASE}reviews/"])
def test_writing_a_review_in_place(page, address):
    sign_in(page, address)
    page.get_by_text("Write a review").click()
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_text("Choose from one to five stars.")).to_be_visible()
    page.get_by_role("radio", name="4 stars: Good").press("Space")
    page.get_by_label("Your review", exact=True).fill("Firm on its foot.")
    page.get_by_role("button", name="Send the review").click()
    message = page.get_by_text("Thank you. Your review is on the page.")
    expect(message).to_be_focused()
    expect(page.locator("#reviews-list")).to_contain_text("Firm on its foot.")
    expect(page.locator(".rating-summary__count")).to_have_text("3 reviews")
    expect(page).to_have_url(address)


@pytest.mark.parametrize(
    ("status", "message"), [(500, "does not answer"), (403, "you are signed out"), (None, "does not answer")]
)
def test_review_that_does_not_arrive_says_so_and_stays(page, complaints, status, message):
    sign_in(page, VASE)
    page.get_by_text("Write a review").click()
    page.get_by_role("radio", name="4 stars: Good").press("Space")
    page.get_by_label("Your review", exact=True).fill("Firm on its foot.")
    answer = (lambda route: route.fulfill(status=status)) if status else (lambda route: route.abort())
    page.route(f"**{VASE}reviews/", answer)
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_role("alert")).to_contain_text(message)
    expect(page.get_by_label("Your review", exact=True)).to_have_value("Firm on its foot.")
    page.unroute(f"**{VASE}reviews/")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("Thank you. Your review is on the page.")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#reviews-list")).to_contain_text("Firm on its foot.")
    complaints.clear()  # the browser notes what did not arrive


def test_changing_and_deleting_a_review_in_place(page):
    sign_in(page, VASE)
    page.get_by_text("Write a review").click()
    page.get_by_role("radio", name="2 stars").press("Space")
    page.get_by_label("Your review", exact=True).fill("At first.")
    page.get_by_role("button", name="Send the review").click()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("Your review", exact=True).fill("In the end.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#reviews-list")).to_contain_text("In the end.")
    page.get_by_role("link", name="Delete it").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Your review is deleted.")).to_be_focused()
    expect(page.locator(".rating-summary__count")).to_have_text("2 reviews")
    assert Review.objects.count() == 2


def test_stars_are_chosen_with_the_arrow_keys(page):
    sign_in(page, VASE)
    page.get_by_text("Write a review").click()
    page.get_by_role("radio", name="1 star: Poor").focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="4 stars: Good")).to_be_checked()
    expect(page.get_by_role("group", name="Your rating")).to_be_visible()


def test_votes_are_cast_in_place_and_stay_where_the_list_changes(page):
    address = f"{VASE}reviews/"
    sign_in(page, address)
    helpful = page.get_by_role("button", name="Helpful", exact=True).first
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_be_focused()
    page.get_by_role("link", name="Highest").click()
    expect(page).to_have_url(f"{address}?sort=highest")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    page.locator("[aria-pressed=true]").click()
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    expect(page).to_have_url(f"{address}?sort=highest")


def test_bars_narrow_the_list(page):
    page.goto(f"{VASE}reviews/")
    page.get_by_role("link", name="5 stars 1 review").click()
    expect(page).to_have_url(f"{VASE}reviews/?stars=5")
    expect(page.locator("#results")).to_have_text("1 review with 5 stars")
    expect(page.locator("#results")).to_be_focused()
    page.get_by_role("link", name="All reviews, newest first").click()
    expect(page.locator("#results")).to_have_text("2 reviews")


def test_reporting_in_place(page):
    page.goto(VASE)
    page.get_by_role("link", name="Report this review").first.click()
    page.get_by_role("radio", name="It advertises something").check()
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Somebody of the shop will look at it.")).to_be_focused()


def test_everything_works_without_scripts(page_without_scripts):
    page = page_without_scripts
    sign_in(page, VASE)
    page.get_by_role("link", name="Write a review").click()
    page.get_by_role("radio", name="5 stars: Excellent").press("Space")
    page.get_by_label("Your review", exact=True).fill("Plain and good.")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("Thank you. Your review is on the page.")).to_be_visible()
    page.get_by_role("link", name="Back to").click()
    expect(page.locator("#reviews")).to_contain_text("Plain and good.")
    page.get_by_role("link", name="Did it help you?").nth(1).click()
    page.get_by_role("button", name="Not helpful").click()
    expect(page.locator("#reviews-list")).to_contain_text("not for 1")


@pytest.mark.parametrize("address", [VASE, f"{VASE}reviews/", f"{VASE}reviews/?stars=1"])
def test_reviews_have_no_barrier_and_fit(open_page, address):
    page = open_page(reduced_motion="reduce")
    sign_in(page, address)
    assert barriers(page) == []
    assert overflows(page) == []


def test_form_with_mistakes_has_no_barrier_and_fits(open_page):
    page = open_page(reduced_motion="reduce")
    sign_in(page, VASE)
    page.get_by_text("Write a review").click()
    page.get_by_label("Name to show").fill("")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Report this review").first.click()
    expect(page.get_by_role("button", name="Report it")).to_be_visible()
    assert barriers(page) == []
    assert overflows(page) == []


def test_reviews_and_replies_of_a_seller_have_no_barrier_and_fit(open_page, shop):
    page = open_page(reduced_motion="reduce")
    sign_in(page, VASE)
    with clearing():
        Seller.objects.filter(slug="kiln").update(user=User.objects.get(email="dana@example.com"))
    page.goto("/sell/reviews/")
    page.get_by_role("link", name="Reply", exact=True).first.click()
    page.get_by_label("Your reply").fill("")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_text("Write a reply, or leave the review as it is.")).to_be_visible()
    assert barriers(page) == []
    assert overflows(page) == []
