"""Money, pictures, Markdown and structured data for templates."""

import json
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from shop.fields.markdown import render_markdown
from shop.images.renditions import renditions_of

register = template.Library()
register.filter("markdown", render_markdown)

JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def money(amount, currency):
    """Format a Decimal in its ISO 4217 currency, as in €1,250.00."""
    symbol, places = _currency(currency)
    return f"{symbol}{Decimal(amount):,.{places}f}"


@register.filter
def json_ld(data):
    """Render structured data as a script block that no text inside can end."""
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
    """Return the URL of the JPEG of a photo for other sites."""
    return renditions_of(photo).jpeg


@register.filter
def thumbnail(photo):
    """Return the URL of the smallest JPEG of a photo."""
    return renditions_of(photo).thumbnail


# Babel's format_currency() parses its pattern for each amount, which takes twenty times as long.
@lru_cache
def _currency(code):
    return get_currency_symbol(code, locale="en"), get_currency_precision(code)
