"""The import of a table of products: compared with the shop, and written wherever the shop differs."""

from collections import Counter
from functools import partial
from itertools import islice

from django.db import IntegrityError
from django.utils import timezone

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Photo, Product, Variant
from shop.fields.pairs import count_pairs
from shop.sellers.models import Seller

from .archives import Photos, discard
from .report import ImportPreview, ImportRefusedError, first_of_each_kind
from .rows import Seen, match_rows

# One transaction: short enough that other writers need not wait long, long enough to be quick.
CHUNK = 500
# A photo takes a second to store, and an import that is stopped loses those of one chunk.
CHUNK_PHOTOS = 12
MOST_PROBLEMS = 100


class OvertakenError(Exception):
    """Somebody else wrote the same at the same time."""


class ProductImport:
    """An import of one table, and in `written` how many products, variants and photos it wrote.

    Products are known by their slug, variants by the SKU in their seller's shop. What the table
    does not name stays: columns that are not there, variants without a row.
    """

    def __init__(self, table, seller=None, archive=None, actor="import_products"):
        """seller: whose products they are; without one, a column says it. actor: whose writes these are."""
        self.table, self.actor = table, actor
        self.sellers = {s.slug: s for s in ([seller] if seller else Seller.objects.all())}
        self.sellers[""] = seller
        self.categories = {category.path: category for category in Category.objects.all()}
        self.seen = Seen()
        self.photos = Photos(archive, self.seen.pictures)
        self.problems, self.written = [], Counter()
        # The chunks to write, by the number of rows before them; None: they were not compared.
        self.differing = None

    def differences(self, progress=iter):
        """Yield the differences of all rows, and collect `problems`; nothing is written.

        progress: called with an iterator of rows, returns one to use instead.
        """
        for differences in self.compare(ImportPreview(), progress):
            yield from differences

    def compare(self, preview, progress=iter):
        """Go on with a preview, chunk by chunk, and yield the differences of each; nothing is written.

        Stops at MOST_PROBLEMS problems.
        """
        self.seen = Seen(**preview.seen)
        self.photos.opened = self.seen.pictures
        self.differing, known = set(), preview.problems
        for start, rows, is_last in self._chunks(progress, preview.rows):
            groups = self._groups(rows)
            if any(group.is_changed for group in groups):
                self.differing.add(start)
            differences = [difference for group in groups for difference in group.differences()]
            preview.add(differences)
            preview.rows = start + len(rows)
            preview.problems = first_of_each_kind([*known, *self.problems])
            preview.is_finished = is_last or len(self.problems) >= MOST_PROBLEMS
            self._go_past(rows)
            preview.seen = {} if preview.is_finished else vars(self.seen)
            yield differences
            if preview.is_finished:
                return

    def run(self, progress=lambda rows, doing: rows):
        """Write what differs, a chunk in a transaction, after a check of all rows.

        progress: called with an iterator of rows and what is done with them, twice. Raises
        ImportRefusedError if anything is wrong, before anything is written.
        """
        for _ in self.differences(lambda rows: progress(rows, "Checking")):
            pass
        if self.problems:
            raise ImportRefusedError(*self.problems)
        if self.differing:
            for _ in self.write(lambda rows: progress(rows, "Importing")):
                pass

    def write(self, progress=iter, start=0, claim=lambda done: None):
        """Write what differs from the row at start on, and yield how many rows are done.

        claim: called with that number before a chunk is written, in the same transaction.
        Raises ImportRefusedError for what only turned up now; what was written before it is whole, and
        another run goes on from there.
        """
        self.seen = Seen(pictures=self.seen.pictures)
        for before, rows, _ in self._chunks(progress, start):
            done = before + len(rows)
            if self.differing is None or before in self.differing:
                self._write_chunk(rows, partial(claim, done))
            else:
                claim(done)
            self._go_past(rows)
            yield done

    def _chunks(self, progress, start=0):
        """Yield the number of rows before a chunk, its rows, and whether it is the last.

        The rows of one product stay together.
        """
        chunk, photos = [], 0
        for row in progress(islice(self.table.rows(self.problems), start, None)):
            is_full = len(chunk) >= CHUNK or photos >= CHUNK_PHOTOS
            if is_full and not (row.key and row.key == chunk[-1].key):
                yield start, chunk, False
                start, chunk, photos = start + len(chunk), [], 0
            chunk.append(row)
            photos += bool(self.photos.archive) * count_pairs(row.get("photos"))
        yield start, chunk, True

    def _go_past(self, rows):
        if rows:
            self.seen.former = rows[-1].slug

    def _groups(self, rows, locked=False):
        """Return some rows in groups, each of one product, compared with the shop; note the problems."""
        groups, problems = match_rows(rows, self, locked)
        for group in groups:
            problems += group.compare(self) or self.problems_of(group)
        self.problems += problems
        return groups

    def problems_of(self, group):
        """Return what keeps this importer from writing a group that is right in itself."""
        return []

    def _write_chunk(self, rows, claim):
        stored = self._store_photos(rows)
        unused = list(stored.values())
        try:
            with clearing(actor=self.actor):
                claim()
                groups = self._groups(rows, locked=True)
                if self.problems:
                    raise ImportRefusedError(*self.problems)
                written = self.save_products(groups, stored)
            self.written += written
            unused = stored.values()
        except (IntegrityError, OvertakenError) as error:
            message = "These products were just changed elsewhere. Please try again."
            raise ImportRefusedError(message) from error
        finally:
            discard(unused)

    def _store_photos(self, rows):
        """Store the pictures that a chunk needs, before its transaction: nobody should wait for them.

        Return {(slug, path): Photo}.
        """
        if not self.photos.archive:
            return {}
        new = [
            (group.product.slug, photo)
            for group in self._groups(rows)
            for photo, _ in group.photos or []
            if isinstance(photo, str)
        ]
        photos = self.photos.store([path for _, path in new])
        return dict(zip(new, photos, strict=True))

    def save_products(self, groups, stored):
        """Write what changed, in a number of queries that does not grow with it, and count what was written.

        groups: of rows, each of one product; stored: {(slug, path): Photo} for what they take from an
        archive, which takes them out. Belongs inside clearing(), with the rows of known products locked.
        """
        groups = [group for group in groups if group.is_changed]
        known = [group.product for group in groups if not group.is_new]
        new = [group.product for group in groups if group.is_new]
        for product in [*known, *new]:
            if product.is_listed and not product.listed_at:
                product.listed_at = timezone.now()
        Product.objects.bulk_create(new)
        Product.objects.overwrite(known, changeable(Product))
        counts = {"products": len(groups), "variants": save_variants(groups)}
        return Counter(counts | {"photos": save_photos(groups, stored)})


