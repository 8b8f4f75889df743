import secrets
from collections import Counter
from contextlib import ExitStack, contextmanager
from time import monotonic

from django.conf import settings
from django.core.files.storage import storages
from django.db import models

from shop.fields.texts import LineField
from shop.sellers.models import Seller

from .archives import PhotoArchive
from .importer import ProductImport
from .looking import Look
from .problems import BadFileError, Problem
from .tables import Table
from .words import summary
from .writing import OvertakenError

FOLDER = "imports"
GONE = "The file is no longer here. Please send it again."


def private_storage():
    """Files that no address leads to."""
    return storages["private"]


def file_name(upload, name):
    return f"{FOLDER}/{secrets.token_hex(16)}"


class Import(models.Model):
    """A table of products that somebody has sent: looked at first, then written in steps."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    seller = models.ForeignKey(
        Seller,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="imports",
        help_text="Whose products they are. Without one, the column seller says it.",
    )
    name = LineField(max_length=200, editable=False)
    table = models.FileField(storage=private_storage, upload_to=file_name)
    photos = models.FileField(storage=private_storage, upload_to=file_name, blank=True)
    rows = models.PositiveIntegerField(default=0, editable=False)
    rows_done = models.PositiveIntegerField(default=0, editable=False)
    written = models.JSONField(default=dict, editable=False)
    look = models.JSONField(
        default=dict,
        # The release before knows nothing of it, and goes on inserting rows.
        db_default=models.Value({}, models.JSONField()),
        editable=False,
        help_text="What it would change, as far as that is known.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.name

    @property
    def is_begun(self):
        return self.rows_done > 0

    @property
    def is_finished(self):
        return self.rows_done >= self.rows

    @contextmanager
    def opened(self, **options):
        """Yield the ProductImport of its files; options: as of that."""
        with ExitStack() as files:
            table = Table(files.enter_context(self.table.open()).file)
            archive = self.photos and PhotoArchive(files.enter_context(self.photos.open()).file)
            yield ProductImport(table, self.seller, archive or None, **options)

    def looked(self, seconds, **options):
        """Return a Look at what importing would change, which has gone on for some seconds more.

        It is kept: what was looked at once is not looked at again.
        """
        look = Look(**self.look)
        if not look.is_finished:
            try:
                with self.opened(**options) as products:
                    look.go_on(products, seconds)
            except FileNotFoundError:
                look = Look(is_finished=True, problems=[Problem(GONE)])
            self.look = look.as_data()
            self.save(update_fields=["look"])
        return look

    def look_again(self):
        self.look = {}
        self.save(update_fields=["look"])

    @property
    def summary(self):
        return summary(self.written)

    def step(self, seconds, **options):
        """Write chunks until some seconds are over or all is written; raises BadFileError.

        Nothing is written before all of it was looked at, nor if anything is wrong. Of two who step
        at once, as by a double click, one goes on and the other leaves it to them.
        """
        if self.is_finished:
            return
        end = monotonic() + seconds
        try:
            if self.is_begun or self._is_right(seconds, **options):
                self._write(end, **options)
        except (BadFileError, FileNotFoundError, OvertakenError):
            if not self._is_overtaken():
                raise

    def _is_right(self, seconds, **options):
        look = self.looked(seconds, **options)
        if look.problems:
            raise BadFileError(*look.problems)
        return look.is_finished

    def _write(self, end, **options):
        with self.opened(**options) as products:
            for done in products.write(start=self.rows_done, claim=self._claim):
                self._note(done, products.written)
                if monotonic() > end:
                    break
        if self.is_finished:
            self.forget_files()

    def _claim(self, done):
        """Note that the rows up to done are written; raises OvertakenError if somebody else is at them."""
        if not Import.objects.filter(pk=self.pk, rows_done=self.rows_done).update(rows_done=done):
            raise OvertakenError

    def _note(self, done, written):
        self.rows_done = done
        self.written = dict(Counter(self.written) + written)
        written.clear()
        self.save(update_fields=["written"])

    def _is_overtaken(self):
        """Take over how far it is by now, and return whether somebody else has written."""
        known = self.rows_done
        self.refresh_from_db()
        return self.rows_done > known

    def forget_files(self):
        """Delete the files, which nobody needs any more."""
        self.look = {}
        self.table.delete(save=False)
        self.photos.delete(save=False)
        self.save()
