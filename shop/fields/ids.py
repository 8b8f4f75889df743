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
    """Find nothing for what no column holds, as Django does for one number alone.

    Without it a list with such a number or text in it is an error, in every form that names several
    rows, the admin's too, whose fields with suggestions look up whatever was sent.
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
