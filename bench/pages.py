"""Measure pages of the demo shop in one process: cold (rendered) against hit (from the page cache)."""

import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 60
PAGES = [
    "/",
    "/products/",
    "/products/?sort=price&in_stock=1",
    "/categories/tableware/",
    "/products/hearth-mug/",
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        print(f"{'page':36} {'cold ms':>8} {'hit ms':>8} {'ratio':>6}")
        for address in PAGES:
            print_row(address)


def set_up(folder):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
    }
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("loaddemo", stdout=io.StringIO())
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]


def print_row(address):
    from django.core.cache import caches
    from django.test import Client

    client = Client()

    def clear():
        for alias in ("pages", "template_fragments"):
            caches[alias].clear()

    cold, hit = [], []
    for _ in range(ROUNDS):
        clear()
        cold.append(timed(client, address, "miss"))
        hit.append(timed(client, address, "hit"))
    a, b = statistics.median(cold), statistics.median(hit)
    print(f"{address:36} {a:8.1f} {b:8.2f} {a / b:6.0f}")


def timed(client, address, outcome):
    start = time.perf_counter()
    response = client.get(address)
    elapsed = (time.perf_counter() - start) * 1000
    assert response.headers["X-Cache"] == outcome, response.headers["X-Cache"]
    return elapsed


if __name__ == "__main__":
    main()
