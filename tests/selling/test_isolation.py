"""Every address of the seller's area for everybody: other people's things are not there."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from shop.selling import urls
from shop.selling.models import Edit, Upload
from tests.factories import ProductFactory, SellerFactory, UserFactory, picture_file

from .forms import Form

pytestmark = pytest.mark.django_db

# Address, method, what the seller gets.
ADDRESSES = [
    ("dashboard", "get", 200),
    ("own_products", "get", 200),
    ("product_create", "get", 200),
    ("product_create", "post", 200),
    ("product_update", "get", 200),
    ("product_update", "post", 409),
    ("product_delete", "get", 200),
    ("product_delete", "post", 302),
    ("product_preview", "get", 200),
    ("edit_withdraw", "post", 302),
    ("bulk_list", "post", 302),
    ("bulk_archive", "post", 302),
    ("bulk_prices", "post", 302),
    ("bulk_stock", "post", 302),
    ("draft_keep", "post", 200),
    ("preview_start", "post", 302),
    ("draft_update", "get", 200),
    ("draft_delete", "get", 200),
    ("draft_delete", "post", 302),
    ("draft_preview", "get", 200),
    ("upload_create", "post", 201),
    ("markdown_preview", "post", 200),
]
# These show or make only what is the visitor's own; another seller may use them.
OWN = {"dashboard", "own_products", "product_create", "upload_create", "markdown_preview"}
PEOPLE = ["anonymous", "shopper", "other seller", "seller", "staff"]


@pytest.fixture
def people(seller, staff):
    SellerFactory(user=UserFactory(email="other@example.com"))
    users = {
        "shopper": UserFactory(),
        "other seller": UserFactory._meta.model.objects.get(email="other@example.com"),
        "seller": seller.user,
        "staff": staff,
    }
    clients = {name: Client() for name in PEOPLE}
    for name, user in users.items():
        clients[name].force_login(user)
    return clients


@pytest.fixture
def draft(seller):
    client = Client()
    client.force_login(seller.user)
    Form(client.get("/sell/products/new/")).set(title="Begun").send(client, "/sell/drafts/keep/")
    return Edit.objects.get()


def ask(client, name, method, product, draft):
    (pattern,) = [pattern for pattern in urls.urlpatterns if pattern.name == name]
    pk = draft.pk if name.startswith("draft") else product.pk
    address = "/sell/" + str(pattern.pattern).replace("<int:pk>", str(pk))
    data = {
        "chosen": product.pk,
        "percent": "5",
        "stock": "7",
        "product": product.pk,
        "pictures": picture_file(),
    }
    if name in ("product_create",):
        data = {}
    return getattr(client, method)(address, data if method == "post" else {})


def expected(who, name, answer):
    if who == "anonymous":
        return 302
    if who == "seller" or (who == "other seller" and name in OWN):
        return answer
    return 302 if name == "dashboard" else 404


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("name", "method", "answer"), ADDRESSES, ids=[f"{m} {n}" for n, m, _ in ADDRESSES])
def test_address(people, vase, draft, who, name, method, answer):
    before = vase.page_facts()
    response = ask(people[who], name, method, vase, draft)
    assert response.status_code == expected(who, name, answer)
    if response.status_code not in (302, 404):
        assert "no-store" in response.headers["Cache-Control"]
    if who == "anonymous":
        assert response.headers["Location"].startswith(f"{resolve_url(settings.LOGIN_URL)}?next=/sell/")
    if who != "seller":
        vase = type(vase).objects.get(pk=vase.pk)
        assert vase.page_facts() == before
        assert vase.seller.edits.get() == draft
        assert not Upload.objects.filter(seller=vase.seller).exists()


def test_table_has_every_address():
    assert {pattern.name for pattern in urls.urlpatterns} == {name for name, _, _ in ADDRESSES}


def test_lists_show_what_is_the_sellers_own(people, vase, draft):
    for address in ("/sell/", "/sell/products/"):
        html = people["other seller"].get(address).content.decode()
        assert "Belly vase" not in html
        assert "Begun" not in html


def test_bulk_change_with_one_foreign_product_changes_none(people, vase):
    theirs = ProductFactory()
    data = {"chosen": [vase.pk, theirs.pk], "stock": "77"}
    assert people["seller"].post("/sell/products/stock/", data).status_code == 404
    assert not vase.variants.filter(stock=77).exists()
