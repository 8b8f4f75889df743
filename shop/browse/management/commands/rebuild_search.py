import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from shop.browse.search.schema import rebuild
from shop.catalogue.models import Product


class Command(BaseCommand):
    help = (
        "Write the search index and the counts of filters again from the products. Triggers keep both "
        "up to date; run this after writing to the database without them. Searches go on meanwhile."
    )

    def handle(self, **options):
        rebuild(progress=self.progress)
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
