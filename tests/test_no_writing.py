"""A database that may only be read, and disks that are full: pages are served, writes are told so."""

import errno
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.import_export.models import Import
from shop.reviews.models import Review, ReviewPhoto
from shop.sellers.models import SellerApplication
from shop.selling.models import Upload
from tests.factories import PASSWORD, MemberFactory, ProductFactory, SellerFactory, UserFactory, picture_file

PAGES = [
    "/",
    "/products/",
    "/products/vase/",
    "/products/vase/reviews/",
    "/sellers/kiln/",
    "/accounts/login/",
]
FORMS = {
    "sign-in": ("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD}),
    "sign-up": (
        "/accounts/signup/",
        {"display_name": "Bea", "email": "bea@example.com", "password1": PASSWORD},
    ),
}
OWN_FORMS = {
    "review": (
        "/products/vase/reviews/",
        {"rating": 5, "title": "Good", "text": "It does what it should.", "author_name": "Ada"},
    ),
    "profile": ("/accounts/", {"display_name": "Ada B."}),
}
SENTENCE = "nothing can be saved at the moment"


@pytest.fixture
def shop(transactional_db, raw_writes_are_expected, client):
    client.raise_request_exception = False
    ProductFactory(slug="vase", seller=SellerFactory(slug="kiln", user=UserFactory()))
    return MemberFactory(email="ada@example.com")


@pytest.fixture
def read_only():
    """Return a function that lets the database be read only, until the test is over."""
    if connection.vendor == "postgresql":
        on = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
        off = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"
    else:
        on, off = "PRAGMA query_only = 1", "PRAGMA query_only = 0"
    yield lambda: run(on)
    run(off)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def full_disk(monkeypatch):
    def save(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save)


def assert_told(answer):
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert SENTENCE in answer.content.decode()


def test_pages_are_shown_and_forms_say_that_nothing_can_be_saved(shop, client, read_only):
    read_only()
    assert {path: client.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    for path, fields in FORMS.values():
        assert_told(client.post(path, fields))
    assert not User.objects.filter(email="bea@example.com").exists()


def test_members_are_told_that_nothing_can_be_saved(shop, client, read_only):
    client.force_login(shop)
    read_only()
    assert {path: client.get(path).status_code for path in PAGES[:-1]} == dict.fromkeys(PAGES[:-1], 200)
    for path, fields in OWN_FORMS.values():
        assert_told(client.post(path, fields))


def left_behind(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


NO_ROOM = "No files can be saved at the moment."
TABLE = b"slug,title,status,category,price,stock\nvase,Vase,listed,decor,31,9\n"
SHOP = {"name": "Loom", "slug": "loom", "craft": "Linen", "place": "Ghent", "about": "We weave linen."}
# Each way in for files: who sends what, and what of it the answer still shows.
DOORS = {
    "review": ("shopper", *OWN_FORMS["review"], "photos", "It does what it should."),
    "application": ("shopper", "/sell/apply/", SHOP | {"contact_email": "a@b.example"}, "logo", "We weave"),
    "picture": ("seller", "/sell/uploads/", {}, "pictures", ""),
    "product": ("seller", "/sell/products/new/", {"title": "Tall jug"}, "pictures", "Tall jug"),
    "import": ("seller", "/sell/import/", {}, "table", ""),
    "photos of an import": ("seller", "/sell/import/", {}, "photos", ""),
}


@pytest.fixture
def members(shop):
    return {"shopper": shop, "seller": SellerFactory(user=UserFactory()).user}


@pytest.mark.parametrize("door", DOORS)
def test_who_sends_files_to_a_full_disk_is_told_and_loses_nothing(members, client, full_disk, settings, door):
    who, path, fields, name, shown = DOORS[door]
    client.force_login(members[who])
    before = how_much_there_is()
    files = {name: picture_file()}
    if "import" in door:
        files = {"table": ContentFile(TABLE, "vase.csv")} | ({"photos": zipped()} if name == "photos" else {})
    answer = client.post(path, fields | files)
    assert answer.status_code in (200, 422)
    assert NO_ROOM in answer.content.decode()
    assert shown in answer.content.decode()
    assert how_much_there_is() == before
    assert left_behind(settings) == []


def how_much_there_is():
    return [
        model.objects.count() for model in (Review, ReviewPhoto, SellerApplication, Upload, Product, Import)
    ]


def zipped():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("vase.jpg", picture_file().read())
    return ContentFile(file.getvalue(), "photos.zip")


def test_photos_of_a_review_that_found_room_go_with_the_one_that_did_not(shop, client, settings, monkeypatch):
    save, rooms = FileSystemStorage._save, iter([True, True])

    def save_first_two(storage, name, content):
        if next(rooms, False):
            return save(storage, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save_first_two)
    client.force_login(shop)
    path, fields = OWN_FORMS["review"]
    answer = client.post(path, fields | {"photos": [picture_file(), picture_file()]})
    assert NO_ROOM in answer.content.decode()
    assert left_behind(settings) == []
