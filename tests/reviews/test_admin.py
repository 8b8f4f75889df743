import pytest
from django.core import mail

from shop.reviews.models import Report, Review
from shop.reviews.spam import signs_of_spam
from tests.admin_forms import change_in_admin, confirm_in_admin, form_data
from tests.factories import ProductFactory, ReviewFactory, ReviewPhotoFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/reviews/review/"


def queue(client, query=""):
    return [review.text for review in client.get(LIST + query).context["cl"].result_list]


def act(client, action, *reviews, **extra):
    data = {"action": action, "_selected_action": [review.pk for review in reviews]}
    return client.post(f"{LIST}?queue=all", data | extra)


def confirm(client, action, *reviews, **typed):
    return confirm_in_admin(client, f"{LIST}?queue=all", action, reviews, **typed)


def test_queue_holds_what_nobody_has_looked_at_the_worst_first(staff_client):
    ReviewFactory(text="Harmless.", spam_score=0)
    ReviewFactory(text="Dubious.", spam_score=6, state="waiting")
    reported = ReviewFactory(text="Reported.", spam_score=1)
    looked_at = ReviewFactory(text="Looked at.", spam_score=9)
    looked_at.approve()
    Report.objects.create(review=reported, reason="spam")
    assert queue(staff_client) == ["Reported.", "Dubious.", "Harmless."]
    assert queue(staff_client, "?queue=reported") == ["Reported."]
    assert len(queue(staff_client, "?queue=all")) == 4


def test_edited_review_comes_back_into_the_queue(client, staff_client):
    review = ReviewFactory(text="Before.")
    review.approve()
    assert queue(staff_client) == []
    author = review.author
    client.force_login(author)
    data = {"rating": 1, "text": "After.", "author_name": "Me", "version": 1}
    client.post(f"/me/reviews/{review.pk}/edit/", data)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert queue(client) == ["After."]


def test_approving_in_bulk_publishes_and_settles_reports(client, staff_client):
    product = ProductFactory(slug="vase")
    reviews = [ReviewFactory(product=product, text=f"Text {n}.", state="waiting") for n in range(2)]
    Report.objects.create(review=reviews[0], reason="spam")
    question = act(staff_client, "approve_reviews", *reviews)
    assert "Text 1." in question.content.decode()
    assert {review.state for review in Review.objects.all()} == {"waiting"}
    confirm(staff_client, "approve_reviews", *reviews)
    page = client.get("/products/vase/reviews/").content.decode()
    assert "Text 0." in page
    assert "Text 1." in page
    assert queue(staff_client) == []
    assert Report.objects.get().settled_at


def test_rejecting_in_bulk_needs_a_reason_and_writes_letters(
    client, staff_client, django_capture_on_commit_callbacks
):
    review = ReviewFactory(product=ProductFactory(slug="vase", title="Vase"), text="Buy lamps at …")
    question = act(staff_client, "reject_reviews", review)
    assert "Buy lamps at …" in question.content.decode()
    assert "Give the authors a reason" not in question.content.decode()
    response = confirm(staff_client, "reject_reviews", review, reason=" ")
    assert "Give the authors a reason" in response.content.decode()
    review.refresh_from_db()
    assert review.state == "published"
    with django_capture_on_commit_callbacks(execute=True):
        confirm(staff_client, "reject_reviews", review, reason="It is about lamps & “light”.")
    (letter,) = mail.outbox
    assert letter.to == [review.author.email]
    assert letter.subject == "Your review of Vase"
    assert "It is about lamps & “light”." in letter.body
    assert "Buy lamps" not in client.get("/products/vase/reviews/").content.decode()


