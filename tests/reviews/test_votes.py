from types import SimpleNamespace

import pytest

from shop.caching import notes
from shop.reviews.models import Report, Review, Vote
from tests.factories import ProductFactory, ReviewFactory, SellerFactory, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def review():
    return ReviewFactory(product=ProductFactory(slug="vase", seller=SellerFactory(user=UserFactory())))


def vote(client, review, choice, **headers):
    return client.post(f"/me/reviews/{review.pk}/vote/", {"choice": choice}, headers=headers)


def counts(review):
    review.refresh_from_db()
    return review.helpful_count, review.unhelpful_count


def test_votes_are_counted_changed_and_taken_back(client, review):
    for choices, expected in [("helpful", (1, 0)), ("unhelpful", (1, 1))]:
        client.force_login(UserFactory())
        assert vote(client, review, choices).url == review.get_absolute_url()
        assert counts(review) == expected
    vote(client, review, "unhelpful")
    assert counts(review) == (1, 1)
    vote(client, review, "helpful")
    assert counts(review) == (2, 0)
    vote(client, review, "none")
    assert counts(review) == (1, 0)
    assert "Helpful for 1" in client.get("/products/vase/reviews/").content.decode()


def test_double_click_is_one_vote(client, review):
    client.force_login(UserFactory())
    answers = [vote(client, review, "helpful").url for _ in range(2)]
    assert answers == [review.get_absolute_url()] * 2
    assert (counts(review), Vote.objects.count()) == ((1, 0), 1)


def test_htmx_gets_the_buttons_as_they_are_now(client, review):
    client.force_login(UserFactory())
    page = vote(client, review, "helpful", **HTMX).content.decode()
    assert 'value="none" aria-pressed="true">Helpful' in page
    assert "Helpful for 1" in page
    assert "<html" not in page


def test_votes_of_a_page_come_at_once(client, review):
    other = ReviewFactory(product=review.product)
    hidden = ReviewFactory(product=review.product, state="waiting")
    client.force_login(UserFactory())
    vote(client, review, "unhelpful")
    shown = f"{review.pk},{other.pk},{hidden.pk},x,99999999999999999999,"
    page = client.get(f"/me/products/vase/votes/?shown={shown}").content.decode()
    assert page.count('hx-swap-oob="true"') == 2
    assert page.count('aria-pressed="true"') == 1
    assert f'id="vote-{hidden.pk}"' not in page


def test_votes_without_a_session_are_nothing(client, review):
    assert client.get(f"/me/products/vase/votes/?shown={review.pk}").status_code == 204
    assert vote(client, review, "helpful").status_code == 302
    assert not Vote.objects.exists()


@pytest.mark.parametrize("who", ["author", "seller"])
def test_nobody_votes_for_themselves(client, review, who):
    client.force_login(review.author if who == "author" else review.product.seller.user)
    assert vote(client, review, "helpful").status_code == 404
    votes = client.get(f"/me/products/vase/votes/?shown={review.pk}").content.decode()
    assert f'id="vote-{review.pk}"' in votes
    assert "<button" not in votes


@pytest.mark.parametrize("choice", ["", "yes", "<b>"])
def test_nonsense_is_no_vote(client, review, choice):
    client.force_login(UserFactory())
    assert vote(client, review, choice).status_code == 200
    assert counts(review) == (0, 0)


def test_quick_votes_are_stopped(client, review, monkeypatch):
    # All at once, however slow the machine.
    monkeypatch.setattr(notes, "time", SimpleNamespace(time=lambda: 1_000_000, monotonic=lambda: 0))
    client.force_login(UserFactory())
    answers = [vote(client, review, ("helpful", "none")[n % 2], **HTMX) for n in range(31)]
    assert "That was quick." in answers[30].content.decode()
    assert "That was quick." not in answers[29].content.decode()


class TestReports:
    def report(self, client, review, **changes):
        data = {"reason": "spam", "note": "It sells lamps."} | changes
        return client.post(f"/me/reviews/{review.pk}/report/", data, follow=True)

    def test_anybody_can_report(self, client, review):
        assert "What is wrong with it?" in client.get(f"/me/reviews/{review.pk}/report/").content.decode()
        assert "will look at it" in self.report(client, review).content.decode()
        report = Report.objects.get()
        assert (report.review, report.reason, report.reporter) == (review, "spam", None)

    def test_one_report_for_each_person(self, client, review):
        client.force_login(UserFactory())
        self.report(client, review)
        self.report(client, review, reason="offensive")
        assert Report.objects.get().reason == "offensive"

    def test_double_click_is_one_report_even_of_nobody(self, client, review):
        self.report(client, review)
        self.report(client, review)
        self.report(client, review, note="It sells vases.")
        assert Report.objects.count() == 2

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"reason": ""}, "Choose a reason."),
            ({"reason": "dull"}, "not one of the available choices"),
            ({"note": "x" * 1001}, "at most 1000 characters"),
        ],
    )
    def test_mistakes_are_explained(self, client, review, changes, message):
        assert message in self.report(client, review, **changes).content.decode()
        assert not Report.objects.exists()

    def test_reports_of_an_address_are_limited(self, client, review):
        answers = [self.report(client, review, note=f"No. {n}") for n in range(11)]
        assert "a lot within an hour" in answers[10].content.decode()
        assert Report.objects.count() == 10

    def test_a_review_that_is_not_shown_cannot_be_reported(self, client, review):
        Review.objects.get().reject("No.")
        assert self.report(client, review).status_code == 404
