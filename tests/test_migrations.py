"""Migrations lock no table for long and leave the release before them running: checked on PostgreSQL."""

import pytest
from django.conf import settings
from django_migration_linter import MigrationLinter

APPS = [
    "accounts",
    "browse",
    "caching",
    "catalogue",
    "import_export",
    "reviews",
    "sellers",
    "selling",
    "staff",
]


@pytest.mark.postgres
@pytest.mark.django_db
def test_migrations_are_safe_while_the_shop_runs(capsys):
    linter = MigrationLinter(settings.BASE_DIR, include_apps=APPS, no_cache=True, quiet=["ok", "ignore"])
    linter.lint_all_migrations()
    assert linter.nb_valid > 5
    assert not linter.has_errors, capsys.readouterr().out
