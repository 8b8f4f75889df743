"""Migrations lock no table for long and leave the release before them running: checked on PostgreSQL."""

import pytest
from django.conf import settings
from django_migration_linter import MigrationLinter

APPS = ["accounts", "browse", "caching", "catalogue", "exchange", "reviews", "selling"]
# From before the first release: no shop has these tables without these columns.
BEFORE_ALL_SHOPS = ("0002_cleared_by", "0002_histogram")

# The release before can do all but write the twins that nobody is to write any more.
NO_HARM = ("ADD_UNIQUE",)


@pytest.mark.postgres
@pytest.mark.django_db
def test_migrations_are_safe_while_the_shop_runs():
    linter = MigrationLinter(
        settings.BASE_DIR,
        include_apps=APPS,
        ignore_name=BEFORE_ALL_SHOPS,
        exclude_migration_tests=NO_HARM,
        no_cache=True,
    )
    linter.lint_all_migrations()
    assert linter.nb_valid > 5
    assert not linter.has_errors
