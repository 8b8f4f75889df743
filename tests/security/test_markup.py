"""Markup in any text that people may write stays text, wherever it is shown."""

import html5lib
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import Product
from shop.fields.texts import CleanField
from shop.reviews.models import Report
from shop.sellers.models import Seller, SellerApplication
from shop.selling.models import Edit
from tests import stocked
from tests.factories import MemberFactory
from tests.selling.forms import Form

pytestmark = pytest.mark.django_db
# It ends attributes in either quote, tags, scripts and what is raw; then an element that must not be.
MARKUP = "'\"></script></textarea></title><xss a=1>"
LINK = "[a](javascript:alert(1)) [b](data:text/html,x) <javascript:alert(2)>"
WRITTEN = ["accounts.User", "sellers.Seller", "sellers.SellerApplication", "catalogue.Category"]
WRITTEN += ["catalogue.Product", "catalogue.Variant", "catalogue.Photo", "reviews.Review", "reviews.Report"]
OWN = [
    "/accounts/",
    "/me/",
    "/me/reviews/",
    "/sell/",
    "/sell/products/",
    "/sell/reviews/",
    "/sell/apply/status/",
]


@pytest.fixture
def people(stock):
    """A seller, whose shop everything is in, and the author of all reviews, who has applied to sell."""
    seller = MemberFactory(email="kiln@example.com")
    author = MemberFactory(email="bea@example.com")
    Seller.objects.filter(slug="kiln").update(user=seller)
    SellerApplication.objects.create(user=author, name="x", slug="x", craft="y", about="z")
    for review in apps.get_model("reviews.Review").objects.all():
        Report.objects.create(review=review, reason="other", note="x")
    return {"seller": seller, "author": author}


@pytest.fixture
def marked(people):
    """The shop with markup in every text of every row."""
    for label in WRITTEN:
        model = apps.get_model(label)
        for row in model.objects.all():
            texts = {field.name: text_for(field, row) for field in text_fields(model)}
            if label == "reviews.Review":
                texts["replied_at"] = row.published_at
            model.objects.filter(pk=row.pk).update(**texts)
    for product in Product.objects.all():
        values = {
            "specifications": [[MARKUP, MARKUP]],
            "option_names": [MARKUP for _ in product.option_names],
        }
        Product.objects.filter(pk=product.pk).update(**values)
        for variant in product.variants.all():
            type(variant).objects.filter(pk=variant.pk).update(
                option_values=[f"{value}{MARKUP}" for value in variant.option_values]
            )
    return people


def text_fields(model):
    """Return the fields of a model that hold free text."""
    return [
        field
        for field in model._meta.fields
        if isinstance(field, CleanField)
        and not isinstance(field, models.JSONField)
        and not field.choices
        and not field.primary_key
        and (field.max_length or 1000) > len(MARKUP) + 4
        and field.name not in ("password", "path")
    ]


def text_for(field, row):
    text = f"{row.pk}{MARKUP}"
    return f"{text}\n\n{LINK}" if isinstance(field, models.TextField) else text


def faults_in(response):
    """Return elements and attributes of a page that came out of somebody's text."""
    assert response.status_code == 200
    text = response.content.decode()
    if "xml" in response.headers["Content-Type"]:
        return ["xss"] * ("<xss" in text)
    page = html5lib.parse(text, namespaceHTMLElements=False)
    return [element.tag for element in page.iter() if is_wrong(element)]


def is_wrong(element):
    if not isinstance(element.tag, str):
        return False
    address = (element.get("href") or element.get("src") or "").strip().lower()
    return (
        element.tag == "xss"
        or address.startswith(("javascript:", "data:text"))
        or any(name.startswith("on") for name in element.attrib)
    )


def test_faults_are_found_where_they_are(client, marked, monkeypatch):
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    assert "xss" in faults_in(client.get("/products/belly-vase/"))


def test_public_pages(client, marked):
    addresses = [*stocked.ADDRESSES.values(), "/feed.xml", "/sitemap.xml"]
    for headers in ({}, {"HX-Request": "true"}):
        faults = {
            address: faults_in(client.get(address, follow=True, headers=headers)) for address in addresses
        }
        assert {address: found for address, found in faults.items() if found} == {}


