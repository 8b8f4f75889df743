"""What shoppers, sellers and staff do with reviews, each as one function."""

from django.test import Client, override_settings

from shop.reviews.models import Review
from tests.admin_forms import confirm_in_admin
from tests.factories import UserFactory

LIST = "/admin/reviews/review/"
WRITTEN = {"rating": "2", "title": "", "text": "It leans.", "author_name": "Top shelf"}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def published(product):
    return product.reviews.published().get()


def waiting(product):
    return product.reviews.get(state=Review.State.WAITING)


def write(staff, product, **changes):
    return client_of(UserFactory()).post(f"/products/{product.slug}/reviews/", WRITTEN | changes)


def write_average(staff, product):
    return write(staff, product, rating="4")


@override_settings(REVIEWS_NEED_APPROVAL=True)
def write_to_wait(staff, product):
    return write(staff, product)


def edit(review_of=published, **changes):
    def do(staff, product):
        review = review_of(product)
        names = ("rating", "title", "text", "author_name", "version")
        data = {name: getattr(review, name) for name in names} | changes
        return client_of(review.author).post(f"/me/reviews/{review.pk}/edit/", data)

    return do


edit_waiting = edit(waiting, text="On second thoughts.", rating="5")


def delete(staff, product):
    review = published(product)
    return client_of(review.author).post(f"/me/reviews/{review.pk}/delete/")


def delete_in_admin(staff, product):
    return confirm_in_admin(staff, f"{LIST}?queue=all", "delete_reviews", [published(product)])


def act(action, review_of):
    def do(staff, product):
        address = f"{LIST}?queue=all"
        return confirm_in_admin(staff, address, action, [review_of(product)], reason="Not about it.")

    return do


approve_waiting = act("approve_reviews", waiting)
approve_published = act("approve_reviews", published)
reject_waiting = act("reject_reviews", waiting)
reject_published = act("reject_reviews", published)


def vote(staff, product, *choices):
    client, address = client_of(UserFactory()), f"/me/reviews/{published(product).pk}/vote/"
    for choice in choices or ["helpful"]:
        response = client.post(address, {"choice": choice})
    return response


def vote_and_take_back(staff, product):
    return vote(staff, product, "unhelpful", "none")


def take_back_nothing(staff, product):
    return vote(staff, product, "none")


def reply(staff, product):
    address = f"/sell/reviews/{published(product).pk}/reply/"
    return client_of(product.seller.user).post(address, {"reply": "We send you a felt pad."})


def report(staff, product):
    return Client().post(f"/me/reviews/{published(product).pk}/report/", {"reason": "spam"})