def changeable(model):
    """Return the names of the columns to write: all, as one that is left out is lost without a word."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated or getattr(field, "auto_now_add", False))
    ]


def save_variants(groups):
    changed = [group for group in groups if group.changed_variants or group.new_variants]
    new = [variant for group in changed for variant in group.new_variants]
    # Out of the way first: there are never two defaults.
    former = [group.former_default for group in changed if group.former_default]
    Variant.objects.filter(pk__in=[v.pk for v in former if not v.is_default]).update(is_default=False)
    known = [variant for group in changed for variant in group.variants.values() if variant.pk]
    Variant.objects.overwrite(known, changeable(Variant))
    count = len(new) + sum(len(group.changed_variants) for group in changed)
    Variant.objects.bulk_create(new)
    return count


def save_photos(groups, stored):
    kept, new = [], []
    groups = [group for group in groups if group.photos is not None]
    for group in groups:
        for position, (photo, alt) in enumerate(group.photos):
            if isinstance(photo, str):
                photo = take(stored, group, photo)
                new.append(photo)
            else:
                kept.append(photo)
            photo.product, photo.position, photo.alt = group.product, position, alt
    gone = Photo.objects.filter(product__in=[group.product for group in groups])
    gone.exclude(pk__in=[photo.pk for photo in kept]).delete()
    Photo.objects.overwrite(kept, ["alt", "position"])
    Photo.objects.bulk_create(new)
    return len(new) + len(kept)


def take(stored, group, path):
    """Take out the stored photo of a path; raises OvertakenError if it was not needed just before."""
    photo = stored.pop((group.product.slug, path), None)
    if photo is None:
        raise OvertakenError
    return photo
