"""The widths and formats of a photo: made once when it is stored, with quality chosen by format."""

import io

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
