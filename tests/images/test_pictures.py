"""Uploaded pictures: what is taken becomes a plain JPEG, and what is not gets a clear answer."""

import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from shop.images import outside, sandbox
from shop.images.outside import SENTENCES
from shop.images.sandbox import plain_picture
from tests.admin_forms import change_in_admin
from tests.factories import ProductFactory, picture_file

from .files import BAD, JPEG, SVG, encoded, noise, with_scans

RED, BLUE = (200, 20, 20), (20, 20, 200)


def two_halves(size=(60, 40)):
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return image


def taken(content, name="picture"):
    return Image.open(plain_picture(ContentFile(content, name)))


@pytest.mark.parametrize("name", BAD)
def test_bad_file_gets_a_clear_answer(name):
    content, answer = BAD[name]
    with pytest.raises(ValidationError) as error:
        plain_picture(ContentFile(content, "photo.jpg"))
    assert error.value.messages == [answer]


def test_large_file_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(outside, "MAX_BYTES", len(JPEG) - 1)
    monkeypatch.setattr(sandbox, "decoded", None)
    with pytest.raises(ValidationError) as error:
        plain_picture(ContentFile(JPEG, "photo.jpg"))
    assert error.value.messages == [SENTENCES["TOO_LARGE"]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("name", ["photo.jpg", "photo.svg", "photo"])
def test_picture_is_known_by_its_content(kind, name):
    image = taken(encoded(two_halves(), kind), name)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (60, 40))
    assert near(image.getpixel((10, 20)), BLUE)


def near(colour, other):
    return all(abs(a - b) < 24 for a, b in zip(colour, other, strict=True))


def test_metadata_goes_and_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    image = taken(encoded(two_halves(), "JPEG", exif=exif, comment=b"secret"))
    assert image.size == (40, 60)
    assert near(image.getpixel((20, 10)), BLUE)
    assert dict(image.getexif()) == {}
    assert not {"comment", "icc_profile", "exif"} & image.info.keys()


def test_transparent_becomes_white_and_every_mode_is_taken():
    ghost = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert near(taken(encoded(ghost, "PNG")).getpixel((5, 5)), (255, 255, 255))
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        assert taken(encoded(Image.new(mode, (20, 20)), "PNG")).mode == "RGB", mode
    assert taken(encoded(two_halves().convert("CMYK"), "JPEG")).mode == "RGB"


def test_colours_of_other_profiles_are_converted():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert taken(encoded(two_halves(), "JPEG", icc_profile=lab)).mode == "RGB"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert near(taken(encoded(two_halves(), "JPEG", icc_profile=srgb)).getpixel((10, 20)), BLUE)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_png_chunk(content, kind, data):
    return content[:33] + png_chunk(kind, data) + content[33:]


GREY = Image.linear_gradient("L").convert("I").point(lambda value: value * 257 + 0).convert("I;16")
ODD = {
    "JPEG with a broken profile": encoded(two_halves(), "JPEG", icc_profile=b"no profile"),
    "PNG with a broken profile": encoded(two_halves(), "PNG", icc_profile=b"no profile" * 50),
    "WebP with a broken profile": encoded(two_halves(), "WEBP", icc_profile=b"no profile" * 50),
    "PNG with a huge profile": encoded(two_halves(), "PNG", icc_profile=bytes(3 * 2**20)),
    "JPEG with the profile of a grey one": encoded(
        two_halves().convert("CMYK"), "JPEG", icc_profile=b"\0" * 200
    ),
    "JPEG with broken EXIF": encoded(two_halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(40)),
    "JPEG of 100 scans": with_scans(100),
    "JPEG with a film behind it": JPEG + b"\0\xff\xda" * 500,
    "PNG with a long text": with_png_chunk(
        encoded(two_halves(), "PNG"), b"zTXt", b"a\0\0" + zlib.compress(bytes(2**21))
    ),
    "PNG with much text": with_png_chunk(encoded(two_halves(), "PNG"), b"tEXt", b"a\0" + b"x" * 2**20),
    "moving WebP": encoded(two_halves(), "WEBP", save_all=True, append_images=[noise((60, 40))] * 3),
    "moving PNG": encoded(two_halves(), "PNG", save_all=True, append_images=[noise((60, 40))] * 3),
    "grey of 16 bits": encoded(GREY, "PNG"),
    "palette with transparency": encoded(two_halves().quantize(8), "PNG", transparency=1),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_but_whole_picture_is_taken(name):
    image = taken(ODD[name])
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_grey_of_16_bits_keeps_its_tones():
    image = taken(ODD["grey of 16 bits"])
    assert [image.getpixel((128, y))[0] for y in (5, 128, 250)] == pytest.approx([5, 128, 250], abs=3)


def test_large_picture_is_made_as_large_as_pages_show_it():
    assert taken(encoded(Image.new("RGB", (5000, 2500)), "JPEG")).size == (2400, 1200)


@pytest.mark.django_db
def test_photo_form_of_the_admin_takes_pictures_only(staff_client, settings):
    product = ProductFactory()

    def add(file):
        row = {"file": file, "alt": "From above", "position": 1}
        return change_in_admin(staff_client, product, inline={("photos", 0): row})

    response = add(ContentFile(SVG, "photo.jpg"))
    assert SENTENCES["UNKNOWN"] in str(response.context["errors"])
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert add(picture_file(kind="PNG")).status_code == 302
    assert product.photos.get().file.name.endswith(".jpg")


@pytest.mark.django_db
def test_photo_that_fails_half_way_leaves_no_file(staff_client, settings, monkeypatch):
    from shop.images.renditions import Rendition

    saved = []

    def fail_later(self, image):
        saved.append(self.name)
        if len(saved) > 2:
            raise OSError("No space left on device")
        original(self, image)

    original = Rendition.save
    monkeypatch.setattr(Rendition, "save", fail_later)
    with pytest.raises(OSError, match="No space left"):
        change_in_admin(
            staff_client,
            ProductFactory(),
            inline={("photos", 0): {"file": picture_file(), "alt": "x", "position": 0}},
        )
    assert len(saved) == 3
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
