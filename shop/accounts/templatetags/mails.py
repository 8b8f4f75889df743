"""Tags for buttons, links and codes in emails, and filters for typed texts."""

from django import template
from django.utils.safestring import mark_safe

from shop.accounts.mails import BUTTON, CODE, LINK, printable

register = template.Library()


@register.simple_tag
def button(url):
    """A paragraph that becomes a button with the subject as its label."""
    return mark_safe(BUTTON + printable(url))  # noqa: S308 - of a text, which as_html() escapes


@register.simple_tag
def link(url):
    return mark_safe(LINK + printable(url))  # noqa: S308


@register.simple_tag
def code(text):
    return mark_safe(CODE + printable(text))  # noqa: S308


@register.filter
def line(text):
    """Insert a typed text into a line."""
    return printable(text)


@register.filter
def quoted(text):
    """Insert a typed text as a paragraph of its own, with “>” before each line."""
    return "\n".join(f"> {printable(line)}".rstrip() for line in str(text).strip().splitlines())
