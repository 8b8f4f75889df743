"""Markdown as safe HTML of bounded size."""

import re
from html import unescape

import nh3
from django.core.exceptions import ValidationError
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import table

from .texts import ProseField

MOST_CELLS, MOST_HTML, LONGEST = 2000, 300_000, 20_000
TOO_MUCH = (
    f"This makes too large a page: keep tables below {MOST_CELLS:,} cells in all, and links and lists short."
)

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr"}
TAGS |= {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
HEADING = re.compile(r"(</?h)([1-6])>")


def render_markdown(text):
    """Render CommonMark as safe HTML, with headings two levels down, below the page's own.

    Text that would be too slow to render or too large becomes plain paragraphs.
    """
    html = _html(text)
    return mark_safe(linebreaks(text, autoescape=True) if html is None else html)  # noqa: S308


def plain_text(text):
    """Return what Markdown says as one line without any mark-up."""
    return " ".join(unescape(strip_tags(render_markdown(text))).split())


def validate_markdown(text):
    if _html(text) is None:
        raise ValidationError(TOO_MUCH)


class MarkdownField(ProseField):
    default_validators = [validate_markdown]


def _html(text):
    """Return the HTML of a text, or None if it is too large."""
    if len(text) > LONGEST:
        return None
    env = {"cells": 0}
    html = parser.render(text, env)
    if env["cells"] > MOST_CELLS or len(html) > MOST_HTML:
        return None
    html = HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 2, 6)}>", html)
    return nh3.clean(html, tags=TAGS, link_rel="nofollow noopener")


def bounded_table(state, start, end, silent):
    """Count the cells of a table before rendering it; render none beyond MOST_CELLS."""
    if state.env["cells"] > MOST_CELLS or not table(state, start, end, True):
        return False
    if not silent:
        columns = state.getLines(start + 1, start + 2, 0, False).strip().strip("|").count("|") + 1
        rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
        state.env["cells"] += columns * rows
    return silent or (state.env["cells"] <= MOST_CELLS and table(state, start, end, False))


# HTML in the source is shown as text; nh3 cleans the result as well.
parser = MarkdownIt("commonmark", {"html": False}).enable("table")
parser.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
