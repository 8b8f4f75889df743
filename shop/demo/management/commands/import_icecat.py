import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from shop.demo.icecat.importer import CHUNK, IcecatImport
from shop.demo.icecat.rows import BadFileError


class Command(BaseCommand):
    help = (
        "Import an Icecat catalogue (.jsonl or .jsonl.gz) as the products of one seller. Running it "
        "twice is safe: only what differs is written. The quantities in stock are made up."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--limit", type=int, metavar="N", help="import the first N rows only")

    def handle(self, *, file, limit, **options):
        if limit is not None and limit < 0:
            raise CommandError("--limit must not be negative.")
        try:
            catalogue = IcecatImport(file, limit)
            catalogue.run(lambda rows: self.progress(rows, catalogue.total))
        except BadFileError as error:
            raise CommandError(f"Nothing was imported: {error}.") from error
        written = ", ".join(f"{count:,} {kind}" for kind, count in catalogue.written.items() if count)
        self.stdout.write(f"Icecat catalogue: {catalogue.total:,} rows; wrote {written or 'nothing'}.")

    def progress(self, rows, total):
        """Show a bar with the time left on a terminal, and plain lines elsewhere."""
        if sys.stderr.isatty():
            yield from tqdm(rows, "Importing", total, unit="product", smoothing=0.1)
            return
        for count, row in enumerate(rows, 1):
            yield row
            if count % (5 * CHUNK) == 0:
                self.stdout.write(f"{count:,} of {total:,}")
