"""What the search needs of the database besides its documents, written in sql/<vendor>.sql.

It has three parts: `index`, which documents are found by; `counts`, the tables of facets; `triggers`, which
write documents and counts in the transaction of a product. After migrations, each part whose SQL (constants
filled in) is not what the database was given last is dropped and made, and everything is filled again.
"""

import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from shop.caching.versions import SITE, clear, clearing
from shop.catalogue.models import Product
from shop.catalogue.price_bands import BAND_EDGES
from shop.fields.folding import LONGEST_WORD, fold, unusual_letters

from ..attributes import LONGEST_ATTRIBUTE
from ..querysets import COLUMNS, GROUPINGS, grouping_id
from .engines import coded
from .ranking import WEIGHTS

FOLDER = Path(__file__).with_name("sql")
CHUNK = 1000


def teach_sqlite(connection, **kwargs):
    """Give a new connection to SQLite the functions that the index's triggers call."""
    if connection.vendor == "sqlite":
        for name, function in (("browse_fold", fold_text_or_bytes), ("browse_code", coded)):
            connection.connection.create_function(name, 1, function, deterministic=True)


def before_migrations(using, plan=(), **kwargs):
    """Drop SQLite's triggers, since it alters a table by copying it, which they would not survive."""
    apps = {migration.app_label for migration, _ in plan}
    if connections[using].vendor == "sqlite" and apps & {"browse", "catalogue"}:
        _drop(["triggers"], connections[using])


def after_migrations(using, **kwargs):
    """Make the parts that are not as they should be, once no migration is left to run."""
    connection = connections[using]
    made = _digests(connection)
    outdated = [part for part, digest in digests(connection.vendor).items() if made.get(part) != digest]
    if outdated and _is_migrated(connection):
        with transaction.atomic(using):
            _drop(outdated, connection)
            for part in outdated:
                run(f"make {part}", connection)
        rebuild(connection)
        _remember(outdated, connection)


def drop(apps, schema_editor):
    """Drop all parts in a migration that they would break; they are made again after the last one."""
    _drop(digests(schema_editor.connection.vendor), schema_editor.connection)
    schema_editor.execute("DROP TABLE IF EXISTS browse_part")


def rebuild(connection=connection, progress=iter):
    """Write all documents and counts again, in transactions of CHUNK products.

    Writers of products wait while they are counted. progress: iterates over the steps, and may show them.
    """
    last = Product.objects.using(connection.alias).aggregate(last=Max("pk"))["last"] or 0
    for first in progress(range(0, last + 1, CHUNK)):
        with transaction.atomic(connection.alias):
            run("fill", connection, {"first": first, "last": first + CHUNK - 1})
    recount(connection)
    with clearing(actor="search"):
        clear([SITE])


def recount(connection=connection):
    with transaction.atomic(connection.alias):
        run("recount", connection)


def run(section, connection, parameters=None):
    with connection.cursor() as cursor:
        for statement in sections(connection.vendor)[section]:
            cursor.execute(statement, parameters)


@lru_cache(maxsize=2)
def digests(vendor):
    """Return {part: digest of the SQL that makes it}, in the order in which parts are made."""
    made = {name: statements for name, statements in sections(vendor).items() if name.startswith("make ")}
    return {name.split()[1]: sha256("\n".join(made[name]).encode()).hexdigest() for name in made}


@lru_cache(maxsize=2)
def sections(vendor):
    """Return {section: its statements}: below a line like "-- [fill]", each up to a line with a semicolon."""
    text = (FOLDER / f"{vendor}.sql").read_text(encoding="utf-8")
    for name, value in constants().items():
        text = text.replace(f"{{{{{name}}}}}", value)
    _, *parts = re.split(r"^-- \[(.+)\]\n", text, flags=re.MULTILINE)
    return {name: body.strip().split("\n;\n") for name, body in zip(parts[::2], parts[1::2], strict=True)}


def constants():
    """Return what both Python and SQL need to know, as SQL."""
    letters = _letters()
    return {
        "columns": ", ".join(COLUMNS.values()),
        "edges": ", ".join(map(str, BAND_EDGES)),
        "fields": ", ".join(WEIGHTS),
        "folding": sha256(f"{LONGEST_WORD} {letters}".encode()).hexdigest(),
        "grouping_sets": ", ".join(
            f"({', '.join(c for n, c in COLUMNS.items() if n in grouping)})" for grouping in GROUPINGS
        ),
        "letters": letters,
        "groupings": ", ".join(str(grouping_id(grouping)) for grouping in GROUPINGS),
        "longest_pair": str(LONGEST_ATTRIBUTE),
        "longest_word": str(LONGEST_WORD),
        "weights": ", ".join(map(str, WEIGHTS.values())),
    }


@lru_cache(maxsize=2)
def _letters():
    return json.dumps(dict(unusual_letters())).replace("'", "''")


def fold_text_or_bytes(text):
    return fold(text if isinstance(text, str) else text.decode(errors="replace"))


def _drop(parts, connection):
    for part in reversed(list(parts)):
        run(f"drop {part}", connection)
    if _digests(connection):
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM browse_part WHERE name = %s", [(part,) for part in parts])


def _digests(connection):
    """Return {part: digest of the SQL that made it} as the database knows it."""
    if "browse_part" not in connection.introspection.table_names():
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, digest FROM browse_part")
        return dict(cursor.fetchall())


def _remember(parts, connection):
    create = "CREATE TABLE IF NOT EXISTS browse_part (name text PRIMARY KEY, digest text NOT NULL)"
    made = [(part, digests(connection.vendor)[part]) for part in parts]
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(create)
        cursor.executemany("INSERT INTO browse_part (name, digest) VALUES (%s, %s)", made)


def _is_migrated(connection):
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
