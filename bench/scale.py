"""Measure cold pages on catalogues of several sizes, made of Icecat's rows with changed numbers and prices.

Run it as `make bench-scale`, or `python bench/scale.py --sizes 1000 10000 --database sqlite`. Every cache is
emptied before each request, so what is measured is the whole way: versions, queries, templates.
"""

import argparse
import io
import random
import statistics
import sys
import time
from pathlib import Path

from judged import DATA, Icecat
from multiply import multiply, rate
from relevance import serving
from sections import table

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "scale.md"
SIZES = {"postgresql": [1_000, 10_000, 100_000, 1_000_000], "sqlite": [1_000, 10_000, 100_000]}
# As PostgreSQL's manual advises for a machine with some memory and no disk that turns.
SETTINGS = ["shared_buffers=2GB", "effective_cache_size=6GB", "work_mem=32MB", "random_page_cost=1.1"]
ROWS, SAMPLES = 19_406, 20
# What only htmx asks for, as a rule, so that it is part of a page.
FRAGMENTS = {"its changing facets", "changing facets of a category", "suggestion"}


def main():
    if not DATA.is_dir():
        sys.exit(f"The catalogue is absent: there is no folder {DATA}.")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", help="instead of all from 1,000 on")
    parser.add_argument("--database", choices=SIZES, default="postgresql")
    parser.add_argument("--explain", action="store_true", help="print the plans of the slowest queries")
    options = parser.parse_args()
    sizes = options.sizes or SIZES[options.database]
    sys.path.insert(0, str(ROOT))
    with serving(options.database, SETTINGS):
        figures = {size: measure(size, options.explain) for size in sorted(sizes)}
    head = ["page", *(f"{size:,}: p50 / p95 ms" for size in figures)]
    lines = [[kind, *(figures[size][kind] for size in figures)] for kind in figures[max(figures)]]
    text = f"{options.database}, {SAMPLES} requests of each kind:\n\n{table(head, lines)}\n"
    print(text)
    write(options.database, text)


def measure(size, explain):
    from django.conf import settings

    fill_up_to(size)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = settings.CACHE_GUARD_RAISES = False  # as in production
    return {kind: percentiles(kind, addresses, explain) for kind, addresses in population().items()} | {
        "one product write": percentiles_of([write_one() for _ in range(SAMPLES)])
    }


def fill_up_to(size):
    """Import as many of the rows as are wanted, and multiply them inside the database."""
    from django.core.management import call_command
    from django.db import connection

    call_command("import_icecat", DATA / "products.jsonl.gz", limit=min(size, ROWS), stdout=io.StringIO())
    rate(ROWS)
    if size > ROWS:
        multiply(ROWS, size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def population():
    """Return {kind of page: SAMPLES addresses}."""
    from django.db.models import Count

    from shop.catalogue.models import Category, Product

    chance = random.Random(7)
    listed = Product.objects.listed()
    brands = listed.values_list("brand", flat=True).annotate(n=Count("pk")).order_by("-n")[:SAMPLES]
    paths = list(Category.objects.values_list("path", flat=True).order_by("path"))
    last = min(400, listed.count() // 24)
    queries = chance.sample(sorted(Icecat().ratings), SAMPLES)
    slugs = list(listed.order_by("?").values_list("slug", flat=True)[:SAMPLES])
    some = chance.choices(paths, k=SAMPLES)
    return {
        "home": ["/"] * SAMPLES,
        "list": [f"/products/?sort={sort}" for sort in ("newest", "price", "-price", "rating", "name")] * 4,
        "list, page 1": ["/products/"] * SAMPLES,
        "list, page 400 or last": [f"/products/?page={last}"] * SAMPLES,
        "category": [f"/categories/{path}/" for path in some],
        "filtered list": [f"/products/?brand={quoted(b)}&in_stock=1&price_max=199.99" for b in brands],
        "its changing facets": [f"/filters/?brand={quoted(b)}&in_stock=1&price_max=199.99" for b in brands],
        "changing facets of a category": [f"/filters/{path}/" for path in some],
        "search": [f"/products/?q={quoted(query)}" for query in queries],
        "product": [f"/products/{slug}/" for slug in slugs],
        "suggestion": [f"/suggestions/?q={quoted(query[:4])}" for query in queries],
    }


def quoted(text):
    from urllib.parse import quote_plus

    return quote_plus(text)


def percentiles(kind, addresses, explain):
    from django.test import Client

    client = Client(headers={"HX-Request": "true"} if kind in FRAGMENTS else None)
    client.get(addresses[0])
    times = [(timed(client, address), address) for address in addresses]
    if explain:
        show_plans(client, max(times)[1], kind)
    return percentiles_of([elapsed for elapsed, _ in times])


def percentiles_of(times):
    times = sorted(times)
    return f"{statistics.median(times):.0f} / {times[int(len(times) * 0.95) - 1]:.0f}"


def timed(client, address):
    from django.core.cache import caches

    for cache in caches.all():
        cache.clear()
    start = time.perf_counter()
    response = client.get(address)
    elapsed = (time.perf_counter() - start) * 1000
    assert response.status_code == 200, address
    return elapsed


def write_one():
    from shop.caching.versions import clearing
    from shop.catalogue.models import Product

    start = time.perf_counter()
    with clearing(actor="bench"):
        product = Product.objects.for_page().locked().order_by("?").first()
        start = time.perf_counter()
        product.title = f"{product.title[:150]} {random.random()}"
        product.save()
    return (time.perf_counter() - start) * 1000


def show_plans(client, address, kind):
    """Print the plans of a page's two slowest queries."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    for query in sorted(queries, key=lambda query: -float(query["time"]))[:2]:
        print(f"\n{kind} {address}: {query['time']} s\n{query['sql'][:1500]}", file=sys.stderr)
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(
                    ("EXPLAIN ANALYZE " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ")
                    + query["sql"].replace("%", "%%"),
                    (),
                )
                print("\n".join(str(row[-1])[:160] for row in cursor.fetchall()[:25]), file=sys.stderr)


def write(database, text):
    """Put the figures of a database between its marks in the report."""
    start, end = (f"<!-- {word}{database} -->\n" for word in ("", "/"))
    page = REPORT.read_text(encoding="utf-8") if REPORT.exists() else f"# Scale\n\n{start}{end}"
    if start not in page:
        page += f"\n{start}{end}"
    before, after = page.partition(start)[0], page.partition(end)[2]
    REPORT.write_text(f"{before}{start}{text}{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
