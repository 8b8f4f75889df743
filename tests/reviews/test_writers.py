"""People who review the same product at the same time, on a database that lets them: PostgreSQL."""

from collections import Counter

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.reviews.models import Review, Vote
from shop.reviews.ratings import rating_columns, stored_columns
from tests.factories import ProductFactory, ReviewFactory, UserFactory
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
EDITED = {"rating": 1, "text": "No.", "author_name": "Me", "version": 1}
WRITERS = 8


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr("shop.reviews.forms.MOST_OF_NETWORK", 10_000)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def post_review(client, product, rating, text="Good."):
    data = {"rating": rating, "text": text, "author_name": "Somebody"}
    return lambda: client.post(f"/products/{product.slug}/reviews/", data).status_code


def counted(product):
    ratings = Review.objects.published().filter(product=product).values_list("rating", flat=True)
    return rating_columns(Counter(ratings))


def test_reviews_that_come_at_once_are_all_counted(client):
    product = ProductFactory(slug="vase")
    for _ in range(5):
        clients = [signed_in(UserFactory()) for _ in range(WRITERS)]
        works = [post_review(client, product, 1 + n % 5) for n, client in enumerate(clients)]
        assert at_once(*works) == [302] * WRITERS
    product = Product.objects.get()
    assert product.rating_count == 5 * WRITERS
    assert stored_columns(product) == counted(product)
    page = client.get("/products/vase/reviews/").content.decode()
    assert f"{5 * WRITERS} reviews" in page


def test_every_kind_of_change_at_once_leaves_the_counts_right(client):
    product, other = ProductFactory(slug="vase"), ProductFactory(slug="bowl")
    for _ in range(4):
        reviews = [ReviewFactory(product=product, rating=3) for _ in range(4)]
        approved = ReviewFactory(product=product, rating=5, state="waiting")
        author = signed_in(reviews[0].author)
        address = f"/me/reviews/{reviews[0].pk}/edit/"
        at_once(
            post_review(signed_in(UserFactory()), product, 2),
            post_review(signed_in(UserFactory()), other, 4),
            lambda author=author, address=address: author.post(address, EDITED),
            lambda review=reviews[1]: review.reject("No."),
            lambda review=reviews[2]: review.remove(),
            lambda review=reviews[3]: review.answer("Thanks."),
            lambda review=approved: review.approve(),
            lambda review=reviews[3]: Vote.cast(review, UserFactory(), "helpful"),
        )
    for product in Product.objects.all():
        assert stored_columns(product) == counted(product)
    assert Product.objects.get(slug="vase").rating_count == 4 * 4
    assert Product.objects.get(slug="bowl").rating_count == 4
    replied = Review.objects.exclude(reply="")
    assert [(review.helpful_count, review.state) for review in replied] == [(1, "published")] * 4


def test_a_double_click_is_one_review():
    product, author = ProductFactory(slug="vase"), UserFactory()
    clients = [signed_in(author) for _ in range(4)]
    assert at_once(*(post_review(client, product, 4) for client in clients)) == [302] * 4
    assert Review.objects.count() == 1
    assert Product.objects.get().rating_count == 1


def test_votes_that_come_at_once_are_all_counted():
    review = ReviewFactory()
    voters = [UserFactory() for _ in range(WRITERS)]
    at_once(*(lambda voter=voter: Vote.cast(Review.objects.get(), voter, "helpful") for voter in voters))
    assert Review.objects.get().helpful_count == WRITERS
    at_once(*(lambda voter=voter: Vote.cast(Review.objects.get(), voter, "none") for voter in voters))
    assert (review.votes.count(), Review.objects.get().helpful_count) == (0, 0)
