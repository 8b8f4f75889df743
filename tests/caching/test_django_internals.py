"""Names that Django may change without a word: a test for each, which fails when it does."""

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from shop.accounts.models import User
from shop.caching.django_internals import (
    MESSAGES,
    RowsReported,
    forget_headers,
    has_csrf_token,
    is_reused,
    skip_health_check,
)
from tests.factories import UserFactory


@pytest.fixture
def request_():
    return RequestFactory().get("/", headers={"HX-Target": "main"})


def test_messages_are_kept_where_the_guard_watches(request_):
    request_.session = {}
    MessageMiddleware(lambda request: HttpResponse()).process_request(request_)
    assert messages.get_messages(request_) is getattr(request_, MESSAGES)


def test_token_in_a_page_is_noticed(request_):
    assert not has_csrf_token(request_)
    get_token(request_)
    assert has_csrf_token(request_)


def test_headers_are_made_of_meta_once_more(request_):
    assert request_.headers["HX-Target"] == "main"
    del request_.META["HTTP_HX_TARGET"]
    forget_headers(request_)
    assert "HX-Target" not in request_.headers


@pytest.mark.django_db
def test_health_check_is_skipped_for_one_query(monkeypatch):
    checks = []
    monkeypatch.setattr(connection, "is_usable", lambda: checks.append(1) or True)
    monkeypatch.setattr(connection, "health_check_enabled", True)
    for is_skipped in (False, True):
        monkeypatch.setattr(connection, "health_check_done", False)
        if is_skipped:
            skip_health_check(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert checks == [1]


@pytest.mark.django_db
def test_connection_is_reused_once_it_is_made_and_outside_transactions():
    assert not is_reused(connection), "tests run in a transaction"
    other = connection.copy()
    assert not is_reused(other)
    other.ensure_connection()
    assert is_reused(other)
    other.close()


class Users(RowsReported):
    reported = ()

    def rows_read(self, rows):
        self.reported = (*self.reported, list(rows))


@pytest.mark.django_db
def test_rows_are_reported_once_they_are_read():
    user = UserFactory()
    users = Users(User)
    assert (len(users), bool(users), list(users)) == (1, True, [user])
    assert users.reported == ([user],)


def test_locks_for_a_write_are_told_from_those_that_keep_keys():
    users = Users(User)
    assert not users.locks_rows()
    assert users.select_for_update(of=("self",)).locks_rows()
    assert not users.select_for_update(no_key=True).locks_rows()
