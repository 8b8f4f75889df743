"""Primary keys that cannot exist: answered 400 by the admin."""

import re
from contextlib import contextmanager

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.db import DataError, models

from shop.fields.ids import read_id


class KeysAdmin(admin.ModelAdmin):
    """Answer 400 to keys that would be a database error."""

    def changelist_view(self, request, extra_context=None):
        row = re.compile(rf"form-\d+-{self.opts.pk.name}")
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys += [value for name, value in request.POST.items() if row.fullmatch(name)]
        if isinstance(self.opts.pk, models.IntegerField) and None in map(read_id, keys):
            raise BadRequest("There is no such row.")
        with refusing_odd_numbers():
            return super().changelist_view(request, extra_context)

    def changeform_view(self, request, *args, **kwargs):
        with refusing_odd_numbers():
            return super().changeform_view(request, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeySelect(AutocompleteSelect):
    """An autocomplete menu that ignores keys which cannot exist."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if read_id(key) is not None], attr)


@contextmanager
def refusing_odd_numbers():
    try:
        yield
    except (OverflowError, DataError) as error:
        raise BadRequest("There is no such row.") from error
