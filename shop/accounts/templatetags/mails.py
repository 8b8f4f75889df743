"""How templates of mails say what is a button, a link or a code, and put in what people have typed."""

from django import template
from django.utils.safestring import mark_safe

from shop.accounts.mails import BUTTON, CODE, LINK, printable

register = template.Library()


@register.simple_tag
def button(url):
    """A paragraph of its own: shown in HTML as a button that says the subject."""
    return mark_safe(BUTTON + printable(url))  # noqa: S308 - of a text, which as_html() escapes


@register.simple_tag
def link(url):
    return mark_safe(LINK + printable(url))  # noqa: S308


@register.simple_tag
def code(text):
    return mark_safe(CODE + printable(text))  # noqa: S308


@register.filter
def line(text):
    """Put in what somebody has typed as part of a line, whatever they have typed."""
    return printable(text)


@register.filter
def quoted(text):
    """Put in a longer text that somebody has typed as a paragraph of its own, each line behind “>”."""
    return "\n".join(f"> {printable(line)}".rstrip() for line in str(text).strip().splitlines())
