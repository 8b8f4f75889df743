"""Whatever people fill has a bound: it is swept after its time, or there can be only so much of it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from auditlog.models import LogEntry
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from shop.accounts.models import User
from shop.import_export.models import Import
from shop.reviews.models import Report
from shop.sellers.models import SellerApplication
from shop.selling import editor
from shop.selling.form_data import blank_form_data
from shop.selling.models import Edit, ProcessedForm, Upload
from tests.factories import (
    MemberFactory,
    ProductFactory,
    ReviewFactory,
    SellerFactory,
    UserFactory,
    picture_file,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raw_writes_are_expected")]

SWEPT, STAFF, OWN, DERIVED, LIMITED = "swept", "staff fill it", "one's own", "derived", "limited"
# Every table, and what bounds it. Who adds a model says so here, and adds to SWEPT_ROWS what is swept.
BOUNDS = {
    "accounts.User": SWEPT,
    "accounts.User_groups": STAFF,
    "accounts.User_user_permissions": STAFF,
    "sellers.Seller": STAFF,
    "sellers.SellerApplication": SWEPT,
    "account.EmailAddress": SWEPT,  # with its account
    "account.EmailConfirmation": DERIVED,  # codes are kept in the session
    "admin.LogEntry": SWEPT,
    "auditlog.LogEntry": SWEPT,
    "auth.Group": STAFF,
    "auth.Group_permissions": STAFF,
    "auth.Permission": DERIVED,
    "browse.SearchDocument": DERIVED,
    "browse.ZeroResultSearch": LIMITED,  # ZeroResultSearch.KEPT
    "browse.SearchIndex": DERIVED,
    "browse.AttributeCount": DERIVED,
    "browse.FacetCount": DERIVED,
    "browse.SearchTerm": DERIVED,
    "caching.Note": LIMITED,  # each has an end, and is swept by every process
    "caching.Version": DERIVED,
    "catalogue.Category": STAFF,
    "catalogue.Redirect": DERIVED,
    "catalogue.Photo": OWN,  # 12 of a product
    "catalogue.Product": OWN,
    "catalogue.Variant": OWN,  # 100 of a product
    "contenttypes.ContentType": DERIVED,
    "import_export.Import": SWEPT,
    "mfa.Authenticator": OWN,
    "reviews.Report": SWEPT,
    "reviews.Review": OWN,  # one of a person for a product
    "reviews.ReviewPhoto": OWN,  # 4 of a review
    "reviews.Vote": OWN,  # one of a person for a review
    "selling.Edit": SWEPT,
    "selling.Edit_uploads": SWEPT,
    "selling.ProcessedForm": SWEPT,
    "selling.Upload": SWEPT,
    "sessions.Session": SWEPT,
    "usersessions.UserSession": SWEPT,
}


def test_every_table_has_a_bound():
    models = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert models - BOUNDS.keys() == set()


def swept():
    call_command("sweep_uploads", verbosity=0)


def ago(**time):
    return timezone.now() - timedelta(**time)


@pytest.mark.parametrize(
    ("make", "column", "old", "young"),
    [
        ("draft", "changed_at", {"days": 181}, {"days": 179}),
        ("processed_form", "sent_at", {"days": 31}, {"days": 29}),
        ("upload", "created_at", {"days": 3}, {"days": 1}),
        ("looked_at", "created_at", {"days": 3}, {"days": 1}),
        ("imported", "created_at", {"days": 366}, {"days": 364}),
        ("report", "settled_at", {"days": 366}, {"days": 364}),
        ("unconfirmed", "date_joined", {"days": 8}, {"days": 6}),
        ("decided", "decided_at", {"days": 731}, {"days": 729}),
        ("history", "timestamp", {"days": 731}, {"days": 729}),
    ],
)
def test_what_is_old_goes_and_what_is_young_stays(make, column, old, young):
    row = globals()[f"make_{make}"]()
    rows = type(row).objects.filter(pk=row.pk)
    for time, is_there in ((young, True), (old, False)):
        rows.update(**{column: ago(**time)})
        swept()
        assert rows.exists() == is_there


def make_draft():
    return Edit.objects.create(seller=SellerFactory(), form_data=blank_form_data(), base=blank_form_data())


def make_processed_form():
    product = ProductFactory()
    return ProcessedForm.objects.create(
        seller=product.seller, idempotency_key="k", product=product, submitted={}, saved={}, row_keys={}
    )


def make_upload():
    upload = Upload(seller=SellerFactory())
    upload.file.save("x.jpg", picture_file())
    return upload


def make_looked_at():
    return Import.objects.create(user=UserFactory(), rows=5)


def make_imported():
    return Import.objects.create(user=UserFactory(), rows=5, rows_done=5)


def make_report():
    return Report.objects.create(review=ReviewFactory(), reason=Report.Reason.values[0])


def make_unconfirmed():
    person = UserFactory(email="new@example.com")
    EmailAddress.objects.create(user=person, email=person.email, primary=True)
    return person


def make_decided():
    return SellerApplication.objects.create(user=UserFactory(), name="Kiln", slug="kiln")


def make_history():
    return LogEntry.objects.create(
        content_type_id=1, object_pk="1", object_repr="x", action=LogEntry.Action.UPDATE, changes={}
    )


def test_people_who_came_in_or_are_staff_stay():
    people = [MemberFactory(), make_unconfirmed()]
    staff = UserFactory(email="staff@example.com", is_staff=True)
    EmailAddress.objects.create(user=staff, email=staff.email, primary=True)
    User.objects.filter(pk=people[1].pk).update(last_login=timezone.now())
    User.objects.update(date_joined=ago(days=900))
    swept()
    assert User.objects.filter(pk__in=[staff.pk, *(person.pk for person in people)]).count() == 3


def test_files_of_imports_go(settings, django_capture_on_commit_callbacks):
    begun = Import(user=UserFactory(), rows=5, rows_done=2)
    begun.table.save("a.csv", ContentFile(b"slug\n"))
    begun.table.storage.save("imports/nobodys", ContentFile(b"x"))
    folder = Path(settings.STORAGES["private"]["OPTIONS"]["location"]) / "imports"
    swept()
    assert len(list(folder.iterdir())) == 2
    Import.objects.update(created_at=ago(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        swept()
    assert [path.name for path in folder.iterdir()] == ["nobodys"]
    os.utime(folder / "nobodys", (0, 0))
    swept()
    assert list(folder.iterdir()) == []
    begun.refresh_from_db()
    assert begun.rows_done == 2


@pytest.fixture
def sell(client):
    seller = SellerFactory(user=MemberFactory())
    client.force_login(seller.user)
    return client


def test_drafts_are_counted_and_what_was_typed_is_shown(sell, monkeypatch):
    monkeypatch.setattr(editor, "MOST_DRAFTS", 1)
    for address in ("/sell/drafts/keep/", "/sell/products/new/", "/sell/drafts/preview/"):
        pages = [sell.post(address, {"title": f"Bowl {n}", "form_key": f"{address}{n}"}) for n in range(2)]
        assert Edit.objects.count() == 1
        assert "You have 1 drafts" in pages[1].content.decode()
        assert "Bowl 1" in pages[1].content.decode()


def test_a_draft_has_a_length(sell, monkeypatch):
    monkeypatch.setattr(editor, "LONGEST_DRAFT", 3000)
    page = sell.post("/sell/drafts/keep/", {"description": "x" * 3000}).content.decode()
    assert "too long to be kept" in page
    assert "x" * 3000 in page
    assert not Edit.objects.exists()
