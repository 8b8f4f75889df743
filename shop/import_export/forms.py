from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError

from shop.caching.rate_limit import HOUR, is_within_limit

from .archives import PhotoArchive
from .models import Import
from .report import ImportRefusedError
from .tables import Table

MOST_ROWS = 20_000
MOST_AN_HOUR = 60
MOST_TABLE_BYTES = 30 * 2**20
MOST_PHOTO_BYTES = 200 * 2**20


class ImportForm(forms.ModelForm):
    """The files of an import, checked from outside; what their rows say is compared later.

    Its instance has a user, and a seller if that is settled.
    """

    class Meta:
        model = Import
        fields = ["table", "photos"]
        labels = {"table": "Table", "photos": "Photos"}
        help_texts = {
            "table": "A CSV file exported from any spreadsheet.",
            "photos": "A ZIP file with the photos that the table names.",
        }
        error_messages = {"table": {"required": "Choose a CSV file."}}
        widgets = {
            "table": forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
            "photos": forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        }

    def clean_table(self):
        file = self.cleaned_data["table"]
        check_size(file, MOST_TABLE_BYTES)
        if not is_within_limit(f"import:{self.instance.user_id}", MOST_AN_HOUR, HOUR):
            raise ValidationError("You've sent a lot of imports in the last hour. Please try again later.")
        with errors_beside_field():
            self.instance.rows = Table(file.file, MOST_ROWS).total
        if not self.instance.rows:
            raise ValidationError("The table has no rows below its header.")
        self.instance.name = file.name[:200]
        return file

    def clean_photos(self):
        file = self.cleaned_data["photos"]
        if file:
            check_size(file, MOST_PHOTO_BYTES)
            with errors_beside_field():
                PhotoArchive(file.file)
        return file


def check_size(file, limit):
    if file.size > limit:
        raise ValidationError(f"This file is larger than {limit // 2**20} MB.")


class StaffImportForm(ImportForm):
    class Meta(ImportForm.Meta):
        fields = ["seller", *ImportForm.Meta.fields]


@contextmanager
def errors_beside_field():
    """Show beside its field what is wrong with a file."""
    try:
        yield
    except ImportRefusedError as error:
        raise ValidationError([str(problem) for problem in error.problems]) from error
