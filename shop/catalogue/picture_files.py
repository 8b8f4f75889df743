"""Pictures that people send: known by decoding them, and written anew as plain JPEG."""

import io
import zipfile

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF"]
MAX_BYTES = 20 * 2**20
MAX_PIXELS = 50_000_000
# As wide as the widest rendition of a photo.
MAX_SIDE = 2400
# What no picture has in it by chance, and a page or a program has.
MARKUP = [b"<script", b"<html", b"<!doctype", b"<?php"]

EMPTY = "This file is empty. Was it copied to the end?"
TOO_LARGE = f"This file is larger than {MAX_BYTES // 2**20} MB. Save it smaller, or as JPEG."
UNKNOWN = "This is not a JPEG, PNG, WebP or AVIF picture. Save it as one of these first."
HEIC = "This is a HEIC picture, as some phones take them. Save or share it as a JPEG first."
DOUBLE = "This picture has something else hidden in the same file. Save it anew as a plain JPEG or PNG."
DAMAGED = "This picture is damaged or not complete. Try to save or send it again."
TOO_MANY_PIXELS = (
    f"This picture has more than {MAX_PIXELS // 1_000_000} million pixels. Make it smaller: "
    f"{MAX_SIDE} pixels wide are plenty."
)


class PictureFileField(forms.FileField):
    """A file that is one whole picture; what it gives is a JPEG of our own making."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"allow_empty_file": True} | kwargs)

    def to_python(self, data):
        file = super().to_python(data)
        return file and plain_picture(file)

    def widget_attrs(self, widget):
        return {"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}


def plain_picture(file):
    """Return a picture as a JPEG: upright, in sRGB, at most MAX_SIDE wide and high, without metadata.

    Raises a ValidationError that says what to do about it, before decoding where that is possible.
    """
    _check_bytes(file)
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(TOO_MANY_PIXELS)
            return _jpeg(image)
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise ValidationError(_what_it_is(file)) from error
    # What decoders raise where bytes are missing or wrong.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError, MemoryError) as error:
        raise ValidationError(DAMAGED) from error


def _check_bytes(file):
    if not file.size:
        raise ValidationError(EMPTY)
    if file.size > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    file.seek(0)
    content = file.read()
    lowered = content.lower()
    if zipfile.is_zipfile(file) or b"%PDF-" in content[:1024] or any(tag in lowered for tag in MARKUP):
        raise ValidationError(DOUBLE if _looks_like_picture(file) else UNKNOWN)


def _what_it_is(file):
    if _looks_like_picture(file):
        return DAMAGED
    file.seek(4)
    return HEIC if file.read(8) in (b"ftypheic", b"ftypheix", b"ftypmif1") else UNKNOWN


def _looks_like_picture(file):
    file.seek(0)
    start = file.read(12)
    return start.startswith((b"\xff\xd8\xff", b"\x89PNG")) or start[8:] == b"WEBP" or start[4:] == b"ftypavif"


def _jpeg(image):
    # A JPEG can be decoded at a fraction of its size, which is quick and takes little memory.
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    buffer = io.BytesIO()
    _in_srgb(_opaque(image), profile).save(buffer, "JPEG", quality=92, optimize=True)
    return ContentFile(buffer.getvalue(), "picture.jpg")


def _opaque(image):
    if not image.has_transparency_data:
        return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")
    picture = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _in_srgb(image, profile):
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # A profile that does not fit its picture says nothing about its colours.
    picture = image.convert("RGB")
    picture.info.clear()
    return picture
