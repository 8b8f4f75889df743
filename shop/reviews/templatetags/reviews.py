"""The reviews that pages of other apps show."""

from django import template

from ..models import Review
from ..shown import ShownReviews
from ..structured_data import review_list

register = template.Library()


@register.filter
def shown_reviews(product):
    """Return the ShownReviews of a product, the same however often a page asks."""
    if not hasattr(product, "shown_reviews"):
        product.shown_reviews = ShownReviews(product)
    return product.shown_reviews


@register.filter
def with_reviews(data, product):
    """Return a product's structured data with the reviews that its page shows."""
    return data | review_list(shown_reviews(product).all())


@register.filter
def newest_reviews(seller):
    """Return the newest four reviews of what a seller sells."""
    return Review.objects.published().of_seller(seller).newest().select_related("product")[:4]
