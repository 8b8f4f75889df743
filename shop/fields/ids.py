"""Numbers of rows as forms and addresses name them: anybody may write any digits there."""

from django.db.models import IntegerField
from django.db.models.lookups import In

LARGEST = 2**63 - 1


def read_id(text):
    """Return the number of a row that a text names, or None if no row can have it."""
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if is_number and int(text) <= LARGEST else None


@IntegerField.register_lookup
class IntegerFieldIn(In):
    """Find nothing for a number that no column holds, as Django does for one number alone.

    Without it a list with such a number in it is an error of the database, in every form that
    names several rows, the admin's too.
    """

    def get_prep_lookup(self):
        values = super().get_prep_lookup()
        if not isinstance(values, list):
            return values
        return [value for value in values if not isinstance(value, int) or abs(value) <= LARGEST]
