import pytest

from shop.catalogue.models import Product
from shop.reviews.highlights import Highlights
from tests.factories import ProductFactory, ReviewFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("helpful_counts", "helpful", "newest"),
    [
        ([], [], []),
        ([0, 9, 0], [], [3, 2, 1]),
        ([0, 9, 0, 2], [2, 4], [3, 1]),
        ([0, 0, 0, 0, 0], [], [5, 4, 3]),
        ([5, 4, 3, 2, 1, 0], [1, 2, 3], [6, 5, 4]),
        ([0, 0, 9, 0, 0, 0, 0, 1], [3, 8], [7, 6, 5]),
    ],
)
def test_product_page_shows_the_most_helpful_and_then_the_newest(helpful_counts, helpful, newest):
    vase = ProductFactory()
    for number, count in enumerate(helpful_counts, start=1):
        ReviewFactory(product=vase, text=str(number), helpful_count=count)
    ReviewFactory(product=vase, helpful_count=99, state="waiting")
    shown = Highlights(Product.objects.get(pk=vase.pk))
    assert [int(review.text) for review in shown.helpful] == helpful
    assert [int(review.text) for review in shown.newest] == newest
