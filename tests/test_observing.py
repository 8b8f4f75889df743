"""Sentry, OpenTelemetry and mails about errors: each by the environment, and none with personal data."""

import gzip
import json
import logging
import logging.config
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import brotli
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from storefront import reports

# An error as PostgreSQL words it, and a request full of what is nobody's business.
FAILING = """
import storefront.views
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from storefront.wsgi import application

def fail(*args, **kwargs):
    secret = "local-secret"
    raise IntegrityError("DETAIL: Key (email)=(ada@example.com) already exists.")

call_command("migrate", verbosity=0)
storefront.views.serve = fail
client = Client(raise_request_exception=False, headers={"Host": "shop.example", "User-Agent": "agent-secret"})
client.cookies["__Host-sessionid"] = "cookie-secret"
client.get("/products/?q=query-secret", REMOTE_ADDR="203.0.113.9", secure=True)
client.get("/media/path-secret.jpg?token=query-secret", REMOTE_ADDR="203.0.113.9", secure=True)
"""
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
SECRETS = ["ada@example.com", "local-secret", "agent-secret", "cookie-secret", "query-secret", "203.0.113.9"]


class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = UNPACK[self.headers.get("Content-Encoding")]
        self.server.received.append((self.path, unpack(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def collector():
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def static_root(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("static"))
    run(
        "from storefront.wsgi import *; import django.core.management as management;"
        "management.call_command('collectstatic', interactive=False, verbosity=0)",
        STATIC_ROOT=folder,
    )
    return folder


def run(code, **environment):
    """Run Python as the production server would; return what it printed."""
    production = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "shop.example", "DATABASE_URL": "sqlite:///:memory:"}
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = outside | production | {"RELEASE": "observed", "LOG_FORMAT": "json"} | environment
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_neither_is_imported_unless_it_is_asked_for():
    names = run("import sys; from storefront.wsgi import *; print(*sorted(sys.modules))").split()
    assert {"storefront.settings", "storefront.middleware"} <= set(names)
    assert [name for name in names if name.startswith(("sentry_sdk", "opentelemetry"))] == []


def test_sentry_is_told_what_was_raised_and_where_and_nothing_of_the_person(collector, static_root):
    log = run(FAILING, STATIC_ROOT=static_root, SENTRY_DSN=f"http://key@127.0.0.1:{collector.server_port}/1")
    [(path, envelope)] = collector.received
    event = json.loads(envelope.splitlines()[2])
    [error] = event["exception"]["values"]
    assert path == "/api/1/envelope/"
    assert (error["type"], error["value"]) == (
        "IntegrityError",
        "DETAIL: Key (email)=([email]) already exists.",
    )
    assert (event["release"], event["transaction"]) == ("observed", "/media/{path}")
    assert f'"request_id": "{event["tags"]["request_id"]}"' in log
    assert "request" not in event
    assert [secret for secret in [*SECRETS, "path-secret"] if secret in envelope.decode()] == []


def test_spans_say_which_view_answered_and_what_it_asked_the_database(collector, static_root):
    endpoint = f"http://127.0.0.1:{collector.server_port}"
    run(FAILING, STATIC_ROOT=static_root, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    spans, bodies = [], b""
    for path, body in collector.received:
        assert path == "/v1/traces"
        bodies += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            spans += [span for scope in resource.scope_spans for span in scope.spans]
    products, failed = (span for span in spans if span.name.startswith("GET "))
    assert products.name == "GET products/"
    assert attributes(products) >= {"http.response.status_code": "200", "shop.cache": "miss"}.items()
    queries = [attributes(span) for span in spans if span.parent_span_id == products.span_id]
    assert any("caching_version" in dict(query)["db.query.text"] for query in queries)
    assert failed.name == "GET media/<path:path>"
    assert dict(attributes(failed))["http.response.status_code"] == "500"
    assert failed.status.code == 2
    assert [secret for secret in [*SECRETS, "path-secret"] if secret.encode() in bodies] == []


def attributes(span):
    values = {pair.key: pair.value for pair in span.attributes}
    return {key: value.string_value or str(value.int_value) for key, value in values.items()}.items()


@pytest.fixture
def mailed(settings):
    """Log as with ERRORS_TO, and answer errors as a server does."""
    settings.ADMINS = [("", "owner@example.com")]
    logger = {"django.request": {"level": "ERROR", "handlers": ["mail"]}}
    loggers = settings.LOGGING["loggers"] | logger
    logging.config.dictConfig(settings.LOGGING | {"loggers": loggers})
    yield
    logging.getLogger("django.request").handlers.clear()
    logging.config.dictConfig(settings.LOGGING)


def fail(*args, **kwargs):
    raise RuntimeError("it broke")


def test_nobody_gets_errors_by_mail_unless_asked(monkeypatch, db):
    monkeypatch.setattr("storefront.views.serve", fail)
    assert Client(raise_request_exception=False).get("/media/x.jpg").status_code == 500
    assert mail.outbox == []


def test_error_is_mailed_once_a_minute_without_the_request(monkeypatch, db, mailed):
    monkeypatch.setattr("storefront.views.serve", fail)
    monkeypatch.setattr(reports, "time", SimpleNamespace(monotonic=iter([100, 130, 161]).__next__))
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "cookie-secret"
    for _ in range(3):
        client.get("/media/x.jpg", {"q": "query-secret"})
    first, _ = mail.outbox
    assert first.to == ["owner@example.com"]
    assert first.subject.endswith("Internal Server Error: /media/x.jpg")
    assert "RuntimeError: it broke" in first.body
    assert "secret" not in first.body
