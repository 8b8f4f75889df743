"""Guessing, flooding and asking who has an account: slowed down, and answered alike."""

import pytest
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def statuses(address, fields, times, client=None):
    client = client or Client()
    return [client.post(address, fields).status_code for _ in range(times)]


def test_one_account_is_not_guessed_at_from_many_places(member):
    answers = []
    for n in range(12):
        client = Client(REMOTE_ADDR=f"203.0.113.{n}")
        answers.append(client.post("/accounts/login/", {"login": member.email, "password": f"guess-{n}"}))
    assert "Too many failed" in answers[-1].content.decode()
    right = Client(REMOTE_ADDR="203.0.113.99")
    right.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert right.get("/accounts/").status_code == 302


def test_many_accounts_are_not_tried_from_one_place(db):
    answers = [
        Client().post("/accounts/login/", {"login": f"person{n}@example.com", "password": "x"}).status_code
        for n in range(31)
    ]
    assert answers[:30] == [200] * 30
    assert answers[30] == 429


def test_resets_are_limited_for_one_address_and_for_one_place(member):
    assert statuses("/accounts/password/reset/", {"email": member.email}, 6) == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post("/accounts/password/reset/", {"email": member.email}).status_code == 429
    others = [
        elsewhere.post("/accounts/password/reset/", {"email": f"person{n}@example.com"}).status_code
        for n in range(20)
    ]
    assert others[-1] == 429


def test_limit_does_not_depend_on_what_a_visitor_claims_of_proxies(member):
    answers = [
        Client().post(
            "/accounts/password/reset/",
            {"email": member.email},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        )
        for n in range(6)
    ]
    assert answers[-1].status_code == 429


def test_page_of_a_limit_says_when_to_come_back(member):
    client = Client()
    statuses("/accounts/password/reset/", {"email": member.email}, 5, client)
    page = client.post("/accounts/password/reset/", {"email": member.email})
    assert page.status_code == 429
    assert "A little too fast" in page.content.decode()
