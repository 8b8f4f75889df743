"""Each column that sellers type is on every form that edits it, and goes out and comes in with tables."""

import pytest

from shop.catalogue.models import Product
from shop.import_export.columns import PRODUCT_COLUMNS
from tests.factories import ProductFactory
from tests.selling.writes import seller_of

pytestmark = pytest.mark.django_db
FIELDS = [field.name for field in Product.typed_fields()]


def has_field(page, name):
    return f'name="{name}"' in page.content.decode()


@pytest.fixture
def product():
    return ProductFactory()


@pytest.mark.parametrize("name", FIELDS)
def test_text_is_on_the_sellers_form(product, name):
    assert has_field(seller_of(product).get(f"/sell/products/{product.pk}/edit/"), name)


@pytest.mark.parametrize("name", FIELDS)
def test_text_is_on_the_form_of_the_admin(product, name, staff_client):
    assert has_field(staff_client.get(f"/admin/catalogue/product/{product.pk}/change/"), name)


@pytest.mark.parametrize("name", FIELDS)
def test_text_is_a_column_of_tables(name):
    assert name in [column.name for column in PRODUCT_COLUMNS]
