import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Max
from tqdm import tqdm

from shop.browse.search.schema import fill, recount
from shop.caching.versions import EVERYTHING, clear, clearing
from shop.catalogue.models import Product

CHUNK = 1000


class Command(BaseCommand):
    help = (
        "Write the search index anew from the products, and count them anew. Triggers keep both up to date, "
        "so this is for the day somebody has written to the database without them; searches go on meanwhile."
    )

    def handle(self, **options):
        last = Product.objects.aggregate(last=Max("pk"))["last"] or 0
        for first in self.progress(range(0, last + 1, CHUNK)):
            with transaction.atomic():
                fill(first, first + CHUNK - 1)
        recount()
        with clearing(who="rebuild_search"):
            clear([EVERYTHING])
        self.stdout.write(f"The index has {Product.objects.listed().count():,} products.")

    def progress(self, chunks):
        """Show a bar with the time left on a terminal, and plain lines elsewhere."""
        if sys.stderr.isatty():
            yield from tqdm(chunks, "Indexing", unit="k products")
            return
        for count, chunk in enumerate(chunks, 1):
            yield chunk
            if count % 20 == 0:
                self.stdout.write(f"{count} of {len(chunks)} thousand")
