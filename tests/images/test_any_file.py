"""Whatever file is sent: the answer is a picture or a sentence."""

import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shop.images.outside import SENTENCES, check_outside
from shop.images.sandbox import MAX_SIDE, plain_logo, plain_picture

MODES = {
    "JPEG": ["L", "RGB", "CMYK"],
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "WEBP": ["L", "RGB", "RGBA"],
    "AVIF": ["L", "RGB", "RGBA"],
}
SIDES = st.one_of(st.integers(1, 40), st.sampled_from([160, 161, 400, 2401]))


@st.composite
def files(draw):
    """Return the file of a picture, whole or cut, changed or with something behind it."""
    kind = draw(st.sampled_from(list(MODES)))
    image = Image.new(draw(st.sampled_from(MODES[kind])), (draw(SIDES), draw(SIDES)))
    options = {}
    if draw(st.booleans()):
        options["icc_profile"] = draw(st.binary(max_size=300))
    if kind == "JPEG":
        options["progressive"] = draw(st.booleans())
    if kind in ("JPEG", "WEBP") and draw(st.booleans()):
        options["exif"] = b"Exif\0\0" + draw(st.binary(max_size=80))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return changed(draw, buffer.getvalue())


def changed(draw, content):
    match draw(st.sampled_from(["whole", "whole", "cut", "changed", "longer"])):
        case "cut":
            return content[: draw(st.integers(0, len(content)))]
        case "changed":
            place, bytes_ = draw(st.integers(0, len(content))), draw(st.binary(max_size=8))
            return content[:place] + bytes_ + content[place + len(bytes_) :]
        case "longer":
            return content + draw(st.binary(max_size=200))
    return content


STARTS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"\0\0\0\x20ftypavif", b""]
SAID = {text.replace("{most}", most) for text in SENTENCES.values() for most in ("50", "32", "16")}


@settings(deadline=None, max_examples=40)
@given(files(), st.sampled_from([plain_picture, plain_logo]))
def test_any_file_of_a_picture_is_taken_or_explained(content, make):
    try:
        picture = make(ContentFile(content, "x"))
    except ValidationError as error:
        assert set(error.messages) <= SAID
    else:
        with Image.open(picture) as image:
            assert image.mode in ("RGB", "RGBA")
            assert max(image.size) <= MAX_SIDE


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_any_bytes_are_looked_at_from_outside(start, rest):
    try:
        assert check_outside(start + rest) in MODES
    except ValidationError as error:
        assert set(error.messages) <= SAID
