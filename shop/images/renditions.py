"""The widths and formats of a photo: made once when it is stored, with quality chosen by format."""

import io
from dataclasses import dataclass
from functools import lru_cache

from django.core.files.base import ContentFile
from pictures.models import PillowPicture

OPTIONS = {
    "AVIF": {"quality": 62, "speed": 8},
    "WEBP": {"quality": 78, "method": 4},
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
}


class Rendition(PillowPicture):
    def save(self, image):
        with io.BytesIO() as buffer:
            self.resize(image).save(buffer, format=self.file_type, **OPTIONS[self.file_type])
            self.storage.delete(self.name)
            self.storage.save(self.name, ContentFile(buffer.getvalue()))


@dataclass(frozen=True)
class Renditions:
    """The URLs of a photo's renditions: a srcset for each format, the widest and smallest JPEG."""

    srcsets: dict[str, str]
    jpeg: str
    thumbnail: str


def renditions_of(photo):
    return _renditions(photo.file.field, photo.file.storage, photo.file.name, photo.width, photo.height)


# A file never changes under its name, and a page of cards asks for dozens of them; each takes 3 KB.
@lru_cache(maxsize=2_000)
def _renditions(field, storage, name, width, height):
    files = field.attr_class.get_picture_files(
        file_name=name, img_width=width, img_height=height, storage=storage, field=field
    )[None]
    srcsets = {kind.lower(): _srcset(widths) for kind, widths in files.items()}
    jpegs = [rendition.url for _, rendition in sorted(files["JPEG"].items())] or [storage.url(name)]
    return Renditions(srcsets, jpeg=jpegs[-1], thumbnail=jpegs[0])


def _srcset(widths):
    return ", ".join(f"{rendition.url} {width}w" for width, rendition in sorted(widths.items()))
