from functools import cached_property

from django.urls import reverse

from .selection import Selection

AT_MOST = 3


class ShownReviews:
    """What a product's page shows of its reviews, asked for only where its cached fragment is missing."""

    def __init__(self, product):
        self.product = product

    @cached_property
    def published(self):
        return self.product.reviews.published().for_page() if self.product.rating_count else None

    @cached_property
    def helpful(self):
        if self.product.rating_count <= AT_MOST:
            return []
        return list(self.published.filter(helpful_count__gt=0).most_helpful()[:AT_MOST])

    @cached_property
    def newest(self):
        if not self.product.rating_count:
            return []
        shown_already = [review.pk for review in self.helpful]
        return list(self.published.exclude(pk__in=shown_already).newest()[:AT_MOST])

    def all(self):
        return [*self.helpful, *self.newest]

    def bars(self):
        return Selection(reverse("product_reviews", args=[self.product.slug]), {}).bars(self.product)
