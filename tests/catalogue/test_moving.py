"""A product that gets another seller takes along all that is its own."""

import pytest
from django.urls import reverse

from shop.catalogue.models import Product
from shop.selling.models import Edit, ProcessedForm, Upload
from tests.admin_forms import change_in_admin
from tests.factories import ProductFactory, SellerFactory, UserFactory, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiln():
    return SellerFactory(name="Kiln", slug="kiln", user=UserFactory())


@pytest.fixture
def loom():
    return SellerFactory(name="Loom", slug="loom", user=UserFactory())


@pytest.fixture
def vase(kiln):
    variants = [{"sku": "V-S", "option_values": ["S"]}, {"sku": "V-L", "option_values": ["L"]}]
    return ProductFactory(title="Vase", slug="vase", seller=kiln, option_names=["Size"], variants=variants)


def test_variants_follow_whether_or_not_they_were_edited(client, staff_client, vase, kiln, loom):
    moved = change_in_admin(staff_client, vase, {"seller": loom.pk}, {("variants", 0): {"price": "21"}})
    assert moved.status_code == 302
    assert set(vase.variants.values_list("seller", flat=True)) == {loom.pk}
    assert "Vase" in client.get("/sellers/loom/").content.decode()
    assert "Vase" not in client.get("/sellers/kiln/").content.decode()
    again = ProductFactory(seller=kiln, variants=[{"sku": "V-L"}])
    assert again.variants.get().seller == kiln


def test_skus_that_the_new_seller_has_already_are_named(staff_client, vase, loom):
    ProductFactory(seller=loom, variants=[{"sku": "V-L"}])
    answer = change_in_admin(staff_client, vase, {"seller": loom.pk})
    assert "Loom has these SKUs already: V-L. Change them first." in str(answer.context["errors"])
    assert Product.objects.get(pk=vase.pk).seller == vase.seller


def test_what_was_typed_follows_with_its_pictures(client, staff_client, vase, kiln, loom):
    upload = Upload.objects.create(seller=kiln, file=picture_file())
    content = {"title": "Tall vase", "photos": [{"key": upload.key, "alt": "Tall"}]}
    edit = Edit.objects.create(seller=kiln, product=vase, form_data=content, base=content)
    sent = {"idempotency_key": "k", "submitted": {}, "saved": {}, "row_keys": {}}
    ProcessedForm.objects.create(seller=kiln, product=vase, **sent)
    assert list(edit.uploads.all()) == [upload]
    assert change_in_admin(staff_client, vase, {"seller": loom.pk}).status_code == 302
    edit.refresh_from_db()
    upload.refresh_from_db()
    assert (edit.seller, upload.seller) == (loom, loom)
    client.force_login(loom.user)
    assert "Tall vase" in client.get(reverse("product_update", args=[vase.pk])).content.decode()
    client.force_login(kiln.user)
    assert client.get(reverse("product_update", args=[vase.pk])).status_code == 404
    assert client.get("/sell/products/").status_code == 200
