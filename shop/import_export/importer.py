"""The import of a table of products: compared with the shop, and written wherever the shop differs."""

from collections import Counter
from functools import partial
from itertools import islice

from django.db import IntegrityError

from shop.caching.versions import clearing
from shop.catalogue.models import Category
from shop.fields.pairs import count_pairs
from shop.sellers.models import Seller

from .columns import product_columns
from .matching import Matching
from .photos import Photos, discard
from .problems import BadFileError
from .writing import OvertakenError, write_entries

# One transaction: short enough that other writers need not wait long, long enough to be quick.
CHUNK = 500
# A photo takes a second to store, and an import that is stopped loses those of one chunk.
CHUNK_PHOTOS = 12
MOST_PROBLEMS = 100


class ProductImport:
    """An import of one table, and in `written` how many products, variants and photos it wrote.

    Products are known by their slug, variants by the SKU in their seller's shop. What the table
    does not speak of stays: columns that are not there, variants without a row.
    """

    def __init__(self, table, seller=None, archive=None, who="import_products", write=None, check=None):
        """seller: whose products they are; without one, a column says it.

        write: called instead of write_entries(); check: called with an entry, yields problems.
        """
        self.table, self.who = table, who
        self.write_entries = write or write_entries
        self.check = check or (lambda entry: ())
        self.sellers = {s.slug: s for s in ([seller] if seller else Seller.objects.all())}
        self.sellers[""] = seller
        self.columns = product_columns({category.path: category for category in Category.objects.all()})
        self.photos = Photos(archive)
        self.problems, self.written = [], Counter()
        # The chunks to write, by the number of rows before them; None: nobody has looked.
        self.differing = None

    def differences(self, progress=iter):
        """Yield a Difference for each row that has one, and collect `problems`; nothing is written.

        progress: called with an iterator of rows, returns one to use instead. Stops at
        MOST_PROBLEMS problems.
        """
        for _, differences, _ in self.looks(progress):
            yield from differences

    def looks(self, progress=iter, start=0, former="", known=((), ())):
        """Yield how many rows are looked through, the differences of a chunk, and whether it is the last.

        start, former, known: where another look left off, its `former`, and its matching's `products`
        and `skus`.
        """
        self.matching = Matching(self.sellers, self.table.describes_products, self.problems)
        self.matching.take_up(*known)
        self.differing = set()
        chunks = self._chunks(progress, start, former)
        chunk = next(chunks, None)
        while chunk and len(self.problems) < MOST_PROBLEMS:
            number, rows = chunk
            entries = self._entries(rows)
            if any(entry.is_changed for entry in entries):
                self.differing.add(number)
            # Only now, as it makes these rows the former ones.
            chunk = next(chunks, None)
            differences = [found for entry in entries for found in entry.differences()]
            yield number + len(rows), differences, chunk is None

    def run(self, progress=lambda rows, doing: rows):
        """Write what differs, a chunk in a transaction, after a look at all of it.

        progress: called with an iterator of rows and what is done with them, twice. Raises
        BadFileError if anything is wrong, before anything is written.
        """
        self.check_all(lambda rows: progress(rows, "Checking"))
        if self.differing:
            for _ in self.write(lambda rows: progress(rows, "Importing")):
                pass

    def check_all(self, progress=iter):
        """Look at all of it; raises BadFileError if anything is wrong."""
        for _ in self.differences(progress):
            pass
        if self.problems:
            raise BadFileError(*self.problems)

    def write(self, progress=iter, start=0, claim=lambda done: None):
        """Write what differs from the row at start on, and yield how many rows are done.

        claim: called with that number before a chunk is written, in the same transaction.
        Raises BadFileError for what only turned up now; what was written before it is whole, and
        another run goes on from there.
        """
        self.matching = Matching(self.sellers, self.table.describes_products, self.problems)
        for number, rows in self._chunks(progress, start):
            done = number + len(rows)
            if self.differing is None or number in self.differing:
                self._write_chunk(rows, partial(claim, done))
            else:
                claim(done)
            yield done

    def _chunks(self, progress, start=0, former=""):
        """Yield the number of rows before it, and a list of rows; those of one product stay together."""
        self.former, chunk, photos = former, [], 0
        for row in progress(islice(self.table.rows(self.problems), start, None)):
            is_full = len(chunk) >= CHUNK or photos >= CHUNK_PHOTOS
            if is_full and not (row.key and row.key == chunk[-1].key):
                yield start, chunk
                self.former, start, chunk, photos = chunk[-1].slug, start + len(chunk), [], 0
            chunk.append(row)
            photos += bool(self.photos.archive) * count_pairs(row.get("photos"))
        if chunk:
            yield start, chunk

    def _write_chunk(self, rows, claim):
        stored = self._store_photos(rows)
        unused = list(stored.values())
        try:
            with clearing(who=self.who):
                claim()
                entries = self._entries(rows, locked=True)
                if self.problems:
                    raise BadFileError(*self.problems)
                written = self.write_entries(entries, stored)
            self.written += written
            unused = stored.values()
        except (IntegrityError, OvertakenError) as error:
            raise BadFileError("Somebody else wrote the same products just now. Run it again.") from error
        finally:
            discard(unused)

    def _store_photos(self, rows):
        """Store the pictures that a chunk needs, before its transaction: nobody should wait for them.

        Return {(slug, address): Photo}.
        """
        if not self.photos.archive:
            return {}
        new = [
            (entry.product.slug, item)
            for entry in self._entries(rows)
            for item, _ in entry.photos or []
            if isinstance(item, str)
        ]
        photos = self.photos.store([address for _, address in new])
        return dict(zip(new, photos, strict=True))

    def _entries(self, rows, locked=False):
        """Return the products that rows speak of, with what differs; note the problems."""
        entries = self.matching.entries(rows, self.former, locked)
        for entry in entries:
            problems = list(entry.compare(self.columns, self.photos))
            if entry.is_changed and not problems:
                problems = [*entry.apply(), *self.check(entry)]
            self.problems += problems
        return entries
