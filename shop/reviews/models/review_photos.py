from django.db import models

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.images.models import Picture

from .reviews import Review

MOST_PHOTOS = 4


class ReviewPhoto(Picture, TrackedModel):
    """A picture that the author of a review took."""

    cache_subject_of = ("review", "review_id")
    not_shown = {"id", "review", "digest"}
    picture_folder = "reviews"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveIntegerField(default=0)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.alt

    @property
    def alt(self):
        return f"Photo {self.position + 1} by {self.review.author_name}"

    def is_covered_by(self, tags):
        return self.review.is_covered_by(tags)
