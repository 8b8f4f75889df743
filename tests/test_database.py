"""What is asked of PostgreSQL beside its rows: to give up on time, and to keep connections."""

import pytest
from django.db import OperationalError, connection

from storefront.settings import DATABASES

pytestmark = pytest.mark.postgres


def test_query_that_takes_too_long_is_given_up(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)
        cursor.execute("SET LOCAL statement_timeout = 20")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(20)")


def test_page_whose_query_takes_too_long_is_answered_503(client, db, monkeypatch):
    def wait(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(20)")

    monkeypatch.setattr("storefront.views.serve", wait)
    client.raise_request_exception = False
    response = client.get("/media/x.jpg")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_connections_are_kept_and_looked_at_before_they_are_used():
    assert DATABASES["default"]["CONN_MAX_AGE"] == 600
    assert DATABASES["default"]["CONN_HEALTH_CHECKS"] is True
