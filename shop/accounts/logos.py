"""Logos of shops: whatever picture is uploaded, what we keep is a small WebP that we wrote ourselves."""

import io

from django import forms
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

FORMATS = ["AVIF", "JPEG", "PNG", "WEBP"]
ACCEPTED = ".avif,.jpg,.jpeg,.png,.webp"
MAX_BYTES = 5 * 2**20
MAX_PIXELS = 30_000_000
WIDTH = 512


class LogoField(forms.FileField):
    """A picture that can be decoded, as the file we would store of it."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})

    def to_python(self, data):
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > MAX_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB.")
        return ContentFile(redrawn(file), "logo.webp")


def redrawn(file):
    """Return a picture as WebP: upright, at most WIDTH wide and high, without what else the file held."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise forms.ValidationError("This picture has more than 30 million pixels.")
            image = ImageOps.exif_transpose(image)
            image.thumbnail((WIDTH, WIDTH))
            buffer = io.BytesIO()
            image.convert("RGBA").save(buffer, "WEBP", quality=85)
            return buffer.getvalue()
    except Image.DecompressionBombError:
        raise forms.ValidationError("This picture has more than 30 million pixels.") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise forms.ValidationError("This is no JPEG, PNG, WebP or AVIF picture that we can read.") from None
