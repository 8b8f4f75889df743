import json

import pytest
from django.core import mail

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.reviews.models import Review
from shop.sellers.models import Seller
from shop.selling.form_data import blank_form_data
from shop.selling.models import Edit, Upload
from tests.factories import PASSWORD, ProductFactory, ReviewFactory, SellerFactory, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(trusted):
    pass


@pytest.fixture
def shop(member):
    return SellerFactory(user=member, name="Kiln", slug="kiln", contact_email=member.email)


def test_name_is_changed(client, member):
    assert client.post("/accounts/", {"display_name": "Lady Ada"}).url == "/accounts/"
    member.refresh_from_db()
    assert str(member) == "Lady Ada"
    page = client.post("/accounts/", {"display_name": ""})
    assert "required" in page.content.decode()


def test_address_is_changed_once_it_is_confirmed(client, member, mailed):
    page = client.post("/accounts/email/", {"email": "lady@example.com", "action_add": ""})
    assert page.url == "/accounts/confirm-email/"
    member.refresh_from_db()
    assert member.email == "ada@example.com"
    client.post("/accounts/confirm-email/", {"code": mailed(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$")})
    member.refresh_from_db()
    assert member.email == "lady@example.com"
    assert {to for message in mail.outbox for to in message.to} == {"ada@example.com", "lady@example.com"}
    assert "from ada@example.com to lady@example.com" in mail.outbox[-1].body


def test_export_holds_what_the_shop_keeps(client, member, shop):
    ProductFactory(title="Jug", seller=shop)
    ProductFactory(title="Of another")
    response = client.get("/accounts/export/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["account"]["email"] == member.email
    assert data["email_addresses"] == [{"email": member.email, "verified": True, "primary": True}]
    assert data["seller"]["slug"] == "kiln"
    assert data["application"] is None
    assert [product["title"] for product in data["products"]] == ["Jug"]
    assert data["sign_ins"][0]["ip"] == "127.0.0.1"
    assert {"reviews", "review_votes", "review_reports", "product_drafts", "imports"} < data.keys()


@pytest.mark.parametrize("address", ["/accounts/export/", "/accounts/close/"])
def test_password_is_asked_for_again_after_some_time(client, address):
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    page = client.get(address)
    assert page.url.startswith("/accounts/reauthenticate/")
    assert client.post(page.url, {"password": "wrong"}).status_code == 200
    assert client.post(page.url, {"password": PASSWORD}).url == address
    assert client.get(address).status_code == 200


def test_closed_account_is_deleted(client, member):
    assert "required" in client.post("/accounts/close/", {}).content.decode()
    assert client.post("/accounts/close/", {"is_sure": "on"}).url == "/accounts/closed/"
    assert not User.objects.exists()
    assert client.get("/accounts/").status_code == 302
    assert client.get("/accounts/closed/").status_code == 200


def test_seller_is_told_what_closing_does_and_it_does_that(client, shop):
    jug = ProductFactory(title="Jug", slug="jug", seller=shop)
    draft = ProductFactory(title="Draft", slug="draft", seller=shop, status="draft")
    neighbour = ProductFactory(title="Lamp", slug="lamp")
    pages = ["/products/", "/products/jug/", "/sellers/kiln/"]
    for address in [*pages, "/products/lamp/"]:
        client.get(address)
    assert "1 listed product will be taken out" in client.get("/accounts/close/").content.decode()
    client.post("/accounts/close/", {"is_sure": "on"})
    jug.refresh_from_db()
    assert jug.is_archived
    assert not Product.objects.filter(pk=draft.pk).exists()
    assert Seller.objects.filter(slug="kiln", user=None, contact_email="").exists()
    assert "Jug" not in client.get("/products/").content.decode()
    assert "ada@example.com" not in client.get("/sellers/kiln/").content.decode()
    neighbour.refresh_from_db()
    assert neighbour.is_listed


def test_reviews_stay_without_a_name(client, member):
    jug, lamp = ProductFactory(slug="jug"), ProductFactory(slug="lamp")
    ReviewFactory(product=jug, author=member, author_name="Ada", text="It pours well.")
    ReviewFactory(product=lamp, author=member, author_name="Ada", state="waiting", published_at=None)
    assert "Ada" in client.get("/products/jug/reviews/").content.decode()
    client.post("/accounts/close/", {"is_sure": "on"})
    page = client.get("/products/jug/reviews/").content.decode()
    assert "It pours well." in page
    assert "Ada" not in page
    assert "A former member" in page
    assert Review.objects.get().product == jug


def test_what_a_seller_had_not_sent_goes_with_them(client, shop, django_capture_on_commit_callbacks):
    upload = Upload.objects.create(seller=shop, file=picture_file())
    Edit.objects.create(seller=shop, form_data=blank_form_data(), base=blank_form_data())
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/close/", {"is_sure": "on"})
    assert not Edit.objects.exists()
    assert not Upload.objects.exists()
    assert not upload.file.storage.exists(upload.file.name)
