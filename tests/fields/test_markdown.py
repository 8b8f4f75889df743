"""Markdown makes a page of a bounded size, whatever is in it."""

import pytest
from django.core.exceptions import ValidationError

from shop.catalogue.models import Product
from shop.fields.markdown import LONGEST, render_markdown

WIDE = "|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n"
TOO_MUCH = {
    "a wide table": WIDE + "|\n" * 2000,
    "a long table": "a|b|c\n-|-|-\n" + "|\n" * 6000,
    "many tables": "a|b\n-|-\n\n" * 2000,
    "an address over and over": f"[a]: /{'x' * 10_000}\n\n{'[a]' * 3000}",
    "longer than a text may be": "a\n\n" * LONGEST,
}
HARMLESS = [
    "[",
    "![",
    "[](",
    "*a_",
    "**a ",
    "`",
    "``a`",
    ">",
    "> ",
    "- ",
    "1. a\n",
    "  ",
    "<",
    "&amp;",
    "\\",
    "a|",
    "-|-\n-|\n",
]


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_makes_too_much_is_refused_and_shown_as_plain_paragraphs(source):
    with pytest.raises(ValidationError):
        Product._meta.get_field("description").clean(source, None)
    html = render_markdown(source)
    assert "<table" not in html and "<a" not in html
    assert len(html) < 6 * len(source)


@pytest.mark.parametrize("piece", HARMLESS)
def test_whatever_is_repeated_makes_a_page_of_its_size(piece):
    source = (piece * LONGEST)[:LONGEST]
    assert len(render_markdown(source)) < 12 * LONGEST


def test_markup_stays_text_in_plain_paragraphs():
    html = render_markdown("<script>alert(1)</script>\n\n" + "x" * LONGEST)
    assert html.startswith("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")


def test_tables_that_people_write_are_tables():
    rows = "".join(f"| {size} | {size * 2} cm | {size * 3} cm |\n" for size in range(60))
    source = f"| Size | Height | Width |\n|---|---:|---|\n{rows}"
    assert Product._meta.get_field("description").clean(source, None) == source.strip()
    assert render_markdown(source).count("<tr>") == 61