def test_markup_is_there_to_be_escaped(client, marked):
    for address in (
        "/",
        "/products/",
        "/products/belly-vase/",
        "/products/belly-vase/reviews/",
        "/sellers/kiln/",
    ):
        assert "&lt;xss" in client.get(address).content.decode()


def test_search_shows_what_was_typed_as_text(client, stock):
    page = client.get("/products/", {"q": MARKUP, "brand": MARKUP, "seller": MARKUP})
    assert faults_in(page) == []
    assert "&lt;xss" in page.content.decode()
    assert faults_in(client.get("/suggestions/", {"q": MARKUP}, headers={"HX-Request": "true"})) == []


def test_structured_data_cannot_be_left(client, marked):
    page = html5lib.parse(client.get("/products/belly-vase/").content.decode(), namespaceHTMLElements=False)
    blocks = [script for script in page.iter("script") if script.get("type") == "application/ld+json"]
    assert any("xss" in block.text for block in blocks)
    assert [block for block in blocks if "<" in block.text] == []


@pytest.mark.parametrize("who", ["seller", "author"])
def test_own_pages(marked, who):
    client = Client()
    client.force_login(marked[who])
    product, review = Product.objects.get(slug="belly-vase"), apps.get_model("reviews.Review").objects.first()
    addresses = [*OWN, f"/sell/products/{product.pk}/edit/", f"/sell/products/{product.pk}/preview/"]
    addresses += [f"/sell/reviews/{review.pk}/reply/", f"/me/reviews/{review.pk}/report/"]
    addresses += [f"/sell/products/{product.pk}/delete/", "/sell/apply/"]
    pages = [client.get(address) for address in addresses]
    shown = [page for page in pages if page.status_code == 200]
    assert len(shown) >= 4
    assert [faults_in(page) for page in shown] == [[]] * len(shown)
    assert any("&lt;xss" in page.content.decode() for page in shown)


def test_profile_and_islands_after_typing_markup(client, db):
    user = MemberFactory()
    client.force_login(user)
    assert client.post("/accounts/", {"display_name": MARKUP}).status_code == 302
    island = client.get("/me/", headers={"HX-Request": "true"})
    assert "&lt;xss" in island.content.decode()
    assert faults_in(island) == faults_in(client.get("/accounts/")) == []


def test_admin(marked, staff_client):
    """Open the list of each model that has one, and all there is about a thing in it."""
    send_edit(marked["seller"])
    for label in ["selling.Edit", *WRITTEN]:
        model = apps.get_model(label)
        if not admin.site.is_registered(model):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [
            reverse(f"{name}_{view}", args=[model.objects.first().pk])
            for view in ("change", "delete", "history")
        ]
        pages = [staff_client.get(address) for address in [reverse(f"{name}_changelist"), *addresses]]
        pages = [page for page in pages if page.status_code == 200]
        assert [faults_in(page) for page in pages] == [[]] * len(pages)
        assert any("&lt;xss" in page.content.decode() for page in pages), label


def send_edit(seller):
    """Let a seller send markup in every field of the form, as what waits for staff."""
    client = Client()
    client.force_login(seller)
    product = Product.objects.get(slug="cup-20")
    form = Form(client.get(f"/sell/products/{product.pk}/edit/"))
    texts = {
        name: MARKUP
        for name, values in form.data.items()
        if name in ("title", "brand", "description", "care")
    }
    form.set(**texts, specifications__name=MARKUP, specifications__value=MARKUP)
    assert form.send(client).status_code == 302
    assert Edit.objects.sent().filter(product=product).exists()


def test_history_shows_old_and_new_as_text(marked, staff_client):
    product = Product.objects.get(slug="belly-vase")
    product.title = f"new{MARKUP}"
    product.save()
    page = staff_client.get(reverse("admin:catalogue_product_history", args=[product.pk]))
    assert faults_in(page) == []
    assert "&lt;xss" in page.content.decode()
