import json
import logging
import logging.config
from itertools import count

import pytest
from django.conf import settings
from django.db import connections
from prometheus_client import REGISTRY

from storefront import slow_queries


@pytest.fixture
def json_handler():
    """Return a handler as LOG_FORMAT=json makes it."""
    console = settings.LOGGING["handlers"]["console"] | {"formatter": "json"}
    factory = logging.config.DictConfigurator(settings.LOGGING | {"handlers": {"console": console}})
    factory.configure()
    yield logging.getLogger().handlers[-1]
    logging.config.dictConfig(settings.LOGGING)


def test_log_is_one_object_a_line_and_names_the_request(client, db, json_handler, capsys, monkeypatch):
    monkeypatch.setattr(json_handler, "stream", stream := Stream())
    monkeypatch.setattr("storefront.views.serve", broken)
    client.raise_request_exception = False
    response = client.get("/media/x.jpg")
    line = next(entry for entry in map(json.loads, stream.lines) if entry["name"] == "django.request")
    assert response.status_code == 500
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["level"] == "ERROR"
    assert "it broke" in line["exc_info"]


class Stream:
    def __init__(self):
        self.lines = []

    def write(self, text):
        self.lines += text.splitlines()

    def flush(self):
        pass


def broken(*args, **kwargs):
    raise RuntimeError("it broke")


def test_robots_that_ask_for_another_host_do_not_fill_the_log(client, db, caplog):
    assert client.get("/", headers={"Host": "203.0.113.9"}).status_code == 400
    assert caplog.records == []


def test_slow_queries_are_logged_without_their_parameters(settings, caplog, monkeypatch):
    settings.SLOW_QUERY_MS = 50
    clock = count()
    monkeypatch.setattr(slow_queries.time, "perf_counter", lambda: next(clock) / 10)
    connection = connections["default"].copy()
    slow_queries.watch(connection)
    slow_queries.watch(connection)
    [timed] = connection.execute_wrappers
    timed(lambda *query: None, "SELECT %s", ["a secret"], False, {})
    settings.SLOW_QUERY_MS = 150
    timed(lambda *query: None, "SELECT 1", [], False, {})
    [record] = caplog.records
    assert record.getMessage().endswith("slow query, 100 ms: SELECT %s")


def test_queries_are_not_timed_unless_asked_for():
    connection = connections["default"].copy()
    slow_queries.watch(connection)
    assert connection.execute_wrappers == []


def answered(status):
    return REGISTRY.get_sample_value("shop_response_seconds_count", {"status": status}) or 0


@pytest.mark.parametrize(
    ("address", "status"),
    [("/healthz", "2xx"), ("/admin/", "3xx"), ("/nothing/", "4xx"), ("/media/x.jpg", "5xx")],
)
def test_answers_are_counted_by_the_class_of_their_status(client, db, monkeypatch, address, status):
    monkeypatch.setattr("storefront.views.serve", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    before = {each: answered(each) for each in ("1xx", "2xx", "3xx", "4xx", "5xx")}
    assert f"{client.get(address).status_code // 100}xx" == status
    now = {each: answered(each) - before[each] for each in before}
    assert now == dict.fromkeys(before, 0) | {status: 1}
