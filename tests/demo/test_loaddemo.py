import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from PIL import Image

from shop.accounts.models import User
from shop.caching.models import Version
from shop.caching.versions import clearing
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.demo.photos import store_photos
from shop.demo.shop import DemoShop
from shop.reviews.models import Review, Vote
from shop.sellers.models import Seller
from shop.selling.forms.decisions import ApprovalForm
from shop.selling.models import Edit

WITHOUT_RENDITIONS = settings.PICTURES | {"PROCESSOR": "pictures.tasks.noop"}
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def load(**options):
    output = StringIO()
    call_command("loaddemo", stdout=output, **{"password": "open-sesame"} | options)
    return output.getvalue()


def rows_and_files():
    models = (User, Seller, Category, Product, Variant, Photo, Version, Edit, Review, Vote)
    rows = {model: list(model.objects.order_by("pk").values()) for model in models}
    return rows, sorted(Path(settings.MEDIA_ROOT).rglob("*.*"))


def people():
    """Those whom the demo's sign-ins are for; its reviews are others'."""
    return User.objects.filter(email__endswith="@ingle.example")


def versions():
    return dict(Version.objects.values_list("tag", "version"))


class DemoTests(TestCase):
    """A class, because Django then loads the demo once for all of its tests."""

    @classmethod
    def setUpTestData(cls):
        media = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(
            override_settings(MEDIA_ROOT=media, PICTURES=WITHOUT_RENDITIONS, PASSWORD_HASHERS=QUICK_HASHERS)
        )
        cls.output = load()

    @pytest.fixture(autouse=True)
    def media(self):
        """Let the photos of setUpTestData stay where they are."""

    def test_everything_is_there(self):
        assert Seller.objects.count() == 7
        assert people().count() == 9
        assert Product.objects.count() == 54
        assert Photo.objects.count() == 63
        assert [user.email for user in User.objects.filter(is_superuser=True)] == ["staff@ingle.example"]

    def test_every_page_is_one_that_is_stored(self):
        """Lists that are longer than what is shown of them need versions of what is shown only."""
        products = Product.objects.listed().select_related("category")
        paths = [f"/categories/{p.category.path}/related/{p.slug}/" for p in products]
        paths += [p.get_absolute_url() for p in products[::10]]
        paths += [c.get_absolute_url() for c in Category.objects.all()[::3]]
        paths += [s.get_absolute_url() for s in Seller.objects.all()]
        paths += ["/", "/products/", "/products/?page=2", "/products/?sort=name", "/feed.xml", "/filters/"]
        paths += ["/products/?q=vase", "/suggestions/?q=va", "/sitemap-products.xml"]
        client = Client()
        for path in paths:
            # A page of any number is stored when it is asked for again.
            outcomes = [client.get(path).headers["X-Cache"] for _ in range(3)]
            assert outcomes[-1] == "hit", (path, outcomes)

    def test_something_waits_for_staff_and_something_is_begun(self):
        waiting, begun = Edit.objects.order_by("pk")
        assert (waiting.state, waiting.product.slug) == ("waiting", "tidal-belly-vase")
        assert ApprovalForm(waiting).is_valid()
        assert (begun.state, begun.product) == ("draft", None)

    def test_sign_ins_work_and_are_printed(self):
        for user in people():
            assert user.check_password("open-sesame")
            assert user.email in self.output
        assert "open-sesame" in self.output

    def test_all_rows_are_valid(self):
        for model in (Seller, Category, Product, Variant, Photo):
            for instance in model.objects.all():
                instance.full_clean()

    def test_every_photo_is_stored_and_described(self):
        for photo in Photo.objects.all():
            assert photo.alt
            assert photo.file.storage.exists(photo.file.name)
            assert not Product.objects.filter(photos__isnull=True).exists()

    def test_every_product_has_one_default_and_a_value_for_each_option(self):
        for product in Product.objects.for_page():
            variants = product.variants.all()
            assert [variant.is_default for variant in variants].count(True) == 1, product
            assert all(len(variant.option_values) == len(product.option_names) for variant in variants)
            assert len({tuple(variant.option_values) for variant in variants}) == len(variants)

    def test_every_product_says_what_its_page_needs(self):
        for product in Product.objects.all():
            assert product.description.count("\n\n") >= 1, product
            assert product.care, product
            assert {"Material", "Colour", "Weight"} <= dict(product.specifications).keys(), product

    def test_every_kind_of_offer_occurs(self):
        listed = Product.objects.listed()
        assert Product.objects.filter(status="draft").count() == 1
        assert Product.objects.filter(status="archived").count() == 1
        assert listed.filter(stock_shown=0).count() == 3
        assert len([product for product in listed if product.stock.is_low]) >= 5
        assert listed.reduced().count() == 8
        assert len([product for product in listed if len(product.option_names) == 2]) == 3

    def test_every_smallest_category_has_something_to_sell(self):
        for category in Category.objects.filter(children__isnull=True):
            assert Product.objects.listed().within(category.path).exists(), category

    def test_new_pages_are_cleared_and_drafts_are_not(self):
        public = {f"product:{product.slug}" for product in Product.objects.public()}
        assert public | {"site", "products", "category:decor", "seller:loomhollow"} <= versions().keys()
        assert "product:valet-pen-tray" not in versions()

    def test_a_second_load_changes_nothing(self):
        before = rows_and_files()
        assert "nothing to do" in load()
        assert rows_and_files() == before

    def test_a_changed_product_is_put_right_and_its_neighbours_are_left_alone(self):
        product = Product.objects.for_page().get(slug="hearth-mug")
        with clearing():
            product.variants.filter(is_default=True).update(price=1)
            product.photos.first().delete()
            product = Product.objects.for_page().get(pk=product.pk)
            product.summarise_variants()
            product.status = Product.Status.ARCHIVED
            product.save()
        spoiled = versions()
        load()
        product.refresh_from_db()
        assert (product.status, str(product.price), product.photos.count()) == ("listed", "24.00", 2)
        renewed = {tag for tag, version in versions().items() if spoiled[tag] != version}
        assert renewed == {
            *(f"{kind}:hearth-mug" for kind in ("product", "reviews", "card")),
            *("products", "seller:kilnhaugh-pottery"),
            *("category:tableware", "category:tableware/mugs-and-cups"),
        }

    def test_reviews_are_of_all_kinds_and_counted(self):
        reviews = Review.objects.published()
        assert reviews.count() == 282
        assert Product.objects.filter(rating_count__gt=0).count() == 53
        assert {review.rating for review in reviews} == {1, 2, 3, 4, 5}
        assert 30 < reviews.exclude(reply="").count() < 60
        days = [review.published_at for review in reviews]
        assert 300 < (max(days) - min(days)).days < 366
        for review in reviews:
            review.full_clean()
        output = StringIO()
        call_command("recount_reviews", stdout=output)
        assert output.getvalue() == "0 products and 0 reviews were put right.\n"

    def test_a_changed_review_is_put_right_and_others_are_left_alone(self):
        demo = Review.objects.filter(product__slug="hearth-mug").first()
        own = Review(product=demo.product, author=people().first(), author_name="Me", rating=1, text="Mine.")
        with own.changing():
            own.publish()
            own.save()
        demo.reject("Spoilt.")
        load()
        demo.refresh_from_db()
        own.refresh_from_db()
        assert (demo.is_published, own.text) == (True, "Mine.")
        assert demo.product.rating_count == demo.product.reviews.count()

    def test_nobody_can_sign_in_as_a_reviewer(self):
        reviewers = User.objects.filter(email__endswith="@shoppers.ingle.example")
        assert reviewers.count() == 40
        assert not any(user.has_usable_password() for user in reviewers)

    def test_if_empty_leaves_a_shop_with_products_alone(self):
        before = rows_and_files()
        output = load(password="close-sesame", if_empty=True)
        assert rows_and_files() == before
        assert "staff@ingle.example" in output

    def test_another_password_is_set_for_all(self):
        load(password="close-sesame")
        assert all(user.check_password("close-sesame") for user in people())

    def test_a_password_changed_by_hand_is_not_printed_wrongly(self):
        output = load(password=None, if_empty=True)
        assert "password: the one you chose" in output


@pytest.mark.django_db
def test_the_public_password_is_refused_without_debug():
    with pytest.raises(CommandError, match="--password"):
        load(password=None)
    assert not User.objects.exists()


def test_photos_are_stored_with_renditions_in_three_formats(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = Photo()
    path = settings.BASE_DIR / "demo" / "photos" / "hearth-mug.jpg"
    assert len(list(store_photos([(photo, path)]))) == 1
    renditions = {(file.suffix, Image.open(file).format) for file in tmp_path.rglob("*w.*")}
    assert renditions == {(".avif", "AVIF"), (".webp", "WEBP"), (".jpeg", "JPEG")}
    assert (photo.width, photo.height) == (800, 800)


def test_pictures_of_the_catalogue_and_files_match():
    named = [photo["file"] for entry in DemoShop("").catalogue["products"] for photo in entry["photos"]]
    files = [file.name for file in (settings.BASE_DIR / "demo" / "photos").iterdir()]
    assert sorted(named) == sorted(files)
