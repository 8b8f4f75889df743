"""No address leads to another site, whatever it is asked to come back to."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from tests.factories import PASSWORD

from .addresses import every_address

pytestmark = pytest.mark.django_db
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
]
NAMES = (
    "next",
    "page",
    "url",
    "return",
    "return_to",
    "redirect",
    "redirect_to",
    "continue",
    "_changelist_filters",
)


def leads_away(response):
    """Tell whether an answer sends a browser, or htmx, to another host or scheme."""
    names = ("Location", "HX-Location", "HX-Redirect", "HX-Push-Url", "Refresh")
    places = [response.headers[name] for name in names if name in response.headers]
    return any(
        urlsplit(place.replace("\\", "/")).netloc not in ("", "testserver")
        or urlsplit(place).scheme not in ("", "http")
        or place.startswith("http:e")
        for place in places
    )


@pytest.mark.parametrize("target", EVIL[:2])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_follows_a_parameter_elsewhere(owner, method, target, raw_writes_are_expected):
    stranger, member = Client(), Client()
    member.force_login(owner)
    wrong = []
    for address in every_address():
        for client in (stranger, member):
            with transaction.atomic():
                response = getattr(client, method)(
                    address, dict.fromkeys(NAMES, target), headers={"Referer": target}
                )
                # One of the addresses signs out, another closes the account.
                transaction.set_rollback(True)
            wrong += [address] * leads_away(response)
    assert wrong == []


@pytest.mark.parametrize("target", EVIL)
def test_what_comes_after_signing_up_in_or_out_stays_here(target, member):
    client = Client()
    password = {"login": member.email, "password": PASSWORD}
    after = [client.post("/accounts/login/", password | {"next": target})]
    after += [client.get("/accounts/login/", {"next": target})]  # Signed in already.
    after += [client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target})]
    after += [client.post("/accounts/logout/", {"next": target})]
    new = {"display_name": "Bea", "email": "bea@example.com", "password1": PASSWORD, "next": target}
    after += [client.post("/accounts/signup/", new)]
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", mail.outbox[-1].body, re.MULTILINE)[1]
    after += [client.post("/accounts/confirm-email/", {"code": code})]
    assert [response.status_code for response in after] == [302] * 6
    assert [response.url for response in after if leads_away(response)] == []


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/%2f..", "/\\evil.example/", "/%5cevil.example"]
)
def test_slash_that_is_added_does_not_make_another_host_of_a_path(client, path):
    assert not leads_away(client.get(path.rstrip("/")))
    assert not leads_away(client.get(path))
