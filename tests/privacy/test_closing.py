"""Whoever closes their account, or is deleted by staff, is in no column of any table and in no file."""

import base64
import re
import zlib
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from shop.accounts.models import User
from shop.import_export.models import Import
from shop.reviews.models import Review
from shop.sellers.models import Seller, SellerApplication
from shop.selling.form_data import blank_form_data
from shop.selling.models import Edit
from tests.admin_forms import change_in_admin, confirm_in_admin
from tests.factories import PASSWORD, MemberFactory, ProductFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db
NAME, EMAIL, FORMER, LATER = "Zyxwanna", "zyxwanna@private.example", "zyxwold@private.example", "Zyxwella"
TRACES = re.compile(r"zyxw", re.IGNORECASE)


@pytest.fixture
def boss():
    return MemberFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def person(boss, settings):
    """Somebody who has used every feature, and whom staff have dealt with."""
    person = MemberFactory(email=FORMER, display_name=NAME, is_staff=True, is_superuser=True)
    desk, own = Client(), Client()
    desk.force_login(boss)
    change_in_admin(desk, person, {"display_name": LATER, "email": EMAIL})
    person.refresh_from_db()
    address = person.emailaddress_set.get()
    change_in_admin(desk, address, {"verified": "on"})
    own.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    own.post("/accounts/login/", {"login": EMAIL, "password": "wrong"})
    sell(person, own)
    review_and_moderate(person, own)
    own.post("/sell/apply/", {})
    decide_on_another(own)
    return person


def sell(person, own):
    facts = {
        "name": "Loom",
        "slug": "loom",
        "craft": "Linen",
        "about": "We weave.",
        "contact_email": EMAIL,
    }
    application = SellerApplication.objects.create(user=person, **facts)
    application.approve(by=person)
    seller = Seller.objects.get(user=person)
    product = ProductFactory(seller=seller, title="Rug")
    ProductFactory(seller=seller, title="Draft", status="draft")
    Edit.objects.create(
        seller=seller, product=product, form_data=blank_form_data() | {"title": NAME}, base={}
    )
    Import.objects.create(user=person, seller=seller, name=f"{NAME}.csv", table=ContentFile(NAME, "table"))
    own.post("/sell/contact/", {"contact_email": f"orders-{EMAIL}"})
    confirm_in_admin(own, "/admin/catalogue/product/", "archive_products", [product])


def review_and_moderate(person, own):
    for state in ("published", "waiting"):
        ReviewFactory(author=person, author_name=NAME, state=state)
    other = ReviewFactory()
    own.post(f"/me/reviews/{other.pk}/vote/", {"choice": "helpful"})
    own.post(f"/me/reviews/{other.pk}/report/", {"reason": "spam"})
    confirm_in_admin(own, "/admin/reviews/review/?queue=all", "approve_reviews", [other])


def decide_on_another(own):
    facts = {"name": "Kiln", "slug": "kiln", "craft": "Pots", "about": "We fire.", "user": UserFactory()}
    application = SellerApplication.objects.create(**facts)
    change_in_admin(own, application, {"decision": "reject", "reason": "Too short."})


def close(person, boss):
    own = Client()
    own.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    own.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert own.post("/accounts/close/", {"is_sure": "on"}).url == "/accounts/closed/"


def delete(person, boss):
    desk = Client()
    desk.force_login(boss)
    question = desk.get(f"/admin/accounts/user/{person.pk}/delete/").content.decode()
    assert "stay without their name" in question
    desk.post(f"/admin/accounts/user/{person.pk}/delete/", {"post": "yes"})


def delete_selected(person, boss):
    desk = Client()
    desk.force_login(boss)
    data = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
    desk.post("/admin/accounts/user/", data)


def traces():
    """Return (table, column, text) of each text in the database in which the person is named."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if TRACES.search(str(value)):
                        found.append((model._meta.db_table, column, str(value)[:200]))
    return found


def traces_in_sessions():
    return [
        session.session_key for session in Session.objects.all() if TRACES.search(read(session.session_data))
    ]


def read(data):
    """Return what the signed text of a session says."""
    payload = data.split(":")[0]
    raw = base64.urlsafe_b64decode(payload.strip(".") + "==")
    return (zlib.decompress(raw) if payload.startswith(".") else raw).decode()


@pytest.mark.parametrize("way", [close, delete, delete_selected])
def test_nothing_names_who_is_gone(person, boss, way, settings, django_capture_on_commit_callbacks):
    assert {table for table, *_ in traces()} >= {"accounts_user", "selling_edit", "import_export_import"}
    assert traces_in_sessions()
    with django_capture_on_commit_callbacks(execute=True):
        way(person, boss)
    assert not User.objects.filter(pk=person.pk).exists()
    assert [trace for trace in traces() if trace[0] != "django_session"] == []
    assert traces_in_sessions() == []
    folders = (settings.MEDIA_ROOT, settings.STORAGES["private"]["OPTIONS"]["location"])
    files = [file for folder in folders for file in Path(folder).rglob("*") if file.is_file()]
    assert not any(b"Zyxw" in file.read_bytes() for file in files)
    assert [review.author_name for review in Review.objects.filter(author=None)] == ["A former member"]
    assert Seller.objects.get(slug="loom").contact_email == ""
