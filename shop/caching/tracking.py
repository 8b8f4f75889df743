"""Base classes of the models that cached pages show: a write through the ORM renews the tags it affects."""

import sysconfig
import traceback
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.db import models

from .django_internals import RowsReported
from .reads import note_row
from .versions import clearing, is_remembered, not_remembered, note_write, remember

# Frames to skip in search of the code that caused a write.
PASSING_ON = (sysconfig.get_path("stdlib"), str(Path(django.__file__).parent), str(Path(__file__).parent))

# {kind of subject: its model}
_subject_models: dict[str, type["TrackedModel"]] = {}


class TrackedQuerySet(RowsReported, models.QuerySet["TrackedModel"]):
    """A queryset whose bulk writes are tracked, too."""

    model: type["TrackedModel"]  # type: ignore[assignment]

    def for_page(self):
        """Load everything that facts are made of, in as few queries as possible."""
        return self

    def locked(self):
        """Lock the rows until the transaction ends."""
        return self.select_for_update(of=("self",))

    def update(self, **values):
        with clearing():
            self._note([*self._subjects(), *self._subjects_in(values)])
            return super().update(**values)

    def delete(self):
        with clearing():
            self._note(self._subjects())
            return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        is_new = not kwargs.get("update_conflicts")
        with clearing():
            self.note_of(objs)
            created = super().bulk_create(objs, *args, **kwargs)
            for thing in created if is_new and self.model.is_subject() else ():
                note_saved(thing)
            return created

    def bulk_update(self, objs, *args, **kwargs):
        objs = list(objs)
        with clearing():
            self.note_of(objs)
            return super().bulk_update(objs, *args, **kwargs)

    def overwrite(self, objs, columns):
        """Write columns of existing rows, ten times as fast as bulk_update()."""
        self.bulk_create(objs, update_conflicts=True, unique_fields=["pk"], update_fields=columns)

    def _subjects(self):
        kind, field = self.model.cache_subject_of
        return [(kind, value) for value in self.order_by().values_list(field, flat=True)]

    def note_of(self, things):
        """Note the subjects of objects, as they are and as they are saved."""
        subjects = {thing.cache_subject for thing in things if thing.cache_subject[1] is not None}
        keys = [thing.pk for thing in things if thing.pk]
        if keys and not self.model.is_subject():
            subjects.update(TrackedQuerySet(self.model).filter(pk__in=keys)._subjects())
        self._note(subjects)

    def _subjects_in(self, values):
        """Return the subjects that update() moves rows to."""
        kind, field = self.model.cache_subject_of
        names = {field, field.removesuffix("_id")} & values.keys()
        return [(kind, getattr(values[name], "pk", values[name])) for name in names]

    def _note(self, subjects):
        note_writes(set(subjects))

    def rows_read(self, rows):
        for row in rows if self.locks_rows() else ():
            if isinstance(row, TrackedModel) and row.is_subject():
                remember(row)


class TrackedModel(models.Model):
    """A model that cached pages show.

    cache_subject_of: the kind of subject that a write changes, and the field with its primary key. A
    model that is itself a subject has tag_facts(): {tag: facts}. All columns but `not_shown` are facts,
    so that a forgotten column costs a rendering but leaves no page stale.
    """

    cache_subject_of: tuple[str, str]
    not_shown: frozenset[str] | set[str] = frozenset()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.is_subject():
            _subject_models[cls.cache_subject_of[0]] = cls

    def save(self, *args, **kwargs):
        with clearing():
            TrackedQuerySet(type(self)).note_of([self])
            super().save(*args, **kwargs)
            if self.is_subject():
                note_saved(self)

    def delete(self, *args, **kwargs):
        with clearing():
            note_writes([self.cache_subject])
            return super().delete(*args, **kwargs)

    @contextmanager
    def changing(self, actor=""):
        """Lock and refresh the row; at the end, clear the pages on which it looks different."""
        with clearing(actor):
            if self.pk and not is_remembered(self):
                self.refresh_from_db(from_queryset=self.locked_for_page())
                remember(self)
            yield self

    @classmethod
    def from_db(cls, *args, **kwargs):
        row = super().from_db(*args, **kwargs)
        note_row(row)
        return row

    @classmethod
    def locked_for_page(cls):
        """Return a queryset that locks rows and loads everything their facts are made of."""
        manager: Any = cls._default_manager
        return manager.for_page().locked()

    @classmethod
    def is_subject(cls):
        return hasattr(cls, "tag_facts")

    def facts(self, but=()):
        """Return the values of the columns that pages show, except some, for comparison later."""
        return tuple(repr(getattr(self, field.attname)) for field in self.shown_columns(but))

    @classmethod
    def shown_columns(cls, but=()):
        return [field for field in cls._meta.concrete_fields if field.name not in {*cls.not_shown, *but}]

    def is_covered_by(self, tags):
        """Whether a page with these tags is renewed when this row changes; by default every page is."""
        return True

    @property
    def cache_subject(self):
        kind, field = self.cache_subject_of
        return kind, getattr(self, field)


def note_writes(subjects):
    """Lock subjects that are about to be written, and take snapshots of them."""
    place, keys = _place(), defaultdict(list)
    for kind, key in subjects:
        note_write((kind, key), place)
        keys[kind].append(key)
    for kind, found in keys.items():
        model = _subject_models[kind]
        if missing := not_remembered(model, found):
            # Reading locked rows takes their snapshots.
            list(model.locked_for_page().filter(pk__in=missing).order_by("pk"))


def note_saved(row):
    """Note a new row, which no page showed before."""
    note_write(row.cache_subject, _place())
    remember(row, is_new=True)


def _place():
    for frame, line in traceback.walk_stack(None):
        if not frame.f_code.co_filename.startswith(PASSING_ON) and frame.f_code.co_name != "save":
            return f"{frame.f_code.co_filename}:{line}"
    return "an unknown place"
