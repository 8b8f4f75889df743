import io
from datetime import UTC, datetime, timedelta
from functools import cache

import factory
from auditlog.context import disable_auditlog
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from PIL import Image

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.reviews.models import Review, ReviewPhoto
from shop.sellers.models import Seller

PASSWORD = "a-long-kettle-42"
# What sign-up asks for.
NEW_PERSON = {"display_name": "Ada", "email": "ada@example.com", "password1": PASSWORD}


class ModelFactory(factory.django.DjangoModelFactory):
    """Creates rows without a history, which would take a third of the time."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with disable_auditlog():
            return super()._generate(strategy, params)


class ShownFactory(ModelFactory):
    """Creates rows that pages show, in one transaction."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with clearing():
            return super()._generate(strategy, params)


class UserFactory(ModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")


# Hashing is slow by design, and most members share their password.
hashed = cache(make_password)


class MemberFactory(UserFactory):
    """Somebody who can sign in, with a confirmed address and a password."""

    class Meta:
        skip_postgeneration_save = True

    password = factory.Transformer(PASSWORD, transform=hashed)

    @factory.post_generation
    def confirmed(user, create, extracted):  # noqa: N805
        user.vouch_for_email()


class SellerFactory(ShownFactory):
    class Meta:
        model = Seller

    name = factory.Sequence(lambda n: f"Workshop {n}")
    slug = factory.Sequence(lambda n: f"workshop-{n}")
    craft = "Stoneware"
    contact_email = factory.LazyAttribute(lambda seller: f"{seller.slug}@example.com")


class CategoryFactory(ShownFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")


class VariantFactory(ShownFactory):
    class Meta:
        model = Variant

    sku = factory.Sequence(lambda n: f"SKU-{n}")
    price = "20.00"
    stock = 20
    is_default = True


class ProductFactory(ShownFactory):
    """A listed product with one variant; price and stock are the variant's."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Product {n}")
    slug = factory.Sequence(lambda n: f"product-{n}")
    seller = factory.SubFactory(SellerFactory)
    category = factory.SubFactory(CategoryFactory)
    brand = factory.LazyAttribute(lambda product: product.seller.name)
    description = "Thrown by hand."
    listed_at = factory.Sequence(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))

    @classmethod
    def _create(cls, model_class, price="20.00", stock=20, variants=None, status="listed", **fields):
        product = super()._create(model_class, **fields)
        for position, variant in enumerate(variants or [{}]):
            defaults = {"price": price, "stock": stock, "position": position, "is_default": position == 0}
            VariantFactory(product=product, **defaults | variant)
        product.refresh_from_db()
        product.summarise_variants()
        product.status = status
        product.save()
        return product


class PhotoFactory(ShownFactory):
    class Meta:
        model = Photo

    file = factory.LazyFunction(lambda: picture_file())
    alt = "A pot on a plain ground"


class ReviewFactory(ModelFactory):
    """A published review, counted and cleared for as every other."""

    class Meta:
        model = Review

    product = factory.SubFactory(ProductFactory)
    author = factory.SubFactory(UserFactory)
    author_name = factory.Sequence(lambda n: f"Kitchen {n}")
    rating = 5
    text = "It does what it should."
    state = "published"
    published_at = factory.Sequence(lambda n: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n))

    @classmethod
    def _create(cls, model_class, **fields):
        review = model_class(**fields)
        review.replied_at = review.published_at if review.reply else None
        with review.changing():
            review.save()
        return review


class ReviewPhotoFactory(ModelFactory):
    class Meta:
        model = ReviewPhoto

    file = factory.LazyFunction(lambda: picture_file())

    @classmethod
    def _create(cls, model_class, review, **fields):
        with review.changing():
            return super()._create(model_class, review=review, **fields)


def picture_file(size=(400, 400), colour=(219, 193, 160), kind="JPEG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return ContentFile(buffer.getvalue(), f"picture.{kind.lower()}")
