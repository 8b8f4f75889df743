"""Fill an empty database with the shop that is watched: python -m freshness.seed."""

from datetime import UTC, datetime, timedelta

import django

django.setup()

from shop.accounts.models import User  # noqa: E402
from shop.caching.versions import clearing  # noqa: E402
from shop.catalogue.models import Category, Product, Variant  # noqa: E402
from shop.reviews.models import Review  # noqa: E402
from shop.sellers.models import Seller  # noqa: E402

from . import subjects  # noqa: E402
from .writers import EMAIL, PASSWORD  # noqa: E402


def main():
    staff = User.objects.create_superuser(EMAIL, PASSWORD)
    with clearing():
        for number in range(subjects.SELLERS):
            add_seller(number)
        for number in range(subjects.CATEGORIES):
            add_category(number)
        for number in range(subjects.PRODUCTS):
            add_product(number)
        for number in subjects.REVIEWED:
            add_reviews(Product.objects.get(pk=number + 1))
        seller = Seller.objects.get(pk=subjects.OWN_SELLER + 1)
        seller.user = staff
        seller.save()


def add_seller(number):
    name = subjects.seller_name(number, 0)
    Seller.objects.create(pk=number + 1, name=name, slug=f"maker-{number}", craft="Stoneware")


def add_category(number):
    category = Category(pk=number + 1, name=subjects.category_name(number, 0), slug=f"shelf-{number}")
    if number >= subjects.ROOTS:
        category.parent_id = number % subjects.ROOTS + 1
    category.save()


def add_product(number):
    product = Product.objects.create(
        pk=number + 1,
        title=subjects.title(number, 0),
        slug=f"item-{number}",
        seller_id=subjects.seller_of(number) + 1,
        category_id=subjects.category_of(number) + 1,
        description="Thrown by hand.",
        listed_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number),
    )
    price = subjects.price(number, 0)
    Variant.objects.create(product=product, sku=f"SKU-{number}", price=price, stock=20, is_default=True)
    product.refresh_from_db()
    product.summarise_variants()
    product.status = Product.Status.LISTED
    product.save()


def add_reviews(product):
    """Add the review that is answered, and the one that is judged; their keys follow from the order."""
    at = product.listed_at
    number = product.pk - 1
    answered = Review(product=product, author_name="Reader", rating=1, text="It leans.", published_at=at)
    answered.reply, answered.replied_at = subjects.reply(number, 0), at
    judged = Review(product=product, author_name="Reader", rating=5, text="It does not.", published_at=at)
    for review in (answered, judged):
        with review.changing():
            review.publish()
            review.save()


main()
