import pytest

from shop.privacy.closing import close_account
from shop.privacy.export import data_of
from shop.reviews.models import Vote
from tests.factories import MemberFactory, ProductFactory, ReviewFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return MemberFactory(display_name="Dana D.")


def test_closed_account_leaves_its_reviews_without_the_person(client, person):
    review = ReviewFactory(
        product=ProductFactory(slug="vase"), author=person, author_name="Dana D.", rating=4, text="It stays."
    )
    other = ReviewFactory()
    Vote.cast(other, person, "helpful")
    assert "Dana D." in client.get("/products/vase/reviews/").content.decode()
    close_account(person)
    page = client.get("/products/vase/reviews/").content.decode()
    assert "Dana D." not in page
    assert "A former member" in page
    assert "It stays." in page
    for kept in (review, other):
        kept.refresh_from_db()
    assert (review.author, review.product.rating, other.helpful_count) == (None, 4.0, 1)


def test_export_holds_what_a_person_wrote(person):
    review = ReviewFactory(author=person, text="My words.")
    ReviewFactory(text="Of another.")
    Vote.cast(review, person, "unhelpful")
    data = data_of(person)
    assert [review["text"] for review in data["reviews"]] == ["My words."]
    assert data["review_votes"] == [{"review_id": review.pk, "is_helpful": False}]
