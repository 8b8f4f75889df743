"""The parameters of shared pages: each is read by one function, from what was typed to its canonical form.

An empty form leaves the parameter out. What finds the tags of a page and what shows it read the same form.
"""

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.forms import IntegerField
from django.http import QueryDict

Parameters = Mapping[str, Callable[[str], str]]
LAST_PAGE = 1_000_000
_whole_number = IntegerField(min_value=1, max_value=LAST_PAGE)


def pick(query, parameters):
    """Return a QueryDict of the canonical forms of declared parameters, sorted; the last value counts."""
    picked = QueryDict(mutable=True)
    for name in sorted(parameters):
        if form := parameters[name](query.get(name, "")):
            picked[name] = form
    return picked


def page_number(text):
    """Read 02, +2 and 2.0 as 2; the first page needs no number, and nothing else is one."""
    try:
        number = _whole_number.clean(text)
    except ValidationError:
        return ""
    return str(number) if number > 1 else ""


def one_of(*choices):
    return lambda text: text if text in choices else ""


def short_text(longest):
    """Read a text of at most so many characters, as it was typed but for spaces around it."""

    def read(text):
        stripped = text.strip()
        return stripped if len(stripped) <= longest else ""

    return read
