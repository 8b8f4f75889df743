import secrets

from django.db import models
from pictures.models import PictureField, PictureFieldFile
from PIL import Image

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.fields.columns import CountColumn
from shop.fields.limits import MOST_POSITION, limited
from shop.fields.texts import LineField
from shop.images.fields import PictureFileField

from .products import Product

# Named tints stand in for a photo while it loads: a policy without inline styles knows classes only.
TINTS = {
    "sand": (219, 193, 160),
    "rose": (206, 160, 142),
    "sage": (180, 192, 163),
    "sky": (184, 195, 211),
    "taupe": (196, 184, 175),
    "chalk": (216, 212, 205),
    "ink": (70, 66, 62),
}


def photo_name(photo, filename):
    """Name files ourselves: nothing of the uploader's name reaches the disk.

    What an import knows a picture by comes first, and stays with it wherever its file goes.
    """
    known_by = getattr(photo, "known_by", "")
    return f"photos/{known_by}{secrets.token_hex(8)}.{filename.rsplit('.', 1)[-1].lower()}"


class PhotoFile(PictureFieldFile):
    def save(self, name, content, save=True):
        """Store a picture with all its renditions, or leave nothing on the disk."""
        self.instance.tint = nearest_tint(content)
        try:
            super().save(name, content, save)
        except BaseException:
            self.delete(save=False)
            raise


class PhotoField(PictureField):
    attr_class = PhotoFile

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PictureFileField} | kwargs)


class Photo(TrackedModel):
    """A picture of a product, stored with its smaller and lighter renditions."""

    cache_subject_of = ("product", "product_id")
    not_shown = {"id", "product"}

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="photos")
    file = PhotoField(upload_to=photo_name, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = LineField("alternative text", max_length=200, help_text="What the photo shows.")
    tint = models.CharField(max_length=8, default="chalk", editable=False)
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
        """Let the history of the product show this, too."""
        return {"product": self.product_id}


def nearest_tint(file):
    """Return the name of the tint nearest to the upper edge of a picture, its backdrop."""
    file.seek(0)
    with Image.open(file) as image:
        edge = image.convert("RGB").resize((8, 8)).crop((0, 0, 8, 1))
        colour = edge.resize((1, 1)).getpixel((0, 0))
    file.seek(0)
    return min(TINTS, key=lambda name: sum((a - b) ** 2 for a, b in zip(colour, TINTS[name], strict=True)))
