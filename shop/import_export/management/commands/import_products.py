import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from shop.import_export.archives import PhotoArchive
from shop.import_export.importer import ProductImport
from shop.import_export.report import ImportRefusedError, shortened, summary
from shop.import_export.tables import Table
from shop.sellers.models import Seller

STEP = 2500
LONGEST_VALUE = 80  # letters


class Command(BaseCommand):
    help = (
        "Import products from a CSV file (docs/importing.md). Nothing is written if anything is wrong. "
        "Running it twice is safe: only what differs is written, and a run that was stopped goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--seller", metavar="SLUG", help="whose products; without it, a column says it")
        parser.add_argument("--photos", type=Path, metavar="FILE.zip", help="the photos that the file names")
        parser.add_argument("--dry-run", action="store_true", help="show the difference, and write nothing")

    def handle(self, *, file, seller, photos, dry_run, **options):
        try:
            with ExitStack() as files:
                self.import_file(files, file, self.find_seller(seller), photos, dry_run)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except ImportRefusedError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError("Mistakes in the file; nothing more was written.") from error

    def find_seller(self, slug):
        seller = Seller.objects.filter(slug=slug).first()
        if slug and not seller:
            raise CommandError(f"There is no seller {slug}.")
        return seller

    def import_file(self, files, file, seller, photos, dry_run):
        table = Table(files.enter_context(file.open("rb")))
        archive = photos and PhotoArchive(files.enter_context(photos.open("rb")))
        products = ProductImport(table, seller, archive)
        if dry_run:
            self.show(products)
        else:
            products.run(lambda rows, doing: self.progress(rows, doing, table.total))
            self.stdout.write(f"{table.total:,} rows; wrote {summary(products.written)}.")

    def show(self, products):
        count = 0
        for difference in products.differences():
            self.stdout.write("\n".join(lines_of(difference)))
            count += 1
        if products.problems:
            raise ImportRefusedError(*products.problems)
        self.stdout.write(f"{count:,} of {products.table.total:,} rows differ. Nothing was written.")

    def progress(self, rows, doing, total):
        """Show a bar with the time left on a terminal, and plain lines elsewhere."""
        if sys.stderr.isatty():
            yield from tqdm(rows, doing, total, unit="row", smoothing=0.1)
            return
        for count, row in enumerate(rows, 1):
            yield row
            if count % STEP == 0:
                self.stdout.write(f"{doing}: {count:,} of {total:,}")


def lines_of(difference):
    """Yield the lines that say what a row changes."""
    kind = "new" if difference["is_new"] else "changes"
    yield f"line {difference['line']}: {kind}: {difference['slug']} {difference['sku']}".rstrip()
    for change in difference["changes"]:
        before, after = (
            shortened(" ".join(change[when].split()), LONGEST_VALUE) for when in ("before", "after")
        )
        yield f"    {change['name']}: {before}{' → ' if before else ''}{after or '(nothing)'}"
