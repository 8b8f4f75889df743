"""Every personal address, every kind of visitor: each sees their own, and nobody sees another's.

Who adds an address under PERSONAL adds a row to tests/personal_pages.py, and what it names to `make_things`.
"""

import pytest
from django.test import Client
from django.urls import get_resolver, resolve

from shop.import_export.urls import urlpatterns as importing
from tests.personal_pages import AWAY, GETS, PASSWORD, POSTS, SIGN_IN, VISITORS

pytestmark = pytest.mark.django_db

PERSONAL = ("accounts/", "me/", "sell/")
# These have a table of their own.
ELSEWHERE = {pattern.name for pattern in importing}
ROWS = [("get", *row) for row in GETS.items()] + [("post", *row) for row in POSTS.items()]
CASES = [
    pytest.param(method, address, visitor, outcome, id=f"{method} {address} by {visitor}")
    for method, address, row in ROWS
    for visitor, outcome in zip(VISITORS, row, strict=True)
]


@pytest.mark.parametrize(("method", "address", "visitor", "outcome"), CASES)
def test_personal_address(people, things, method, address, visitor, outcome):
    client = Client()
    if visitor in people:
        client.force_login(people[visitor])
    response = getattr(client, method)(address.format(**things))
    assert outcome_of(response) == outcome
    page = b"".join(response) if response.streaming else response.content
    others = [person.email for name, person in people.items() if name != visitor]
    assert [email for email in others if email.encode() in page] == []
    assert response.headers.get("X-Cache") is None
    if visitor in people:
        assert "no-store" in response.headers["Cache-Control"]


def outcome_of(response):
    if response.status_code != 302:
        return response.status_code
    if response.url.startswith("/accounts/login/?next="):
        return SIGN_IN
    return PASSWORD if response.url.startswith("/accounts/reauthenticate/") else AWAY


def test_every_personal_address_has_its_row():
    things = {"product": 1, "slug": "jug", "draft": 1, "review": 1}
    addresses = [address.partition("?")[0].format(**things) for _, address, _ in ROWS]
    in_table = {resolve(address).view_name for address in addresses} | ELSEWHERE
    assert {name for name, route in routes(get_resolver()) if route.startswith(PERSONAL)} - in_table == set()


def routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield pattern.name, route
