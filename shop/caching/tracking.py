"""The net under the helpers: models whose rows are noticed when written, or loaded for a shared page.

A write through the ORM that no helper clears for renews everything and is logged with its place in the code.
"""

import sysconfig
import traceback
from pathlib import Path

import django
from django.db import models

from .reads import note_row
from .versions import clearing, note_write

# Frames that only pass a write on, as do the save() methods of models.
PASSING_ON = (sysconfig.get_path("stdlib"), str(Path(django.__file__).parent), str(Path(__file__).parent))


class TrackedQuerySet(models.QuerySet["TrackedModel"]):
    """A queryset whose writes are noticed, too, although they send no signals."""

    def update(self, **values):
        with clearing():
            self._note_all()
            return super().update(**values)

    def delete(self):
        with clearing():
            self._note_all()
            return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with clearing():
            created = super().bulk_create(objs, *args, **kwargs)
            self._note(thing.cache_subject for thing in created)
            return created

    def bulk_update(self, objs, *args, **kwargs):
        objs = list(objs)
        with clearing():
            self._note(thing.cache_subject for thing in objs)
            return super().bulk_update(objs, *args, **kwargs)

    def overwrite(self, objs, columns):
        """Write columns of rows that exist: bulk_update() does the same and takes ten times as long."""
        self.bulk_create(objs, update_conflicts=True, unique_fields=["pk"], update_fields=columns)

    def _note_all(self):
        kind, field = self.model.cache_subject_of
        if field is None:
            note_write((kind, None), _place())
        else:
            self._note((kind, value) for value in self.order_by().values_list(field, flat=True))

    def _note(self, subjects):
        place = _place()
        for subject in set(subjects):
            note_write(subject, place)


class TrackedModel(models.Model):
    """A model that cached pages show.

    cache_subject_of: the kind of subject that a helper clears for, and the field that tells
    one from another (None: the helper clears for all of them at once).
    """

    cache_subject_of: tuple[str, str | None]

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with clearing():
            super().save(*args, **kwargs)
            note_write(self.cache_subject, _place())

    def delete(self, *args, **kwargs):
        with clearing():
            note_write(self.cache_subject, _place())
            return super().delete(*args, **kwargs)

    @classmethod
    def from_db(cls, *args, **kwargs):
        row = super().from_db(*args, **kwargs)
        note_row(row)
        return row

    def is_covered_by(self, tags):
        """Whether a page with some tags is new when this row is, as all pages are unless a model says."""
        return True

    @property
    def cache_subject(self):
        kind, field = self.cache_subject_of
        return kind, field and getattr(self, field)


def _place():
    for frame, line in traceback.walk_stack(None):
        if not frame.f_code.co_filename.startswith(PASSING_ON) and frame.f_code.co_name != "save":
            return f"{frame.f_code.co_filename}:{line}"
    return "an unknown place"
