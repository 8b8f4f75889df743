"""A database that may only be read, and disks that are full: pages are served, writes are told so."""

import errno
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

from shop.accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.factories import MemberFactory, ProductFactory, SellerFactory, UserFactory, picture_file

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


def test_seller_is_told_of_a_full_disk_and_nothing_is_left_on_it(shop, client, full_disk, settings):
    client.force_login(SellerFactory(user=UserFactory()).user)
    assert_told(client.post("/sell/uploads/", {"pictures": picture_file()}))
    assert left_behind(settings) == []


def test_review_whose_photos_find_no_room_is_not_half_there(shop, client, full_disk, settings):
    client.force_login(shop)
    path, fields = OWN_FORMS["review"]
    assert_told(client.post(path, fields | {"photos": picture_file()}))
    assert not shop.reviews.exists()
    assert left_behind(settings) == []
