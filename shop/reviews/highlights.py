from functools import cached_property
from operator import attrgetter

from django.http import QueryDict
from django.urls import reverse

from .filters import ReviewFilters

AT_MOST = 3


class Highlights:
    """The reviews that a product's page shows, queried only if its cached fragment is missing."""

    def __init__(self, product):
        self.product = product

    @cached_property
    def published(self):
        return self.product.reviews.published().for_page()

    @cached_property
    def _most_helpful(self):
        """The most helpful reviews, or all if there are few."""
        return list(self.published.most_helpful()[: 2 * AT_MOST]) if self.product.rating_count else []

    @cached_property
    def helpful(self):
        if self.product.rating_count <= AT_MOST:
            return []
        return [review for review in self._most_helpful if review.helpful_count][:AT_MOST]

    @cached_property
    def newest(self):
        """The newest of the others."""
        shown_already = [review.pk for review in self.helpful]
        if self.product.rating_count > 2 * AT_MOST:
            return list(self.published.exclude(pk__in=shown_already).newest()[:AT_MOST])
        others = [review for review in self._most_helpful if review.pk not in shown_already]
        return sorted(others, key=attrgetter("published_at", "pk"), reverse=True)[:AT_MOST]

    def all(self):
        return [*self.helpful, *self.newest]

    def bars(self):
        page = reverse("product_reviews", args=[self.product.slug])
        return ReviewFilters(page, QueryDict()).bars(self.product)
