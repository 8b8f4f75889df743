"""Measure how well searches find what judges found right: nDCG@10, MRR and empty answers, on both databases.

Run it as `python bench/relevance.py`, with --csv FILE for another set of judgments (judged.py says of which
columns), with --database NAME for one database. The queries are parted by a digest of their words: what is
tuned is tuned on the one half, and the other half is what counts. A product that nobody judged counts as
wrong; queries to which no judged product is right count for empty answers only.
"""

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from math import log2
from pathlib import Path

from judged import Icecat, Table
from sections import table, write_section

ROOT = Path(__file__).resolve().parent.parent
DEPTH = 10

HEAD = """## Relevance{of}

{queries} judged queries over {products:,} products; the half to tune on, and the half that counts.
"""
FOOT = "\nTo repeat: `python bench/relevance.py{arguments}`"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--csv", type=Path, metavar="FILE", help="judge by this instead of by Icecat's set")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="print the N worst of the tuning half"
    )
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    judged = Table(options.csv) if options.csv else Icecat()
    if options.database:
        return print("\n".join("\t".join(line) for line in measure(options.database, judged, options.worst)))
    import subprocess

    lines = []
    for database in ("sqlite", "postgresql"):
        command = [sys.executable, __file__, "--database", database]
        command += ["--csv", options.csv] if options.csv else []
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        lines += [line.split("\t") for line in answer.stdout.splitlines()]
    of, arguments = (", another set", " --csv FILE") if options.csv else ("", "")
    head = ["database", "half", "queries", "nDCG@10", "MRR", "empty", "median ms"]
    text = HEAD.format(of=of, queries=len(judged.ratings), products=judged.count())
    text = "\n".join([text, table(head, lines), FOOT.format(arguments=arguments)])
    print(text)
    write_section("relevance-csv" if options.csv else "relevance", text)


def measure(database, judged, worst):
    """Return a line of figures for each half."""
    ratings = judged.ratings
    with serving(database):
        ids = judged.fill_the_shop()
        analyze()
        found = {query: search(query, ids) for query in ratings}
    halves = {name: [q for q in ratings if half_of(q) == name] for name in ("tuning", "reported")}
    for query in sorted(halves["tuning"], key=lambda q: ndcg(found[q][0], ratings[q]) or 0)[:worst]:
        print(f"{ndcg(found[query][0], ratings[query]) or 0:.2f} {query}", file=sys.stderr)
    return [[database, name, *figures(queries, found, ratings)] for name, queries in halves.items()]


@contextmanager
def serving(database, settings=()):
    """Set Django up on an empty database of its own; settings: of PostgreSQL."""
    from tests.postgres import cluster, find_programs

    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            set_up(f"sqlite:///{folder}/db.sqlite3")
            yield
            return
        with cluster(find_programs(), Path(folder), settings) as url:
            set_up(url)
            yield
            from django.db import connection

            connection.close()


def set_up(url):
    os.environ |= {"DJANGO_SETTINGS_MODULE": "storefront.settings", "DEBUG": "1", "DATABASE_URL": url}
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False
    call_command("migrate", verbosity=0)


def analyze():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def half_of(query):
    return ("tuning", "reported")[int(hashlib.md5(query.encode()).hexdigest(), 16) % 2]


def search(query, ids):
    """Return the ids of the first page's best, and how many milliseconds they took."""
    from shop.browse.search.results import Search
    from shop.catalogue.models import Product

    start = time.perf_counter()
    listed = Product.objects.listed()
    best = Search(query, listed).best(listed)
    return [ids[pk] for pk in best[:DEPTH]], (time.perf_counter() - start) * 1000


def figures(queries, found, judged):
    answerable = [query for query in queries if any(judged[query].values())]
    gains = statistics.mean(ndcg(found[query][0], judged[query]) for query in answerable)
    ranks = statistics.mean(first_right(found[query][0], judged[query]) for query in answerable)
    empty = sum(not found[query][0] for query in queries) / len(queries)
    median = statistics.median(found[query][1] for query in queries)
    return str(len(queries)), f"{gains:.3f}", f"{ranks:.3f}", f"{empty:.1%}", f"{median:.0f}"


def ndcg(ids, ratings):
    ideal = discounted(sorted(ratings.values(), reverse=True))
    return discounted([ratings.get(found, 0) for found in ids]) / ideal if ideal else None


def discounted(gains):
    return sum(gain / log2(rank + 2) for rank, gain in enumerate(gains[:DEPTH]))


def first_right(ids, ratings):
    return next((1 / rank for rank, found in enumerate(ids, 1) if ratings.get(found)), 0)


if __name__ == "__main__":
    main()
