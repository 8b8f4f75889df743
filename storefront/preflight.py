"""Refuse a broken release before it replaces a running one: python -m storefront.preflight

It imports the shop with its settings, as a new worker does, and checks what a worker would find out only
later: modules, templates, static files, migrations and the home page. A database that is down is no
reason to refuse, since pages are served from stale copies.
"""

import os
import sys
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template import TemplateSyntaxError, engines


class Refusal(Exception):  # noqa: N818 - its text is what the operator reads
    """Why the release cannot serve."""


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    # Raises for faults of settings, code or packages.
    from storefront.wsgi import application

    try:
        call_command("check", deploy=True, fail_level="ERROR")
        compile_modules()
        compile_templates()
        find_forgotten_static_files()
        if database_answers():
            find_forgotten_migrations()
            visit_home(application)
        else:
            sys.stderr.write("The database does not answer: migrations and pages were not checked.\n")
    except (Refusal, CommandError) as refusal:
        sys.exit(f"This release cannot serve. {refusal}")


def compile_modules():
    """Compile every module, as some are imported only by a command or request."""
    for name in ("shop", "storefront"):
        for path in sorted((settings.BASE_DIR / name).rglob("*.py")):
            try:
                compile(path.read_bytes(), str(path), "exec")
            except SyntaxError as error:
                raise Refusal(f"{path}: {error}") from error


def compile_templates():
    engine = engines["django"]
    for folder in engine.engine.dirs:
        for path in sorted(folder.rglob("*.*")):
            try:
                engine.get_template(str(path.relative_to(folder)))
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                raise Refusal(f"{path}: {error}") from error


def find_forgotten_static_files():
    for finder in get_finders():
        for path, _ in finder.list([]):
            try:
                staticfiles_storage.url(path)
            except ValueError as error:
                raise Refusal(f"Run manage.py collectstatic first: {path}") from error


def database_answers():
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def find_forgotten_migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
        raise Refusal(f"Run manage.py migrate first: {names}")


def visit_home(application):
    """Request the home page."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    environ = {"HTTP_HOST": host, "HTTP_X_FORWARDED_PROTO": "https", "wsgi.url_scheme": "https"}
    setup_testing_defaults(environ)
    statuses = []
    answer = application(environ, lambda status, headers, exc_info=None: statuses.append(status))
    b"".join(answer)
    if not statuses[0].startswith("200"):
        raise Refusal(f"The home page is answered {statuses[0]}; the lines above say why.")


if __name__ == "__main__":
    main()
