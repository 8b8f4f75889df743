import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import override_settings
from django.urls import path

from shop.accounts.models import Seller
from shop.caching.guard import PersonalDataError, UncoveredReadError
from shop.caching.pages import cached_page
from shop.catalogue.models import Product
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def with_cookie(request):
    response = HttpResponse()
    response.set_cookie("seen", "1")
    return response


PERSONAL = {
    "user": lambda request: HttpResponse(str(request.user)),
    "session": lambda request: HttpResponse(request.session.get("x", "-")),
    "cookie read": lambda request: HttpResponse(request.COOKIES.get("x", "-")),
    "cookie set": with_cookie,
    "token": lambda request: HttpResponse(get_token(request)),
    "message": lambda request: HttpResponse(messages.success(request, "Hello") or "-"),
}
READS = {
    "products": lambda request: HttpResponse(str(Product.objects.count())),
    "sellers": lambda request: HttpResponse(str(Seller.objects.count())),
}
urlpatterns = [
    *(path(name.replace(" ", "-"), cached_page(["products"], 60)(view)) for name, view in PERSONAL.items()),
    path("covered", cached_page(["products"], 60)(READS["products"])),
    path("uncovered", cached_page([], 60)(READS["products"])),
    path("sellers", cached_page([], 60)(READS["sellers"])),
    path("huge", cached_page([], 60)(lambda request: HttpResponse(bytes(range(256)) * 8000))),
]
ADDRESSES = ["/" + name.replace(" ", "-") for name in PERSONAL]


@pytest.mark.parametrize("address", ADDRESSES)
def test_personal_data_raises_in_development(client, address):
    with pytest.raises(PersonalDataError):
        client.get(address)


@pytest.mark.parametrize("address", ADDRESSES)
@override_settings(CACHE_GUARD_RAISES=False)
def test_personal_data_is_sent_but_not_stored_in_production(client, caplog, address):
    for _ in range(2):
        response = client.get(address)
        assert response.headers["X-Cache"] == "bypass"
        assert response.headers["Cache-Control"] == "private, no-store"
    assert f"{address} is not stored" in caplog.text


def test_reading_what_the_tags_cover_is_fine(client):
    assert client.get("/covered").content == b"0"
    assert client.get("/sellers").content == b"0"


def test_reading_what_no_tag_covers_raises(client):
    with pytest.raises(UncoveredReadError, match="catalogue_product"):
        client.get("/uncovered")


def test_signed_in_visitor_gets_the_shared_page(client, staff, staff_client):
    ProductFactory()
    assert client.get("/covered").headers["X-Cache"] == "miss"
    response = staff_client.get("/covered")
    assert response.headers["X-Cache"] == "hit"
    assert "Cookie" not in response.headers["Vary"]


def test_page_over_the_item_limit_is_sent_and_not_stored(client, monkeypatch):
    monkeypatch.setattr("shop.caching.tiers.ITEM_LIMIT", 1000)
    for _ in range(2):
        response = client.get("/huge")
        assert response.headers["X-Cache"] == "miss"
        assert len(response.content) == 256 * 8000
