"""Whether an address has an account cannot be told by the work that an answer takes: it is counted."""

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-kettle-42"
FORMS = {
    "sign-up": ("/accounts/signup/", {"display_name": "Ada", "password1": PASSWORD}, "email"),
    "sign-in": ("/accounts/login/", {"password": "wrong-kettle-42"}, "login"),
    "reset": ("/accounts/password/reset/", {}, "email"),
    "code": ("/accounts/login/code/", {}, "email"),
}


@pytest.fixture
def hashed(monkeypatch):
    """Return the list of the passwords that were hashed."""
    hashed, kind = [], type(get_hasher())
    encode, verify = kind.encode, kind.verify
    monkeypatch.setattr(kind, "encode", lambda self, *args: hashed.append("") or encode(self, *args))
    monkeypatch.setattr(kind, "verify", lambda self, *args: hashed.append("") or verify(self, *args))
    return hashed


@pytest.mark.parametrize("form", FORMS)
def test_known_and_unknown_address_make_the_same_work(member, hashed, form):
    url, fields, name = FORMS[form]
    work = []
    for email in (member.email, "nobody@example.com"):
        del hashed[:], mail.outbox[:]
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(url, fields | {name: email})
        writes = [
            query["sql"].split()[0] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))
        ]
        work.append((answer.status_code, len(hashed), len(mail.outbox), len(writes), len(queries)))
    known, unknown = work
    assert known[:3] == unknown[:3]
    assert abs(known[3] - unknown[3]) <= 2
    assert abs(known[4] - unknown[4]) <= 8


def test_known_address_leaves_nothing_behind(member):
    fields = FORMS["sign-up"][1] | {"email": member.email}
    Client().post("/accounts/signup/", fields)
    assert User.objects.get() == member
