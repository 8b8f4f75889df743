"""Links from a list to its other pages, orders and choices, with their parameters in canonical order."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import template

register = template.Library()


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


def list_url(path, query, page=1, **changes):
    """Return the URL of a list with some parameters set or, if empty, left out.

    query: the list's QueryDict, of which all is kept but the page, and what was ignored.
    """
    values = dict(query.lists()) | changes | {"ignored": None, "page": page if page > 1 else None}
    kept = sorted((name, value) for name, value in values.items() if value and value != [""])
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


@register.simple_tag(takes_context=True, name="list_url")
def url_of_shown_list(context, path="", **changes):
    """Write the URL of the list that is shown, be it by the view at another path, with changes."""
    request = context["request"]
    return list_url(path or request.path, request.GET, **changes)


@register.filter
def page_numbers(page):
    """Return some page numbers around the current one, and the first and last, with gaps between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
