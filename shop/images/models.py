import secrets
from pathlib import PurePosixPath

from django.db import models
from pictures.models import PictureField, PictureFieldFile
from PIL import Image

from .fields import PictureFileField
from .outside import digest_of

# Stand in for a picture while it loads; named, as the CSP allows classes but no inline styles.
TINTS = {
    "sand": (219, 193, 160),
    "rose": (206, 160, 142),
    "sage": (180, 192, 163),
    "sky": (184, 195, 211),
    "taupe": (196, 184, 175),
    "chalk": (216, 212, 205),
    "ink": (70, 66, 62),
}


def random_path(owner, filename):
    """Return a path in the folder of a picture's owner; only the suffix of the filename is used."""
    return f"{owner.picture_folder}/{secrets.token_hex(8)}{PurePosixPath(filename).suffix.lower()}"


class PictureFile(PictureFieldFile):
    def save(self, name, content, save=True):
        """Store a picture with all its renditions, or leave nothing on the disk."""
        self.instance.tint, self.instance.digest = nearest_tint(content), source_digest(content)
        try:
            super().save(name, content, save)
        except BaseException:
            self.delete(save=False)
            raise


class PictureColumn(PictureField):
    attr_class = PictureFile

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PictureFileField} | kwargs)


class Picture(models.Model):
    """A picture stored with its smaller and lighter renditions."""

    picture_folder = "photos"

    file = PictureColumn(upload_to=random_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    tint = models.CharField(max_length=8, default="chalk", editable=False)
    digest = models.CharField(
        max_length=64, default="", editable=False, help_text="SHA-256 of the file that was sent."
    )

    class Meta:
        abstract = True

    def stored(self):
        """Return its columns, for another model's row that takes over the file."""
        columns = {name: getattr(self, name) for name in ("width", "height", "tint", "digest")}
        return {"file": self.file.name, **columns}


def source_digest(file):
    """Return the digest of the file that a picture was made from, or of the picture itself."""
    if digest := getattr(file, "source_digest", ""):
        return digest
    file.seek(0)
    digest = digest_of(file.read())
    file.seek(0)
    return digest


def nearest_tint(file):
    """Return the name of the tint closest to a picture's top edge, its backdrop."""
    file.seek(0)
    with Image.open(file) as image:
        edge = image.convert("RGB").resize((8, 8)).crop((0, 0, 8, 1))
        colour = edge.resize((1, 1)).getpixel((0, 0))
    file.seek(0)
    return min(TINTS, key=lambda name: sum((a - b) ** 2 for a, b in zip(colour, TINTS[name], strict=True)))
