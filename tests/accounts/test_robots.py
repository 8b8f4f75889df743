"""Forms that anybody may send: robots are refused, and people never for long."""

import time

import pytest
from django.core import mail

from shop.accounts.models import User
from shop.reviews.models import Report
from shop.sellers.models import SellerApplication
from tests.factories import MemberFactory, ReviewFactory

pytestmark = pytest.mark.django_db
SIGN_UP = {"display_name": "Ada", "email": "new@example.com", "password1": "a-long-kettle-42"}
APPLY = {"name": "Kiln", "craft": "Pots", "contact_email": "kiln@example.com", "about": "We fire."}


@pytest.fixture(autouse=True)
def asks_for_time(settings):
    settings.FORM_SECONDS = 2


@pytest.fixture(params=["sign-up", "apply", "report"])
def form(request, client):
    """Return the address of a form, what a person types, and how many have been taken."""
    if request.param == "sign-up":
        return "/accounts/signup/", SIGN_UP, User.objects.filter(email="new@example.com").count
    client.force_login(MemberFactory())
    if request.param == "apply":
        return "/sell/apply/", APPLY, SellerApplication.objects.count
    typed = {"reason": "spam", "note": "It sells lamps."}
    return f"/me/reviews/{ReviewFactory().pk}/report/", typed, Report.objects.count


def opened(page):
    form = page.context["form"]
    return {name: form[name].value() for name in ("opened", "zz_note")}


def test_who_takes_their_time_is_not_asked(client, form, monkeypatch):
    url, typed, taken = form
    unseen = opened(client.get(url))
    later = time.time() + 3
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.post(url, typed | {"opened": unseen["opened"]}).status_code == 302
    assert taken() == 1


@pytest.mark.parametrize("robot", [{}, {"opened": "forged"}, {"opened": None}, {"zz_note": "Buy lamps"}])
def test_robot_is_refused_and_a_person_sends_again_at_once(client, form, robot):
    url, typed, taken = form
    unseen = opened(client.get(url)) | robot
    page = client.post(url, typed | {name: value for name, value in unseen.items() if value is not None})
    text = page.content.decode()
    assert "please send it again" in text
    assert taken() == 0
    assert mail.outbox == []
    for name, value in typed.items():
        if "password" not in name:
            assert page.context["form"][name].value() == value
    assert client.post(url, typed | opened(page)).status_code == 302
    assert taken() == 1


def test_unseen_field_is_hidden_from_everybody(client, form):
    text = client.get(form[0]).content.decode()
    assert '<div class="visually-hidden" aria-hidden="true"><label>Leave this empty <input' in text
    assert 'tabindex="-1"' in text
    assert 'autocomplete="off"' in text
