"""Products as rows of a table: a row for each variant, what is the product's own in the first."""

import csv
import logging
import zipfile

from shop.fields.texts import clean_prose

from .cells import armoured
from .columns import NAMES, VARIANT_COLUMNS, product_columns

CHUNK = 500
logger = logging.getLogger(__name__)


def export_rows(products):
    """Yield the names of the columns, then the rows of products (a queryset), as lists of texts."""
    yield NAMES
    columns = product_columns()
    for product in in_chunks(products):
        own = [column.shown(product) for column in columns]
        for variant in product.variants.all() or [None]:
            offer = offer_of(variant) if variant else [""] * (2 + len(VARIANT_COLUMNS))
            yield [armoured(clean_prose(cell)) for cell in (product.seller.slug, product.slug, *own, *offer)]
            own = [""] * len(columns)


def offer_of(variant):
    return [variant.sku, *(column.shown(variant) for column in VARIANT_COLUMNS), str(variant.stock)]


def export_lines(products):
    """Yield the lines of the CSV file; the first begins with the mark by which Excel knows UTF-8."""
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    for number, row in enumerate(export_rows(products)):
        line = writer.writerow(row)
        yield line if number else f"\ufeff{line}"


def export_photos(products, file):
    """Write the photos of products into a ZIP file, under the names that their table gives them."""
    # Pictures are compressed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for product in in_chunks(products):
            for photo in product.photos.all():
                try:
                    with photo.file.open() as picture:
                        archive.writestr(photo.file.name.rsplit("/", 1)[-1], picture.read())
                except FileNotFoundError:
                    logger.warning("%s is missing, and left out of an export", photo.file.name)


def in_chunks(products):
    return products.for_page().order_by("pk").iterator(chunk_size=CHUNK)


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text
