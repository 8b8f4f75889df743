from django.db import models

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.fields.columns import CountColumn
from shop.fields.limits import MOST_POSITION, limited
from shop.fields.texts import LineField
from shop.images.models import Picture

from .products import Product

MOST_PHOTOS = 12  # of a product


class Photo(Picture, TrackedModel):
    """A picture of a product."""

    cache_subject_of = ("product", "product_id")
    not_shown = {"id", "product", "digest"}

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="photos")
    alt = LineField("alternative text", max_length=200, help_text="What the photo shows.")
    position = CountColumn(default=0)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = limited("photo", "position", most=MOST_POSITION)

    def __str__(self):
        return self.alt

    def is_covered_by(self, tags):
        return any(tag.endswith(".pictures") for tag in tags) or self.product.has_tag_among(tags)

    def get_additional_data(self):
        """Show this in the history of the product, too."""
        return {"product": self.product_id}
