import re

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from tests.factories import NEW_PERSON as NEW

pytestmark = pytest.mark.django_db
CODE = r"^([A-Z0-9]{4}-[A-Z0-9]{4})$"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def sign_up(client, **changes):
    return client.post("/accounts/signup/", NEW | changes)


def confirm(client, code):
    return client.post("/accounts/confirm-email/", {"code": code})


def test_code_from_the_mail_completes_the_sign_up(client, mailed):
    assert sign_up(client).url == "/accounts/confirm-email/"
    assert client.get("/accounts/").status_code == 302
    assert confirm(client, mailed(CODE)).url == "/accounts/"
    assert "Ada" in client.get("/accounts/").content.decode()
    user = User.objects.get()
    assert user.password.startswith("argon2")
    assert user.emailaddress_set.get().verified


def test_sign_up_leads_back_to_where_it_began(client, mailed):
    began = {"next": "/products/?q=vase"}
    assert "next=%2Fproducts%2F%3Fq%3Dvase" in client.get("/accounts/login/", began).content.decode()
    page = sign_up(client, **began)
    assert client.post(page.url, {"code": mailed(CODE)}).url == "/products/?q=vase"


def test_wrong_code_is_refused_and_the_third_ends_it(client):
    sign_up(client)
    assert "Incorrect code" in confirm(client, "AAAA-AAAA").content.decode()
    confirm(client, "AAAA-AAAA")
    assert confirm(client, "AAAA-AAAA").status_code == 302
    assert not User.objects.get().emailaddress_set.filter(verified=True).exists()


def test_new_code_replaces_the_old_one(client, mailed, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    sign_up(client)
    first = mailed(CODE)
    client.post("/accounts/confirm-email/", {"action": "resend"})
    assert "Incorrect code" in confirm(client, first).content.decode()
    assert confirm(client, mailed(CODE)).url == "/accounts/"


def test_codes_are_not_sent_in_a_row(client):
    sign_up(client)
    page = client.post("/accounts/confirm-email/", {"action": "resend"})
    assert page.status_code == 429
    assert "A little too fast" in page.content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "ada"}, "valid email address"),
        ({"password1": "12345"}, "too short"),
        ({"password1": "ada@example.com"}, "too similar"),
        ({"display_name": ""}, "required"),
        ({"display_name": "a" * 81}, "at most 80 characters"),
    ],
)
def test_mistake_is_explained_and_what_was_typed_stays(client, changes, message):
    page = sign_up(client, **changes)
    assert message in page.content.decode()
    assert page.context["form"]["email"].value() == (NEW | changes)["email"]
    assert not User.objects.exists()


def test_nobody_learns_who_has_an_account(member):
    pages = {}
    for email in (member.email, "new@example.com"):
        visitor = Client()
        answer = sign_up(visitor, email=email)
        page = visitor.get(answer.url).content.decode()
        pages[email] = answer.url, TOKEN.sub("", page).replace(email, "")
    assert pages[member.email] == pages["new@example.com"]
    to_known, to_unknown = mail.outbox
    assert to_known.to == [member.email]
    assert "You already have one" in to_known.body
    assert "code that confirms" in to_unknown.body
