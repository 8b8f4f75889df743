import secrets

from django.db import models

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.catalogue.models.photos import PhotoField

from .reviews import Review

MOST_PHOTOS = 4


def photo_name(photo, filename):
    """Name files ourselves: nothing of the uploader's name reaches the disk."""
    return f"reviews/{secrets.token_hex(8)}.{filename.rsplit('.', 1)[-1].lower()}"


class ReviewPhoto(TrackedModel):
    """A picture that the author of a review took."""

    cache_subject_of = ("review", "review_id")
    not_shown = {"id", "review"}

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")
    file = PhotoField(upload_to=photo_name, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    tint = models.CharField(max_length=8, default="chalk", editable=False)
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
