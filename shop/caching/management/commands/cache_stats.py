from django.conf import settings
from django.core.management.base import BaseCommand
from pymemcache.client.base import Client
from pymemcache.exceptions import MemcacheError

from shop.caching.metrics import outcomes

COLUMNS = ["memory", "shared", "miss", "bypass", "stale", "busy"]
FIGURES = ["curr_items", "bytes", "limit_maxbytes", "get_hits", "get_misses", "evictions", "curr_connections"]


class Command(BaseCommand):
    help = "Show hit ratios by view and tier (of the servers that share METRICS_DIR) and memcached's figures."

    def handle(self, **options):
        self.show_views(outcomes())
        for server in settings.CACHES["shared"].get("LOCATION", []):
            self.show_server(server)

    def show_views(self, views):
        if not views:
            where = settings.METRICS_DIR or "this process; set METRICS_DIR as the server has it"
            self.stdout.write(f"No pages counted yet in {where}.")
            return
        self.stdout.write(
            "".join([f"{'view':24}", *(f"{name:>11}" for name in COLUMNS), f"{'hit ratio':>11}"])
        )
        totals = dict.fromkeys(COLUMNS, 0)
        for view, counts in sorted(views.items()):
            self.show_row(view, counts)
            totals = {name: totals[name] + counts.get(name, 0) for name in COLUMNS}
        self.show_row("all", totals)

    def show_row(self, view, counts):
        hits = counts.get("memory", 0) + counts.get("shared", 0)
        ratio = hits / (sum(counts.values()) or 1)
        figures = "".join(f"{counts.get(name, 0):>11,}" for name in COLUMNS)
        self.stdout.write(f"{view:24}{figures}{ratio:>11.3f}")

    def show_server(self, server):
        client = Client(server, connect_timeout=1, timeout=1)
        try:
            stats = client.stats()
        except (OSError, MemcacheError) as error:
            self.stdout.write(f"\nmemcached {server}: {error}")
            return
        self.stdout.write(f"\nmemcached {server}")
        for name in FIGURES:
            self.stdout.write(f"  {name:18}{stats[name.encode()]:>16,}")
