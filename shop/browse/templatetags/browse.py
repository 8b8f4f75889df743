"""What the templates of lists need of Python."""

from zlib import crc32

from django import template

register = template.Library()


@register.filter
def entry(mapping, key):
    return mapping.get(key, 0)


@register.filter
def identifier(text):
    """Make a short name of any text, the same each time, for an element's id."""
    return f"{crc32(text.encode()):08x}"


@register.filter
def rest_of(part, whole):
    return whole - part
