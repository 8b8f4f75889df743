"""What people type, or paste from elsewhere: the same text comes back, or a sentence."""

import pytest
from django.apps import apps
from django.db import models

from shop.accounts.models import User
from shop.catalogue.models import Category, Product, Variant
from shop.fields.pairs import ListField
from shop.fields.texts import CleanField, clean_line
from shop.reviews.models import Report, Review
from shop.sellers.models import Seller, SellerApplication
from tests.admin_forms import change_in_admin
from tests.factories import NEW_PERSON as NEW
from tests.factories import MemberFactory, ReviewFactory
from tests.selling.forms import Form

from .showing import assert_everything_is_shown

pytestmark = pytest.mark.django_db
# From Word, from an old Mac, from a terminal, from a prankster; letters in two parts.
PASTED = "Cafe\u0301\v\r\ncup\x07\0 \u202eetihw\ufffe"
LINE, PROSE = "Café cup etihw", "Café\n\ncup etihw"
NOTHING = "\u200b\u3164 \u2800"
# What nobody types: the code's own words, and addresses of pages.
OWN = {
    "currency",
    "tint",
    "path",
    "old_path",
    "new_path",
    "key",
    "form_key",
    "idempotency_key",
    "tag",
    "cleared_by",
    "text_digest",
    "digest",
}
OWN |= {"digest", "first_name", "last_name", "password"}


def test_every_text_that_people_type_is_cleaned_and_has_a_length():
    fields = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("shop.") and model._meta.managed
        for field in model._meta.local_fields
        if isinstance(field, CleanField) or type(field) in (models.CharField, models.TextField)
    ]
    typed = [
        f
        for f in fields
        if not f.choices and f.name not in OWN and f.model._meta.app_label not in ("browse", "caching")
    ]
    assert len(typed) > 25
    assert [str(field) for field in typed if not isinstance(field, CleanField)] == []
    assert [str(f) for f in typed if not isinstance(f, ListField) and not f.max_length] == []


def send_profile(client, vase, text):
    client.force_login(MemberFactory(email="ada@example.com"))
    answer = client.post("/accounts/", {"display_name": text})
    return answer, lambda: [(User.objects.get(email="ada@example.com").display_name, LINE)]


def send_sign_up(client, vase, text):
    answer = client.post("/accounts/signup/", NEW | {"display_name": text})
    return answer, lambda: [(User.objects.get(email=NEW["email"]).display_name, LINE)]


def send_application(client, vase, text):
    client.force_login(MemberFactory())
    form = {"name": text, "slug": "x", "craft": text, "place": text, "about": text}
    form["contact_email"] = "kiln@example.com"
    answer = client.post("/sell/apply/", form)
    sent = SellerApplication.objects.get
    return (
        answer,
        lambda: (
            [(getattr(sent(), name), LINE) for name in ("name", "craft", "place")] + [(sent().about, PROSE)]
        ),
    )


def send_review(client, vase, text):
    client.force_login(MemberFactory())
    form = {"rating": "4", "title": text, "text": text, "author_name": text}
    answer = client.post("/products/vase/reviews/", form)
    review = Review.objects.get
    return answer, lambda: [
        (review().title, LINE),
        (review().author_name, LINE),
        (review().text, PROSE),
    ]


def send_reply(client, vase, text):
    review = ReviewFactory(product=vase)
    client.force_login(vase.seller.user)
    answer = client.post(f"/sell/reviews/{review.pk}/reply/", {"reply": text})
    return answer, lambda: [(Review.objects.get().reply, PROSE)]


def send_report(client, vase, text):
    review = ReviewFactory(product=vase)
    answer = client.post(f"/me/reviews/{review.pk}/report/", {"reason": "other", "note": text})
    return answer, lambda: [(Report.objects.get().note, PROSE)]


def send_product(client, vase, text):
    client.force_login(vase.seller.user)
    vase.specifications = [["Height", "9 cm"]]
    vase.save()
    form = Form(client.get(f"/sell/products/{vase.pk}/edit/"))
    texts = dict.fromkeys(("title", "brand", "description", "care", "option_1", "variants__value_1"), text)
    details = dict.fromkeys(("variants__sku", "specifications__name", "specifications__value"), text)
    return form.set(**texts, **details).send(client), lambda: product_texts(vase)


def send_product_in_admin(client, vase, text):
    client.force_login(MemberFactory(is_staff=True, is_superuser=True))
    changes = dict.fromkeys(("title", "brand", "description", "care", "option_names"), text)
    changes["specifications"] = f"{clean_line(text)}: {clean_line(text)}" if clean_line(text) else ""
    rows = {("variants", 0): {"sku": text, "option_values": text}}
    return change_in_admin(client, vase, changes, rows), lambda: product_texts(vase)


def product_texts(vase):
    product, variant = Product.objects.get(pk=vase.pk), Variant.objects.get(product=vase)
    lines = [product.title, product.brand, variant.sku, *product.option_names, *variant.option_values]
    lines += [text for pair in product.specifications for text in pair]
    assert len(lines) == 7
    return [(line, LINE) for line in lines] + [(product.description, PROSE), (product.care, PROSE)]


def send_category_in_admin(client, vase, text):
    client.force_login(MemberFactory(is_staff=True, is_superuser=True))
    answer = change_in_admin(client, vase.category, {"name": text, "introduction": text})
    category = Category.objects.get
    return answer, lambda: [(category().name, LINE), (category().introduction, PROSE)]


def send_seller_in_admin(client, vase, text):
    client.force_login(MemberFactory(is_staff=True, is_superuser=True))
    changes = dict.fromkeys(("name", "craft", "place", "about"), text)
    answer = change_in_admin(client, vase.seller, changes)
    seller = Seller.objects.get
    return (
        answer,
        lambda: (
            [(getattr(seller(), name), LINE) for name in ("name", "craft", "place")]
            + [(seller().about, PROSE)]
        ),
    )


SENT = [send_profile, send_sign_up, send_application, send_review, send_reply, send_report, send_product]
SENT += [send_product_in_admin, send_category_in_admin, send_seller_in_admin]


@pytest.mark.parametrize("send", SENT)
def test_what_is_pasted_is_cleaned(client, vase, settings, send):
    settings.PRODUCTS_NEED_APPROVAL = False
    answer, stored = send(client, vase, PASTED)
    assert answer.status_code == 302, answer.context and answer.context.get("errors")
    for text, wanted in stored():
        assert text == wanted
    assert_everything_is_shown(client, vase)


@pytest.mark.parametrize("send", [send for send in SENT if send is not send_report])
def test_what_shows_nothing_is_nothing(client, vase, send):
    answer, _ = send(client, vase, NOTHING)
    assert answer.status_code == 200


@pytest.mark.parametrize("send", [send_application, send_review, send_reply, send_report, send_product])
def test_a_text_that_is_too_long_gets_a_sentence_and_is_kept(client, vase, send):
    text = "word \r\n" * 5000
    answer, _ = send(client, vase, text)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "it has 2" in page or "it has 3" in page or "letters" in page
    assert page.count("word") >= 5000
