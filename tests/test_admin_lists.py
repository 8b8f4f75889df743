"""Lists of the admin and of sellers ask no more of the database for more rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.sellers.models import SellerApplication
from shop.selling.form_data import form_data_of
from shop.selling.models import Edit
from tests.factories import MemberFactory, ProductFactory, ReviewFactory, SellerFactory
from tests.security.addresses import every_view

pytestmark = pytest.mark.django_db
FEW, MORE = 2, 12


@pytest.fixture
def seller():
    return SellerFactory(user=MemberFactory())


def stock_the_lists(seller, number):
    for _ in range(number):
        review = ReviewFactory(product=ProductFactory(seller=seller), spam_score=1)
        content = form_data_of(review.product)
        Edit.objects.create(
            seller=seller, product=review.product, state="waiting", form_data=content, base=content
        )
        shop = SellerFactory(user=MemberFactory())
        SellerApplication.objects.create(user=shop.user, name=shop.name, slug=shop.slug, craft="x", about="y")


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def admin_lists():
    for name, _, _ in every_view():
        if name.endswith("_changelist"):
            yield reverse(name)
            yield f"{reverse(name)}?o=-1"
    yield "/admin/reviews/review/?queue=all"
    yield "/admin/catalogue/product/?q=prod"


def seller_lists():
    products = "/sell/products/"
    return ["/sell/", products, f"{products}?sort=stock", f"{products}?q=prod", "/sell/reviews/"]


def test_admin_lists_ask_no_more_for_more_rows(staff_client, seller):
    stock_the_lists(seller, FEW)
    before = {address: queries(staff_client, address) for address in admin_lists()}
    stock_the_lists(seller, MORE)
    assert {address: queries(staff_client, address) for address in admin_lists()} == before


def test_lists_of_a_seller_ask_no_more_for_more_rows(client, seller):
    client.force_login(seller.user)
    stock_the_lists(seller, FEW)
    before = {address: queries(client, address) for address in seller_lists()}
    stock_the_lists(seller, MORE)
    assert {address: queries(client, address) for address in seller_lists()} == before


def test_overview_shows_some_of_what_waits_and_counts_the_rest(client, seller):
    client.force_login(seller.user)
    stock_the_lists(seller, MORE)
    page = client.get("/sell/")
    assert len(page.context["waiting"]) < MORE
    assert f"All {MORE}" in page.content.decode()


def test_seller_with_products_is_not_deleted_and_their_products_are_counted(staff_client, seller):
    ProductFactory.create_batch(MORE, seller=seller)
    address = f"/admin/sellers/seller/{seller.pk}/delete/"
    page = staff_client.get(address).content.decode()
    assert f"{MORE} products of {seller}" in page
    assert "Product 1" not in page
    staff_client.post(address, {"post": "yes"})
    seller.refresh_from_db()
    assert seller.products.count() == MORE
