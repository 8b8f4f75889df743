"""The index as tables and triggers, in the words of the database in use (sql/<vendor>.sql)."""

from pathlib import Path

from django.db import connection, connections, transaction

from shop.fields.folding import fold, unusual_letters

from .engines import coded

FOLDER = Path(__file__).with_name("sql")
EVERY_ID = (0, 2**62)


def create_index(apps, schema_editor):
    """Create the index as part of a migration; SQLite's triggers follow after the last one."""
    connection = schema_editor.connection
    run("index", connection)
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            letters, folded = zip(*unusual_letters(), strict=True)
            insert = "INSERT INTO browse_letter SELECT * FROM unnest(%s::text[], %s::text[])"
            cursor.execute(insert, [list(letters), list(folded)])
        run("triggers", connection)
        fill(*EVERY_ID, connection)


def remake_index(apps, schema_editor):
    """Drop the index and create it as it is now."""
    drop_index(apps, schema_editor)
    create_index(apps, schema_editor)


def teach_sqlite(connection, **kwargs):
    """Give a new connection to SQLite the functions that the index's triggers call."""
    if connection.vendor == "sqlite":
        for name, function in (("browse_fold", fold_text_or_bytes), ("browse_code", coded)):
            connection.connection.create_function(name, 1, function, deterministic=True)


def on(vendor, *parts):
    """Return what a migration runs: parts of the file of one database, and nothing on another."""

    def operation(apps, schema_editor):
        if schema_editor.connection.vendor == vendor:
            for part in parts:
                run(part, schema_editor.connection)

    return operation


def drop_index(apps, schema_editor):
    run("drop_triggers", schema_editor.connection)
    run("drop_index", schema_editor.connection)


def before_migrations(using, plan=(), **kwargs):
    """Take SQLite's triggers away: it makes a table anew to change it, and would trip over them."""
    if plan and _is_sqlite_with("browse_index", connections[using]):
        run("drop_triggers", connections[using])


def after_migrations(using, plan=(), **kwargs):
    if plan and _is_sqlite_with("browse_pair", connections[using]):
        run("drop_triggers", connections[using])
        run("triggers", connections[using])
        fill(*EVERY_ID, connections[using])
        recount(connections[using])


def fold_text_or_bytes(text):
    return fold(text if isinstance(text, str) else text.decode(errors="replace"))


def fill(first, last, connection=connection):
    """Index the listed products with ids from first to last anew."""
    run("fill", connection, {"first": first, "last": last})


def recount(connection=connection):
    """Count all products and their pairs anew; who writes one meanwhile waits."""
    with transaction.atomic(connection.alias):
        run("recount", connection)
        run("recount_pairs", connection)


def run(part, connection, parameters=None):
    """Execute a part of the file, in which a line with a semicolon ends each statement.

    Raises ValueError if there is no such part.
    """
    text = (FOLDER / f"{connection.vendor}.sql").read_text(encoding="utf-8")
    _, rest = text.split(f"-- {part}\n")
    body = rest.partition("\n-- ")[0]
    with connection.cursor() as cursor:
        for statement in filter(str.strip, f"{body}\n".split("\n;\n")):
            cursor.execute(statement, parameters)


def _is_sqlite_with(table, connection):
    return connection.vendor == "sqlite" and table in connection.introspection.table_names()