def test_a_letter_that_cannot_be_sent_undoes_nothing(
    staff_client, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "nowhere.Backend"
    review = ReviewFactory()
    with django_capture_on_commit_callbacks(execute=True):
        confirm(staff_client, "reject_reviews", review, reason="No.")
    review.refresh_from_db()
    assert review.state == "rejected"


def test_verdict_on_the_page_of_a_review(client, staff_client):
    review = ReviewFactory(product=ProductFactory(slug="vase"), text="Hm.", state="waiting")
    assert change_in_admin(staff_client, review, {"verdict": "approve"}).status_code == 302
    assert "Hm." in client.get("/products/vase/").content.decode()
    response = change_in_admin(staff_client, review, {"verdict": "reject"})
    assert "Give the author a reason." in str(response.context["errors"])
    change_in_admin(staff_client, review, {"verdict": "reject", "reason": "No."})
    assert "Hm." not in client.get("/products/vase/").content.decode()
    change_in_admin(staff_client, review)
    assert Review.objects.get().rejection_reason == "No."


def test_deleting_counts_anew(staff_client):
    product = ProductFactory()
    one, two, _ = (ReviewFactory(product=product, rating=rating) for rating in (1, 3, 5))
    question = staff_client.get(f"{LIST}{one.pk}/delete/")
    assert one.text in question.content.decode()
    confirm(staff_client, "delete_reviews", one)
    confirm(staff_client, "delete_reviews", two)
    product.refresh_from_db()
    assert (product.rating, product.rating_count) == (5.0, 1)


def test_staff_cannot_write_reviews(staff_client):
    assert staff_client.get(f"{LIST}add/").status_code == 403


def test_queue_asks_a_bounded_number_of_queries(staff_client, django_assert_max_num_queries):
    for _ in range(30):
        ReviewFactory()
    with django_assert_max_num_queries(12):
        assert staff_client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Look at https://lamps.example and www.more.example", "links"),
        ("Write to me@lamps.example", "an e-mail address"),
        ("Call +44 20 7946 0958", "telephone"),
        ("good good good good good", "over and over"),
        ("Soooooooooo good", "over and over"),
        ("BUY THIS NOW OR REGRET IT FOR EVER", "capitals"),
        ("Copied from elsewhere.", "same text"),
    ],
)
def test_signs_of_spam_are_named(text, sign):
    ReviewFactory(text="Copied from elsewhere.")
    signs = signs_of_spam(ReviewFactory(text=text))
    assert any(sign in explanation and points for points, explanation in signs)


def test_haste_and_new_accounts_are_signs():
    author = UserFactory()
    for n in range(4):
        review = ReviewFactory(author=author, text=f"Text {n}.")
    assert {text for _, text in signs_of_spam(review)} == {"several in an hour", "an account of today"}


def test_plain_praise_is_no_sign():
    review = ReviewFactory(text="The 35 cm one holds 2.5 litres. I like it very, very much!")
    assert [text for _, text in signs_of_spam(review)] == ["an account of today"]


CHANGES = {
    "text": lambda review: Review.objects.filter(pk=review.pk).update(text="Buy lamps."),
    "rating": lambda review: Review.objects.filter(pk=review.pk).update(rating=1),
    "name": lambda review: Review.objects.filter(pk=review.pk).update(author_name="Lamps & Co"),
    "reply": lambda review: review.answer("Buy lamps."),
    "photo": lambda review: ReviewPhotoFactory(review=review),
    "report": lambda review: review.reports.create(reason="spam"),
    "approved": lambda review: review.approve(),
    "rejected": lambda review: review.reject("No."),
}
VERDICTS = {"verdict": "approve"}, {"verdict": "reject", "reason": "Typed."}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_read_before_it_is_decided(staff_client, change, raw_writes_are_expected):
    review = ReviewFactory(text="Harmless.")
    address = f"{LIST}{review.pk}/change/"
    form = form_data(staff_client.get(address))
    shown = act(staff_client, "approve_reviews", review).context["shown"]
    CHANGES[change](review)
    before = Review.objects.values().get()
    for verdict in VERDICTS:
        page = staff_client.post(address, form | verdict)
        assert "has changed since you opened" in page.content.decode()
        assert (page.context["adminform"].form["reason"].value() or "") == verdict.get("reason", "")
    for action in ("approve_reviews", "reject_reviews", "delete_reviews"):
        page = act(staff_client, action, review, confirmed="yes", shown=shown, reason="Typed.")
        assert "has changed since you opened" in page.content.decode()
        assert page.context["shown"] != shown
        if action == "reject_reviews":
            assert "Typed." in page.content.decode()
    assert Review.objects.values().get() == before
    assert mail.outbox == []
    again = form_data(staff_client.get(address)) | VERDICTS[0]
    assert staff_client.post(address, again).status_code == 302


def test_one_more_in_the_selection_is_shown_first(staff_client):
    one, two = ReviewFactory(text="One."), ReviewFactory(text="Two.")
    shown = act(staff_client, "delete_reviews", one).context["shown"]
    page = act(staff_client, "delete_reviews", one, two, confirmed="yes", shown=shown)
    assert "Two." in page.content.decode()
    assert Review.objects.count() == 2
