"""Sessions: nobody can plant one, and nothing outlives signing out."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories import PASSWORD

from .addresses import every_address

pytestmark = pytest.mark.django_db
COOKIE = settings.SESSION_COOKIE_NAME
# A page that is not there is nobody's.
PUBLIC = ["/categories/1/related/1/"]


def sign_in(client, member):
    return client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})


def test_session_from_before_signing_in_is_replaced(member):
    session = SessionStore()
    session["anything"] = 1
    session.create()
    planted = session.session_key
    attacker, victim = Client(), Client()
    attacker.cookies[COOKIE] = victim.cookies[COOKIE] = planted
    sign_in(victim, member)
    assert victim.cookies[COOKIE].value != planted
    assert victim.get("/accounts/").status_code == 200
    assert attacker.get("/accounts/").status_code == 302


def test_session_that_we_did_not_make_is_not_taken_over(member):
    client = Client()
    client.cookies[COOKIE] = "planted0planted0planted0planted0"
    sign_in(client, member)
    assert client.cookies[COOKIE].value != "planted0planted0planted0planted0"
    assert not Session.objects.filter(session_key__startswith="planted").exists()


def test_token_against_forgery_changes_with_signing_in(member):
    client = Client()
    client.get("/accounts/login/")
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    sign_in(client, member)
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before


def test_session_ends_on_the_server_when_one_signs_out(member):
    client, thief = Client(), Client()
    sign_in(client, member)
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    assert thief.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/accounts/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(member):
    client = Client()
    client.get("/accounts/login/")
    sign_in(client, member)
    session, marker = client.cookies[COOKIE], client.cookies["marker"]
    assert (session["httponly"], session["samesite"], session["path"], session["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert (marker["samesite"], marker["path"], marker["domain"]) == ("Lax", "/", "")
    assert marker.value == "member"
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_what_a_member_is_shown_is_stored_nowhere(owner):
    """Pages that are everybody's carry X-Cache, and nothing of the member."""
    client = Client()
    client.force_login(owner)
    answers = {address: client.get(address) for address in every_address() if "logout" not in address}
    own = {address: answer for address, answer in answers.items() if "X-Cache" not in answer.headers}
    assert {"/me/", "/accounts/", "/sell/", "/admin/"} <= own.keys()
    shown = {address: answer.headers.get("Cache-Control", "") for address, answer in own.items()}
    assert [address for address, told in shown.items() if "no-store" not in told] == PUBLIC
