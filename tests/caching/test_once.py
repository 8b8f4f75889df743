"""A form that is sent twice with its key does its work once, and both answers say the same."""

import pytest
from django.contrib.messages import INFO, get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from shop.caching.once import SentOnce, new_form_key
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FIELDS = {"form_key": "k", "csrfmiddlewaretoken": "a", "price": "20", "chosen": ["1", "2"]}


@pytest.fixture
def send():
    """Return a function that sends a form, and returns what is known of it."""
    users = {"kim": UserFactory(), "ada": UserFactory()}

    def send(fields, user="kim", path="/sell/products/"):
        request = RequestFactory().post(path, fields)
        request.user, request._messages = users[user], CookieStorage(RequestFactory().get("/"))
        return SentOnce(request)

    return send


def test_second_one_finds_the_work_done_and_says_what_the_first_said(send):
    first, second = send(FIELDS), send(FIELDS)
    assert (first.is_first, second.is_first) == (True, False)
    first.answer((INFO, "Two prices changed."), (INFO, "One is as it was."))
    second.answer_again()
    for sent in (first, second):
        said = [(message.level, message.message) for message in get_messages(sent.request)]
        assert said == [(INFO, "Two prices changed."), (INFO, "One is as it was.")]


def test_second_one_that_comes_before_the_first_is_done_says_nothing(send):
    send(FIELDS)
    second = send(FIELDS)
    second.answer_again()
    assert list(get_messages(second.request)) == []


SAME = {
    "as it was": FIELDS,
    "fields in another order": dict(reversed(FIELDS.items())),
    "values in another order": {**FIELDS, "chosen": ["2", "1"]},
    "another token": {**FIELDS, "csrfmiddlewaretoken": "b"},
}
OTHER = {
    "another key": ({**FIELDS, "form_key": "l"}, {}),
    "another value": ({**FIELDS, "price": "21"}, {}),
    "another field": ({**FIELDS, "note": ""}, {}),
    "another name for a value": ({**FIELDS, "price": [], "cost": "20"}, {}),
    "another person": (FIELDS, {"user": "ada"}),
    "another page": (FIELDS, {"path": "/sell/products/?page=2"}),
}


@pytest.mark.parametrize("fields", SAME.values(), ids=SAME.keys())
def test_same_form_is_known_again(send, fields):
    assert send(FIELDS).is_first
    assert not send(fields).is_first


@pytest.mark.parametrize(("fields", "sent"), OTHER.values(), ids=OTHER.keys())
def test_other_form_is_none_that_was_sent_before(send, fields, sent):
    assert send(FIELDS).is_first
    assert send(fields, **sent).is_first


def test_form_without_a_key_is_always_new(send):
    fields = {"price": "20"}
    first, second = send(fields), send(fields)
    assert (first.is_first, second.is_first) == (True, True)
    first.answer((INFO, "Done."))
    second.answer_again()
    assert list(get_messages(second.request)) == []


def test_keys_differ_and_cannot_be_guessed():
    keys = {new_form_key() for _ in range(100)}
    assert (len(keys), min(map(len, keys))) == (100, 16)
