import secrets
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.fields.texts import LineField
from shop.sellers.models import Seller

from .archives import PhotoArchive
from .importer import OvertakenError, ProductImport
from .report import ImportPreview, ImportRefusedError, Problem, summary
from .tables import Table

FOLDER = "imports"
GONE = "The file is no longer here. Please send it again."
# How long imports are kept: those that only were previewed, the files of those that were begun, and all.
PREVIEWED, BEGUN, KEPT = timedelta(days=2), timedelta(days=30), timedelta(days=365)


def private_storage():
    """Files that no URL leads to."""
    return storages["private"]


def file_name(upload, name):
    return f"{FOLDER}/{secrets.token_hex(16)}"


class Import(models.Model):
    """A table of products that somebody has sent: previewed first, then written in steps.

    Its methods take an importer: what makes a ProductImport of a table, a seller and an archive.
    """

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
    preview = models.JSONField(
        default=dict, editable=False, help_text="What it would change, as far as known."
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

    @property
    def summary(self):
        return summary(self.written)

    @contextmanager
    def opened(self, importer=ProductImport):
        """Yield the ProductImport of its files."""
        with ExitStack() as files:
            table = Table(files.enter_context(self.table.open()).file)
            archive = self.photos and PhotoArchive(files.enter_context(self.photos.open()).file)
            yield importer(table, self.seller, archive or None)

    def previewed(self, seconds, importer=ProductImport):
        """Return an ImportPreview, which has gone on for some seconds more.

        It is kept: rows that were compared once are not compared again.
        """
        preview = ImportPreview(**self.preview)
        if not preview.is_finished:
            end = monotonic() + seconds
            try:
                with self.opened(importer) as products:
                    for _ in products.compare(preview):
                        if monotonic() > end:
                            break
            except FileNotFoundError:
                preview = ImportPreview(is_finished=True, problems=[Problem(GONE)])
            self.preview = asdict(preview)
            self.save(update_fields=["preview"])
        return preview

    def forget_preview(self):
        self.preview = {}
        self.save(update_fields=["preview"])

    def step(self, seconds, importer=ProductImport):
        """Write chunks until some seconds are over or all is written; raises ImportRefusedError.

        Nothing is written before all of it was compared, nor if anything is wrong. Of two who step
        at once, as by a double click, one goes on and the other leaves it to them.
        """
        if self.is_finished:
            return
        end = monotonic() + seconds
        try:
            if self.is_begun or self._is_right(seconds, importer):
                self._write(end, importer)
        except (ImportRefusedError, FileNotFoundError, OvertakenError):
            if not self._is_overtaken():
                raise

    def _is_right(self, seconds, importer):
        preview = self.previewed(seconds, importer)
        if preview.problems:
            raise ImportRefusedError(*preview.problems)
        return preview.is_finished

    def _write(self, end, importer):
        with self.opened(importer) as products:
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
        """Read again how far it is, and return whether somebody else has written."""
        known = self.rows_done
        self.refresh_from_db()
        return self.rows_done > known

    def forget_files(self):
        """Delete the files, which nobody needs any more."""
        self.preview = {}
        self.table.delete(save=False)
        self.photos.delete(save=False)
        self.save()


def sweep():
    """Delete imports that nobody wants any more, with their files, and files that are no import's."""
    now = timezone.now()
    is_left = Q(rows_done=0, created_at__lt=now - PREVIEWED)
    unwanted = Import.objects.filter(is_left | Q(created_at__lt=now - KEPT))
    count = unwanted.count()
    unwanted.delete()
    for upload in Import.objects.exclude(table="").filter(created_at__lt=now - BEGUN):
        upload.forget_files()
    return f"{count} import{'' if count == 1 else 's'}, {_sweep_files(now)} files of none"


def _sweep_files(now):
    storage, count = Import._meta.get_field("table").storage, 0
    known = {name for names in Import.objects.values_list("table", "photos") for name in names}
    names = []
    with suppress(FileNotFoundError):  # nobody has sent any yet
        names = storage.listdir(FOLDER)[1]
    for name in names:
        path = f"{FOLDER}/{name}"
        if path not in known and storage.get_modified_time(path) < now - PREVIEWED:
            storage.delete(path)
            count += 1
    return count
