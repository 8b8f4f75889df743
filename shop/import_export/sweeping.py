"""Imports that were begun and left, and files of none."""

from contextlib import suppress
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from .models import FOLDER, Import

LOOKED_AT, BEGUN, KEPT = timedelta(days=2), timedelta(days=30), timedelta(days=365)


def sweep():
    """Delete imports that nobody wants any more, with their files, and files that are no import's."""
    now = timezone.now()
    is_left = Q(rows_done=0, created_at__lt=now - LOOKED_AT)
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
        if path not in known and storage.get_modified_time(path) < now - LOOKED_AT:
            storage.delete(path)
            count += 1
    return count
