"""A search without results is counted beside its page: whatever the database does, the page is shown."""

import queue
import sqlite3
import threading

import pytest
from django.db import OperationalError, connection

from shop.browse import zero_results
from shop.browse.models import ZeroResultSearch

SEARCH = "/products/?q=xylophone"


def counted():
    return dict(ZeroResultSearch.objects.values_list("text", "times"))


@pytest.mark.django_db
def test_database_that_takes_no_writes_shows_the_search_all_the_same(client):
    read_only = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    with connection.cursor() as cursor:
        cursor.execute(read_only[connection.vendor])
        try:
            page = client.get(SEARCH)
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA query_only = OFF")
    assert page.status_code == 200
    assert "Nothing matches" in page.content.decode()
    assert counted() == {}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_writer_that_keeps_the_database(client):
    """PostgreSQL keeps no one out of a whole database."""
    client.get("/products/")
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")  # Who waits fails.
        assert client.get(SEARCH).status_code == 200
    finally:
        writer.close()
        connection.close()
    zero_results.count_waiting()
    assert counted() == {"xylophone": 1}


@pytest.mark.django_db
def test_what_cannot_be_counted_is_logged_and_the_next_is_counted(client, monkeypatch, caplog):
    count = ZeroResultSearch.count

    def fail_once(text):
        monkeypatch.setattr(ZeroResultSearch, "count", count)
        raise OperationalError("database is locked")

    monkeypatch.setattr(ZeroResultSearch, "count", fail_once)
    monkeypatch.setattr(connection, "close", lambda: None)
    client.get(SEARCH)
    client.get("/products/?q=zither")
    zero_results.count_waiting()
    assert counted() == {"zither": 1}
    assert "“xylophone” found nothing, which was not counted: database is locked" in caplog.text


def test_of_too_many_the_last_are_forgotten_and_nobody_waits(monkeypatch):
    monkeypatch.setattr(zero_results, "_waiting", queue.Queue(2))
    for text in ("one", "two", "three"):
        zero_results.count_soon(text)
    assert list(zero_results._waiting.queue) == ["one", "two"]


@pytest.mark.django_db(transaction=True)
def test_thread_counts_what_a_page_notes(client):
    client.get(SEARCH)
    thread = threading.Thread(target=zero_results.count_next)
    thread.start()
    thread.join(60)
    assert counted() == {"xylophone": 1}
