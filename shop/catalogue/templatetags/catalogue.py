"""What pages of the catalogue share: money, pictures, Markdown, structured data."""

import json
import re
from decimal import Decimal
from functools import lru_cache

import nh3
from babel.numbers import get_currency_precision, get_currency_symbol
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from ..renditions import renditions_of

register = template.Library()

# HTML in the source is shown as text; what Markdown makes is cleaned once more.
markdown_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
MARKDOWN_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr"}
MARKDOWN_TAGS |= {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}

HEADING = re.compile(r"(</?h)([1-6])>")

JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def money(amount, currency):
    """Write a Decimal with its ISO 4217 currency, as in €1,250.00."""
    symbol, places = _currency(currency)
    return f"{symbol}{Decimal(amount):,.{places}f}"


@register.filter
def markdown(text):
    """Render CommonMark as safe HTML; headings go two levels down, below the page's own."""
    html = HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 2, 6)}>", markdown_parser.render(text))
    return mark_safe(nh3.clean(html, tags=MARKDOWN_TAGS, link_rel="nofollow noopener"))  # noqa: S308


@register.filter
def json_ld(data):
    """Write structured data as a script block that no text inside it can end."""
    text = json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag
def picture(photo, sizes, eager=False):
    """Show a photo in the best format and width for the place that sizes describes."""
    renditions = renditions_of(photo)
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((kind, renditions.srcsets[kind], sizes) for kind in ("avif", "webp") if renditions.srcsets[kind]),
    )
    attributes = {"src": renditions.jpeg, "width": photo.width, "height": photo.height, "alt": photo.alt}
    attributes |= {"fetchpriority": "high"} if eager else {"loading": "lazy", "decoding": "async"}
    return format_html(
        '<picture class="picture tint-{}">{}<img {}></picture>',
        photo.tint,
        sources,
        format_html_join(" ", '{}="{}"', attributes.items()),
    )


@register.filter
def share_picture(photo):
    """Return the address of the JPEG that other sites show of a photo."""
    return renditions_of(photo).jpeg


@register.filter
def thumbnail(photo):
    """Return the address of the smallest JPEG of a photo."""
    return renditions_of(photo).thumbnail


# Babel's format_currency() takes its pattern apart for each amount: twenty times as long as this.
@lru_cache
def _currency(code):
    return get_currency_symbol(code, locale="en"), get_currency_precision(code)
