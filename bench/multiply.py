"""A catalogue made larger inside its database: products again, with other words, numbers, prices and dates.

PostgreSQL does so without triggers and indexes, which are made up for at the end: a million in some minutes.
"""

import sys
import time
from contextlib import contextmanager

TABLES = ["catalogue_product", "catalogue_variant", "browse_searchdocument", "caching_version"]
# What products of a series are called: two of these words.
WORDS = ["Alto", "Brio", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Indigo", "Juno"]
# A number that differs from copy to copy of a product, and is the same in each run.
NUMBER = "((product.id * 7919 + %(copy)s * 104729) %% 99991)"


def word(number):
    cases = " ".join(f"WHEN {n} THEN '{text}'" for n, text in enumerate(WORDS))
    return f"CASE {number} %% 10 {cases} END"


NAME = f"{word(NUMBER)} || ' ' || {word(f'({NUMBER} / 10)')} || ' ' || {NUMBER}"
HISTOGRAM = ", ".join(f"CASE stars WHEN {n} THEN reviews ELSE 0 END" for n in range(1, 6))
PRODUCTS = f"""
INSERT INTO catalogue_product (id, title, slug, seller_id, category_id, brand, description, care,
    specifications, option_names, status, version, created_at, changed_at, listed_at,
    price, price_max, currency, stock_shown,
    rating_sum, rating_count, stars_1, stars_2, stars_3, stars_4, stars_5)
SELECT id + %(copy)s * %(last)s, substr(title, 1, 160) || ' ' || {NAME},
    substr(slug, 1, 200) || '-' || %(copy)s, seller_id, category_id, brand, description, care,
    specifications, option_names, status, 1, created_at, changed_at, {{listed_at}},
    {{price}}, {{price}}, currency, {NUMBER} / 7 %% 7, stars * reviews, reviews, {HISTOGRAM}
FROM (SELECT product.*, {NUMBER} %% 5 + 1 AS stars, {NUMBER} / 5 %% 20 AS reviews
      FROM catalogue_product product
      WHERE product.id + %(copy)s * %(last)s BETWEEN %(low)s AND %(high)s AND product.id <= %(last)s) product
"""
# What the originals would say of themselves, were they copies: else they alone had no ratings to show.
RATINGS = f"""
UPDATE catalogue_product SET rating_sum = stars * reviews, rating_count = reviews,
    {", ".join(f"stars_{n} = CASE stars WHEN {n} THEN reviews ELSE 0 END" for n in range(1, 6))}
FROM (SELECT id AS rated, {NUMBER} %% 5 + 1 AS stars, {NUMBER} / 5 %% 20 AS reviews
      FROM catalogue_product product WHERE id <= %(last)s) opinion WHERE id = rated
"""
VARIANTS = """
INSERT INTO catalogue_variant
    (product_id, seller_id, sku, option_values, price, currency, stock, is_default, position)
SELECT id, seller_id, 'C' || id, '[]', price, currency,
    CASE stock_shown WHEN 6 THEN 50 ELSE stock_shown END, true, 0
FROM catalogue_product WHERE id BETWEEN %(low)s AND %(high)s
"""
VERSIONS = """
INSERT INTO caching_version (tag, version, cleared_at, cleared_by)
SELECT kind.tag || slug, id * 2 + 1, CURRENT_TIMESTAMP, 'bench'
FROM catalogue_product, (SELECT 'card:' AS tag UNION SELECT 'product:' UNION SELECT 'reviews:') kind
WHERE id BETWEEN %(low)s AND %(high)s
"""
# What the triggers would write, copied as far as it is the same.
DOCUMENTS = """
INSERT INTO browse_searchdocument (product_id, title, brand, category, ancestors, specifications, description)
SELECT product.id, product.title, product.brand, document.category, document.ancestors,
    document.specifications, document.description
FROM catalogue_product product
JOIN browse_searchdocument document ON document.product_id = product.id - %(copy)s * %(last)s
WHERE product.id BETWEEN %(low)s AND %(high)s
"""
NEW_WORDS = "INSERT INTO browse_searchterm SELECT unnest(%s::text[])"
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
"""
SPELLING = {
    "postgresql": {
        "listed_at": f"listed_at - {NUMBER} * interval '5 minutes'",
        "price": f"round(price * (50 + {NUMBER} %% 150) / 100, 2)",
    },
    "sqlite": {
        "listed_at": f"datetime(listed_at, '-' || ({NUMBER} * 5) || ' minutes')",
        "price": f"round(price * (50 + {NUMBER} %% 150) / 100, 2)",
    },
}


def rate(originals):
    """Give products whose keys are 1 to originals ratings."""
    from django.db import connection

    from shop.caching.versions import SITE, clear, clearing

    with clearing(actor="bench"), connection.cursor() as cursor:
        cursor.execute(RATINGS, {"copy": 0, "last": originals})
        clear([SITE])


def multiply(originals, size):
    """Fill the shop up to a number of products with copies of those whose keys are 1 to originals."""
    from django.db import connection

    from shop.caching.versions import SITE, clear, clearing

    with clearing(actor="bench"), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with bare_tables(cursor):
                copy_products(cursor, originals, size, [PRODUCTS, VARIANTS, VERSIONS, DOCUMENTS])
        else:
            copy_products(cursor, originals, size, [PRODUCTS, VARIANTS, VERSIONS])
        clear([SITE])


def copy_products(cursor, originals, size, statements):
    start = time.monotonic()
    cursor.execute("SELECT MAX(id) FROM catalogue_product")
    there = cursor.fetchone()[0]
    for copy in range(there // originals, (size - 1) // originals + 1):
        low, high = max(there, copy * originals) + 1, min(size, (copy + 1) * originals)
        for statement in statements:
            written = statement.format(**SPELLING[cursor.db.vendor])
            cursor.execute(written, {"copy": copy, "last": originals, "low": low, "high": high})
        print(f"{high:,} of {size:,} products, {time.monotonic() - start:.0f} s", file=sys.stderr)


@contextmanager
def bare_tables(cursor):
    """Take triggers and indexes away, and make up for them."""
    from shop.browse.search.schema import recount

    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute(INDEXES, [TABLES])
    indexes = dict(cursor.fetchall())
    for name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for definition in indexes.values():
        cursor.execute(definition)
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    cursor.execute(NEW_WORDS, [[word.lower() for word in WORDS]])
    cursor.execute("SELECT setval('catalogue_product_id_seq', (SELECT MAX(id) FROM catalogue_product))")
    recount()
