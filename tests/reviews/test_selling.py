import pytest

from tests.factories import ProductFactory, ReviewFactory, SellerFactory, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def review():
    seller = SellerFactory(user=UserFactory(), name="Kiln")
    return ReviewFactory(product=ProductFactory(slug="vase", seller=seller), text="It wobbles.")


@pytest.fixture
def seller_client(client, review):
    client.force_login(review.product.seller.user)
    return client


def test_seller_sees_the_reviews_of_what_they_sell(seller_client, review):
    ReviewFactory(text="Of another shop.")
    ReviewFactory(product=review.product, text="Not yet shown.", state="waiting")
    ReviewFactory(product=review.product, text="Answered.", reply="Thanks.")
    page = seller_client.get("/sell/reviews/").content.decode()
    assert "It wobbles." in page
    assert "Answered." in page
    assert "Of another shop." not in page
    assert "Not yet shown." not in page
    unanswered = seller_client.get("/sell/reviews/?unanswered=1").content.decode()
    assert "It wobbles." in unanswered
    assert "Answered." not in unanswered


def test_reply_is_shown_changed_and_taken_away(seller_client, review):
    address = f"/sell/reviews/{review.pk}/reply/"
    assert "It wobbles." in seller_client.get(address).content.decode()
    assert seller_client.post(address, {"reply": "A felt pad helps."}).status_code == 302
    for page in ("/products/vase/", "/products/vase/reviews/"):
        html = seller_client.get(page).content.decode()
        assert "Kiln replies" in html
        assert "A felt pad helps." in html
    page = seller_client.post(address, {"reply": "We send you one."}, headers=HTMX).content.decode()
    assert "Your reply is on the page." in page
    assert "We send you one." in page
    seller_client.post(f"{address}delete/")
    assert "replies" not in seller_client.get("/products/vase/reviews/").content.decode()


def test_double_click_is_one_reply(seller_client, review):
    addresses, times = [], []
    for _ in range(2):
        response = seller_client.post(f"/sell/reviews/{review.pk}/reply/", {"reply": "A felt pad helps."})
        review.refresh_from_db()
        addresses.append(response.headers["Location"])
        times.append(review.replied_at)
    assert addresses == ["/sell/reviews/"] * 2
    assert times[0] == times[1]


@pytest.mark.parametrize(("text", "message"), [("  ", "Write a reply"), ("x" * 2001, "at most 2000")])
def test_mistakes_are_explained(seller_client, review, text, message):
    page = seller_client.post(f"/sell/reviews/{review.pk}/reply/", {"reply": text}).content.decode()
    assert message in page
    review.refresh_from_db()
    assert review.reply == ""


@pytest.mark.parametrize("address", ["/sell/reviews/", "reply/", "reply/delete/"])
def test_others_have_no_business_here(client, review, address):
    address = address if address.startswith("/") else f"/sell/reviews/{review.pk}/{address}"
    assert client.post(address, {"reply": "Ha."}).status_code == 302
    for user in (UserFactory(), SellerFactory(user=UserFactory()).user):
        client.force_login(user)
        response = client.post(address, {"reply": "Ha."})
        assert response.status_code in (404, 405)
    review.refresh_from_db()
    assert review.reply == ""


def test_person_without_a_shop_has_no_such_page(client):
    client.force_login(UserFactory())
    assert client.get("/sell/reviews/").status_code == 404
