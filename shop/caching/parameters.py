"""Query parameters of shared pages: one function per parameter turns what was typed into a canonical form.

An empty form drops the parameter. A page and its tags are found by the same form.
"""

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.forms import IntegerField
from django.http import QueryDict

Parameters = Mapping[str, Callable[[str], str]]
LAST_PAGE = 1_000_000
_whole_number = IntegerField(min_value=1, max_value=LAST_PAGE)


def pick(query, parameters):
    """Return a sorted QueryDict of declared parameters in canonical form; the last value counts."""
    picked = QueryDict(mutable=True)
    for name in sorted(parameters):
        if form := parameters[name](query.get(name, "")):
            picked[name] = form
    return picked


def page_number(text):
    """Read 02, +2 and 2.0 as 2; drop the first page's number and everything that is not one."""
    try:
        number = _whole_number.clean(text)
    except ValidationError:
        return ""
    return str(number) if number > 1 else ""


def one_of(*choices):
    return lambda text: text if text in choices else ""


def short_text(longest):
    """Read at most `longest` characters, without spaces around them."""

    def read(text):
        stripped = text.strip()
        return stripped if len(stripped) <= longest else ""

    return read
