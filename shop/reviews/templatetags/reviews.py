"""The reviews that pages of other apps show."""

from django import template

from ..highlights import Highlights
from ..models import Review
from ..structured_data import review_list

register = template.Library()


@register.filter
def highlights(product):
    """Return the Highlights of a product, the same however often a page asks."""
    if not hasattr(product, "highlights"):
        product.highlights = Highlights(product)
    return product.highlights


@register.filter
def with_reviews(data, product):
    """Return a product's structured data with the reviews that its page shows."""
    return data | review_list(highlights(product).all())


@register.filter
def newest_reviews(seller):
    """Return the newest four reviews of what a seller sells."""
    return Review.objects.published().of_seller(seller).newest().select_related("product")[:4]
