"""What the templates of lists need of Python."""

from zlib import crc32

from django import template

from ..facets import FacetValue

register = template.Library()


@register.simple_tag
def category_choices(tree, counts, category):
    """Return a FacetValue for each category of the tree's upper two groupings; counts: {path: products}."""
    return [
        FacetValue(
            each.path, f"– {each.name}" if each.parent_id else each.name, counts[each.path], each == category
        )
        for root in tree
        for each in (root, *root.branches)
    ]


@register.filter
def identifier(text):
    """Make a short name of any text, the same each time, for an element's id."""
    return f"{crc32(text.encode()):08x}"


@register.filter
def rest_of(part, whole):
    return whole - part
