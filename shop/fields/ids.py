"""Primary keys in forms and URLs, where anyone can put any digits."""

from django.db.models import IntegerField
from django.db.models.lookups import In

LARGEST = 2**63 - 1


def read_id(text):
    """Return the primary key in a text, or None if no row can have it."""
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if is_number and int(text) <= LARGEST else None


@IntegerField.register_lookup
class IntegerFieldIn(In):
    """Ignore values that no integer column can hold, as Django does for exact lookups.

    Without it they are errors in forms that name several rows, such as the admin's autocomplete fields.
    """

    def get_prep_lookup(self):
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if _may_be_held(value)]
        return super().get_prep_lookup()


def _may_be_held(value):
    try:
        return not isinstance(value, int | str) or abs(int(value)) <= LARGEST
    except ValueError:
        return False
