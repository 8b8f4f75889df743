"""The ratings of a product, however its reviews change."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.reviews.models import Review, Vote
from tests.factories import ProductFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vase():
    return ProductFactory(slug="vase")


def kept(product):
    product.refresh_from_db()
    return product.rating, product.rating_count, [count for _, count in product.histogram]


def test_published_reviews_count_and_others_do_not(vase):
    ReviewFactory(product=vase, rating=5)
    ReviewFactory(product=vase, rating=2)
    ReviewFactory(product=vase, rating=1, state="waiting")
    assert kept(vase) == (3.5, 2, [1, 0, 0, 1, 0])


def test_every_change_of_state_is_counted(vase):
    review = ReviewFactory(product=vase, rating=4, state="waiting")
    review.approve()
    assert kept(vase) == (4.0, 1, [0, 1, 0, 0, 0])
    review.reject("Not about this vase.")
    assert kept(vase) == (0.0, 0, [0, 0, 0, 0, 0])
    review.approve()
    review.remove()
    assert kept(vase) == (0.0, 0, [0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("ratings", "shown"),
    [
        ([5, 4, 4, 4], 4.3),
        ([4, 4, 4, 5, 4, 4, 4, 4], 4.1),
        ([4] * 24 + [3], 4.0),
        ([1, 2], 1.5),
        ([5, 5, 4], 4.7),
    ],
)
def test_rating_is_kept_in_the_tenths_that_pages_show(vase, ratings, shown):
    for rating in ratings:
        ReviewFactory(product=vase, rating=rating)
    vase.refresh_from_db()
    assert vase.rating == shown
    assert Product.objects.filter(rating__gte=shown).exists()


def test_version_of_the_product_is_its_sellers_business(vase):
    version = vase.version
    ReviewFactory(product=vase)
    vase.refresh_from_db()
    assert vase.version == version


def test_database_keeps_sums_and_histogram_together(vase):
    with pytest.raises(IntegrityError), transaction.atomic(), clearing():
        Product.objects.filter(pk=vase.pk).update(rating_sum=5, rating_count=1)


def test_one_review_for_each_author_and_product(vase):
    author = UserFactory()
    ReviewFactory(product=vase, author=author)
    ReviewFactory(author=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewFactory(product=vase, author=author)


@pytest.mark.parametrize("rating", [0, 6])
def test_database_knows_one_to_five_stars_only(vase, rating):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewFactory(product=vase, rating=rating, state="waiting")


def test_verified_purchase_is_shown(client, vase):
    review = ReviewFactory(product=vase)
    assert "Bought here" not in client.get("/products/vase/").content.decode()
    review.verify()
    assert "Bought here" in client.get("/products/vase/").content.decode()


class TestRecount:
    def run(self, **options):
        output = StringIO()
        call_command("recount_reviews", stdout=output, **options)
        return output.getvalue()

    def spoil(self, vase):
        review = ReviewFactory(product=vase, rating=4)
        Vote.cast(review, UserFactory(), "helpful")
        with clearing():
            Product.objects.filter(pk=vase.pk).update(rating_sum=10, rating_count=2, stars_4=0, stars_5=2)
            Review.objects.update(helpful_count=9)

    def test_nothing_differs(self, vase):
        ReviewFactory(product=vase)
        assert self.run() == "0 products and 0 reviews were put right.\n"

    def test_differences_are_reported_put_right_and_cleared(self, client, vase):
        self.spoil(vase)
        assert "5.0" in client.get("/products/vase/").content.decode()
        output = self.run()
        assert "vase: 2/0/0/0/0 kept, 0/1/0/0/0 counted" in output
        assert "(9, 0) votes kept, (1, 0) counted" in output
        assert kept(vase) == (4.0, 1, [0, 1, 0, 0, 0])
        assert Review.objects.get().helpful_count == 1
        assert "4.0" in client.get("/products/vase/").content.decode()
        assert self.run().startswith("0 products and 0 reviews")

    def test_a_dry_run_only_reports(self, vase):
        self.spoil(vase)
        assert "would be put right" in self.run(dry_run=True)
        assert kept(vase)[1] == 2
