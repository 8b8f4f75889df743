from html import unescape
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from shop.caching.versions import is_clearing
from shop.reviews import forms
from shop.reviews.models import Review
from shop.reviews.views.own import MyReviews
from tests.factories import (
    ProductFactory,
    ReviewFactory,
    ReviewPhotoFactory,
    SellerFactory,
    UserFactory,
    picture_file,
)
from tests.images.files import BAD

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGE = "/products/vase/reviews/"
OWN = "/me/products/vase/review/"


@pytest.fixture
def vase():
    return ProductFactory(title="Vase", slug="vase", seller=SellerFactory(user=UserFactory()))


@pytest.fixture
def shopper():
    return UserFactory(display_name="Corner kitchen")


@pytest.fixture
def signed_in(client, shopper):
    client.force_login(shopper)
    return client


def written(**changes):
    return {"rating": "4", "title": "Solid", "text": "Stands well.", "author_name": "Corner"} | changes


def test_review_is_published_at_once(signed_in, shopper, vase):
    response = signed_in.post(PAGE, written())
    assert (response.status_code, response.url) == (302, OWN)
    assert "Thank you. Your review is on the page." in signed_in.get(OWN).content.decode()
    review = Review.objects.get()
    assert (review.author, review.product, review.rating, review.state) == (shopper, vase, 4, "published")
    for address in (PAGE, "/products/vase/"):
        assert "Stands well." in signed_in.get(address).content.decode()


def test_review_waits_where_staff_look_first(signed_in, vase, settings):
    settings.REVIEWS_NEED_APPROVAL = True
    signed_in.post(PAGE, written())
    assert Review.objects.get().state == "waiting"
    assert "Stands well." not in signed_in.get(PAGE).content.decode()
    assert "waits for somebody" in signed_in.get(OWN).content.decode()


