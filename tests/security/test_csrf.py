"""No form of another site can write: every POST needs a token, and every form of ours has one."""

import html5lib
import pytest
from django.test import Client

from tests.personal_pages import GETS, VISITORS

from .addresses import every_address, every_view

pytestmark = pytest.mark.django_db


def test_post_without_a_token_is_refused_at_every_address(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    addresses = every_address()
    assert len(addresses) > 100
    assert {address: client.post(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 403
    )


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_that_write_need_a_token_too(owner, method):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    statuses = {address: getattr(client, method)(address).status_code for address in every_address()}
    assert {address for address, status in statuses.items() if status != 403} == set()


def test_no_view_is_exempt():
    assert [name for name, _, view in every_view() if getattr(view, "csrf_exempt", False)] == []


def test_token_of_another_visitor_is_refused(owner):
    mine, theirs = Client(enforce_csrf_checks=True), Client()
    mine.force_login(owner)
    page = theirs.get("/accounts/login/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert len(token) == 64
    assert mine.post("/accounts/", {"csrfmiddlewaretoken": token, "display_name": "Eve"}).status_code == 403


def test_cross_site_origin_is_refused_in_spite_of_the_token(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    page = client.get("/accounts/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = {"csrfmiddlewaretoken": token, "display_name": "Ada"}
    evil = client.post("/accounts/", fields, headers={"Origin": "https://evil.example"})
    own = client.post("/accounts/", fields, headers={"Origin": "http://testserver"})
    assert (evil.status_code, own.status_code) == (403, 302)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_form_and_island_that_posts_has_a_token(people, things, visitor):
    client = Client()
    if visitor in people:
        client.force_login(people[visitor])
    forms = {}
    for address in GETS:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(address.format(**things), headers=headers)
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                forms |= {(address, form.get("action")): form for form in posting_forms(response)}
    assert len(forms) > 3
    assert [where for where, form in forms.items() if not has_token(form)] == []


def posting_forms(response):
    page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    return [form for form in page.iter("form") if (form.get("method") or "").lower() == "post"]


def has_token(form):
    return any(field.get("name") == "csrfmiddlewaretoken" for field in form.iter("input"))
