"""A release that could not serve is refused, with a word about why, before a worker is touched."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings as shop_settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.template.backends.django import DjangoTemplates

from storefront import preflight

ROOT = shop_settings.BASE_DIR
PARTS = ("storefront", "shop", "templates", "static")


@pytest.fixture
def checkout(tmp_path):
    """A copy of the code, with the list of static files that collectstatic would make."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    paths = {path: path for finder in get_finders() for path, _ in finder.list([])}
    folder = tmp_path / "collected"
    folder.mkdir()
    (folder / "staticfiles.json").write_text(json.dumps({"version": "1.1", "paths": paths, "hash": ""}))
    return tmp_path


def run(checkout, **environment):
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    production = {
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "shop.example",
        # The database of the tests: its tables are there, and it is only read.
        "DATABASE_URL": database_url(),
        "STATIC_ROOT": str(checkout / "collected"),
    }
    return subprocess.run(
        [sys.executable, "-m", "storefront.preflight"],
        env=outside | production | environment,
        cwd=checkout,
        capture_output=True,
        text=True,
    )


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def test_release_that_can_serve_passes(checkout, db):
    passed = run(checkout)
    assert passed.returncode == 0, passed.stderr


def test_database_that_is_away_keeps_nobody_from_starting(checkout):
    passed = run(checkout, DATABASE_URL="postgres://shop@127.0.0.1:1/shop")
    assert passed.returncode == 0, passed.stderr
    assert "The database does not answer" in passed.stderr


def bad_setting(checkout):
    return {"CACHE_URL": "redis://localhost"}, "CACHE_URL must start with"


def missing_package(checkout):
    (checkout / "opentelemetry.py").write_text("raise ModuleNotFoundError('opentelemetry')")
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, "opentelemetry"


def syntax_error(checkout):
    """In a module that no worker would import before somebody needs it."""
    (checkout / "storefront" / "later.py").write_text("def later(:")
    return {}, "later.py"


@pytest.mark.parametrize(
    "fault", [bad_setting, missing_package, syntax_error], ids=lambda fault: fault.__name__
)
def test_release_that_cannot_start_is_refused(checkout, fault):
    environment, word = fault(checkout)
    refused = run(checkout, **environment)
    assert refused.returncode == 1
    assert word in refused.stderr


def test_template_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    (tmp_path / "broken.html").write_text("{% if %}")
    parameters = {"NAME": "django", "DIRS": [tmp_path], "APP_DIRS": False, "OPTIONS": {}}
    monkeypatch.setattr(preflight, "engines", {"django": DjangoTemplates(parameters)})
    with pytest.raises(preflight.Refusal, match=r"broken\.html"):
        preflight.compile_templates()


def test_static_files_that_were_not_collected_are_named(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(preflight, "staticfiles_storage", ManifestStaticFilesStorage(location=tmp_path))
    with pytest.raises(preflight.Refusal, match=r"Run manage\.py collectstatic first"):
        preflight.find_forgotten_static_files()


def test_forgotten_migration_is_named(db):
    preflight.find_forgotten_migrations()
    newest = MigrationRecorder(connection).migration_qs.filter(app="import_export").order_by("-name").first()
    newest.delete()
    with pytest.raises(
        preflight.Refusal, match=rf"Run manage.py migrate first: import_export\.{newest.name}"
    ):
        preflight.find_forgotten_migrations()


def test_home_page_that_cannot_be_shown_is_refused(settings):
    settings.ALLOWED_HOSTS = ["shop.example"]

    def application(environ, start_response):
        assert (environ["HTTP_HOST"], environ["PATH_INFO"]) == ("shop.example", "/")
        start_response("500 Internal Server Error", [])
        return [b""]

    with pytest.raises(preflight.Refusal, match="500 Internal Server Error"):
        preflight.visit_home(application)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_no_way_to_start_or_reload_goes_past_it():
    unit = re.findall(r"^Exec(\w+)=(.+)$", read("deploy/ingle.service"), re.MULTILINE)
    assert [name for name, _ in unit] == ["StartPre", "Start", "Reload", "Reload"]
    commands = [command for _, command in unit]
    assert commands[0].endswith("-m storefront.preflight")
    assert commands[2] == commands[0]
    image = read("deploy/Dockerfile")
    assert "python -m storefront.preflight && exec granian" in image
    serve = read("Makefile").partition("\nserve:")[2].partition("\n\n")[0]
    assert serve.index("-m storefront.preflight") < serve.index("granian")