def test_htmx_gets_its_part_with_a_message_that_takes_the_focus(signed_in, vase):
    response = signed_in.post(PAGE, written(), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["HX-Trigger-After-Settle"] == "reviews-changed"
    assert 'tabindex="-1" autofocus role="status">Thank you.' in page
    assert "<html" not in page


def test_name_to_show_is_offered_and_can_be_another(signed_in, vase):
    assert 'value="Corner kitchen"' in signed_in.get(OWN).content.decode()


LONG = "So good. " * 2300
MISTAKES = [
    ({"text": ""}, "Write a sentence or two."),
    ({"text": "   \n "}, "Write a sentence or two."),
    ({"text": LONG}, "at most 5000 characters"),
    ({"rating": "6"}, "Choose from one to five stars."),
    ({"rating": ""}, "Choose from one to five stars."),
    ({"rating": "<b>"}, "Choose from one to five stars."),
    ({"title": "x" * 121}, "at most 120 characters"),
    ({"author_name": ""}, "Give a name to show"),
    ({"author_name": "x" * 61}, "at most 60 characters"),
    ({"photos": [ContentFile(b"no picture", "cat.jpg")]}, "cat.jpg: This is not a JPEG"),
    ({"photos": [ContentFile(b"", "empty.png")]}, "empty.png: This file is empty"),
    ({"photos": [picture_file() for _ in range(5)]}, "Choose at most 4 photos."),
]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("changes", "message"), MISTAKES, ids=[row[1] + str(i) for i, row in enumerate(MISTAKES)]
)
def test_mistakes_are_explained_and_the_text_is_kept(signed_in, vase, changes, message, headers):
    for photo in changes.get("photos", ()):
        photo.seek(0)
    response = signed_in.post(PAGE, written(**changes), headers=headers)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert "Nothing is lost." in page
    if "text" not in changes:
        assert "Stands well." in page
    assert not Review.objects.exists()


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photo_is_refused_and_leaves_nothing(signed_in, vase, settings, name):
    content, answer = BAD[name]
    page = signed_in.post(PAGE, written(photos=[ContentFile(content, "cat.jpg")])).content.decode()
    assert f"cat.jpg: {answer}" in unescape(page)
    assert "Stands well." in page
    assert not Review.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_text_with_markup_comes_back_as_text(signed_in, vase):
    markup = '</textarea><script>alert("x")</script>'
    page = signed_in.post(
        PAGE, written(text=markup, title=markup, author_name="<b>", rating="9")
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_second_review_is_refused_and_its_text_kept(signed_in, shopper, vase):
    ReviewFactory(product=vase, author=shopper)
    page = signed_in.post(PAGE, written()).content.decode()
    assert "You have reviewed this already" in page
    assert "Stands well." in page
    assert Review.objects.count() == 1


def test_a_double_click_is_one_review(signed_in, vase):
    responses = [signed_in.post(PAGE, written()) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert Review.objects.count() == 1


def test_archived_product_takes_none(signed_in):
    ProductFactory(slug="jug", status="archived")
    page = signed_in.post("/products/jug/reviews/", written()).content.decode()
    assert "no longer sold" in page
    assert "Stands well." in page
    assert "takes no new reviews" in signed_in.get("/me/products/jug/review/").content.decode()
    assert not Review.objects.exists()


def test_draft_takes_none(signed_in):
    ProductFactory(slug="secret", status="draft")
    assert signed_in.post("/products/secret/reviews/", written()).status_code == 404


def test_seller_cannot_review_their_own(client, vase):
    client.force_login(vase.seller.user)
    assert "You sell this yourself" in client.post(PAGE, written()).content.decode()
    assert "/sell/reviews/" in client.get(OWN).content.decode()
    assert not Review.objects.exists()


def test_signed_out_in_the_meantime_loses_nothing(client, vase):
    page = client.post(PAGE, written()).content.decode()
    assert "You are signed out." in page
    assert "Stands well." in page
    assert not Review.objects.exists()


def test_photos_are_stored_without_their_metadata_and_shown(signed_in, vase):
    signed_in.post(PAGE, written(photos=[picture_file(), picture_file(kind="PNG")]))
    photos = Review.objects.get().photos.all()
    assert [photo.position for photo in photos] == [0, 1]
    assert all(
        photo.file.name.startswith("reviews/") and photo.file.name.endswith(".jpg") for photo in photos
    )
    page = signed_in.get(PAGE).content.decode()
    assert "Photo 2 by Corner" in page
    assert signed_in.get(photos[0].file.url).status_code == 200


class TestEditing:
    @pytest.fixture
    def review(self, shopper, vase):
        return ReviewFactory(product=vase, author=shopper, rating=2, text="At first.")

    def address(self, review):
        return f"/me/reviews/{review.pk}/edit/"

    def test_edit_shows_and_counts(self, signed_in, review, vase):
        assert "At first." in signed_in.get(self.address(review)).content.decode()
        response = signed_in.post(self.address(review), written(version=1))
        assert response.status_code == 302
        review.refresh_from_db()
        assert (review.rating, review.version, review.state) == (4, 2, "published")
        page = signed_in.get(PAGE).content.decode()
        assert "Stands well." in page
        assert "edited" in page
        assert "4.0" in page

    def test_old_form_does_not_overwrite_unseen(self, signed_in, review):
        signed_in.post(self.address(review), written(version=1, text="From another window."))
        page = signed_in.post(
            self.address(review), written(version=1, text="From this one.")
        ).content.decode()
        assert "changed elsewhere" in page
        assert "From this one." in page
        assert 'name="version" value="2"' in page
        signed_in.post(self.address(review), written(version=2, text="From this one."))
        review.refresh_from_db()
        assert review.text == "From this one."

    def test_unchanged_is_not_an_edit(self, signed_in, review):
        same = written(rating=2, title="", text="At first.", author_name=review.author_name, version=1)
        signed_in.post(self.address(review), same)
        review.refresh_from_db()
        assert review.edited_at is None

    def test_rejected_review_waits_after_an_edit(self, signed_in, review):
        review.reject("Too rude.")
        assert "Too rude." in signed_in.get(OWN).content.decode()
        signed_in.post(self.address(review), written(version=1))
        review.refresh_from_db()
        assert review.state == "waiting"

    def test_photos_go_and_come(self, signed_in, review):
        first, second = (ReviewPhotoFactory(review=review, position=n) for n in range(2))
        changed = written(version=1, removed=[first.pk], photos=[picture_file()])
        assert signed_in.post(self.address(review), changed).status_code == 302
        photos = list(review.photos.all())
        assert [photo.position for photo in photos] == [0, 1]
        assert photos[0] == second
        too_many = written(version=2, photos=[picture_file() for _ in range(3)])
        assert "more than 4" in signed_in.post(self.address(review), too_many).content.decode()

    def test_delete_asks_first(self, signed_in, review, vase):
        address = f"/me/reviews/{review.pk}/delete/"
        assert "goes for good" in signed_in.get(address).content.decode()
        assert Review.objects.exists()
        response = signed_in.post(address, headers=HTMX)
        assert "Your review is deleted." in response.content.decode()
        assert not Review.objects.exists()
        assert "Nobody has reviewed this" in signed_in.get(PAGE).content.decode()

    @pytest.mark.parametrize("verb", ["edit", "delete"])
    def test_others_reviews_are_not_there(self, client, review, verb):
        address = f"/me/reviews/{review.pk}/{verb}/"
        assert client.get(address).status_code == 302
        client.force_login(UserFactory())
        for response in (client.get(address), client.post(address, written(version=1))):
            assert response.status_code == 404
        assert Review.objects.get().text == "At first."

    def test_own_reviews_are_listed(self, signed_in, review):
        ReviewFactory(text="Somebody else’s.")
        page = signed_in.get("/me/reviews/").content.decode()
        assert "At first." in page
        assert "Somebody else" not in page

    def test_htmx_without_a_session_is_led_to_the_sign_in(self, client, review):
        response = client.get(self.address(review), headers=HTMX)
        assert response.headers["HX-Redirect"].startswith("/")
        assert response.status_code == 200


def test_many_reviews_in_an_hour_are_stopped(signed_in, settings):
    for n in range(6):
        ProductFactory(slug=f"cup-{n}")
    answers = [signed_in.post(f"/products/cup-{n}/reviews/", written(text=f"Cup {n}.")) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert "a lot within an hour" in answers[5].content.decode()
    assert "Cup 5." in answers[5].content.decode()
    assert Review.objects.count() == 5


def test_address_is_limited_across_accounts(client, vase):
    for n in range(31):
        client.force_login(UserFactory())
        response = client.post(PAGE, written(text=f"Review {n}."))
    assert "a lot within an hour" in response.content.decode()
    assert Review.objects.count() == 30


@pytest.mark.parametrize("address", [OWN, "/me/reviews/", "/me/products/vase/votes/"])
def test_own_pages_are_never_stored(signed_in, vase, address):
    assert "no-store" in signed_in.get(address).headers["Cache-Control"]


def test_signs_of_spam_are_read_before_anybody_has_to_wait(signed_in, vase, monkeypatch):
    """Long texts take long to read: no lock is held, and no other writer waits, meanwhile."""
    is_locked = []
    monkeypatch.setattr(
        forms, "signs_of_spam", lambda review: is_locked.append(is_clearing()) or [(3, "links")]
    )
    signed_in.post(PAGE, written())
    review = Review.objects.get()
    signed_in.post(f"/me/reviews/{review.pk}/edit/", written(text="Stands better.", version=review.version))
    assert is_locked == [False, False]
    review.refresh_from_db()
    assert (review.text, review.spam_score) == ("Stands better.", 3)


def test_ones_own_reviews_are_paged_through(signed_in, shopper, monkeypatch):
    monkeypatch.setattr(MyReviews, "paginate_by", 1)
    ReviewFactory(author=shopper, text="It wobbles.")
    ReviewFactory(author=shopper, text="It holds.")
    assert 'href="/me/reviews/?page=2"' in signed_in.get("/me/reviews/").content.decode()
    assert "It wobbles." in signed_in.get("/me/reviews/?page=2").content.decode()
