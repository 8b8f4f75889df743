from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shop.catalogue.models import Product
from shop.import_export.archives import export_photos
from shop.import_export.tables import export_lines
from shop.sellers.models import Seller


class Command(BaseCommand):
    help = "Export products as the CSV file that import_products reads, to a file or to standard output."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?", help="standard output without it")
        parser.add_argument("--seller", metavar="SLUG", help="only this seller's")
        parser.add_argument("--photos", type=Path, metavar="FILE.zip", help="their photos go there")

    def handle(self, *, file, seller, photos, **options):
        products = Product.objects.all()
        if seller:
            if not Seller.objects.filter(slug=seller).exists():
                raise CommandError(f"There is no seller {seller}.")
            products = products.filter(seller__slug=seller)
        try:
            self.export(products, file, photos)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def export(self, products, file, photos):
        lines = export_lines(products)
        if file:
            with file.open("w", encoding="utf-8", newline="") as output:
                output.writelines(lines)
        else:
            self.stdout.ending = ""
            for line in lines:
                self.stdout.write(line)
        if photos:
            with photos.open("wb") as output:
                export_photos(products, output)
