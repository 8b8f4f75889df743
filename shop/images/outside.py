"""What a picture's file shows without decoding: kind, size and number of scans."""

import hashlib
import io
import math
import re
import struct
import zipfile

from django.core.exceptions import ValidationError

from .decoding import LEAST_SIDE, MOST_ASPECT, MOST_PIXELS, RefusedError, check_size

MAX_BYTES = 20 * 2**20
MOST_SCANS = 100
# A segment holds up to 64 kB; pictures have some dozens.
MOST_SEGMENTS = 2000
HEIC_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1")
# No picture contains these by chance; pages and programs do.
MARKUP = [b"<script", b"<html", b"<!doctype", b"<?php"]
# Inside a scan, 0xFF is followed by 0 (a value) or by a restart marker.
MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
SCAN, END, TEMPORARY, START = 0xDA, 0xD9, 0x01, 0xD8
UNKNOWN_SIZE = (0, 0)

SENTENCES = {
    "EMPTY": "This file is empty. Was it copied to the end?",
    "TOO_LARGE": f"This file is larger than {MAX_BYTES // 2**20} MB. Save it smaller, or as JPEG.",
    "UNKNOWN": "This is not a JPEG, PNG, WebP or AVIF picture. Save it as one of these first.",
    "HEIC": "This is a HEIC picture, as some phones take them. Save or share it as a JPEG first.",
    "DOUBLE": (
        "This picture has something else hidden in the same file. Save it again as a plain JPEG or PNG."
    ),
    "DAMAGED": "This picture is damaged or not complete. Try to save or send it again.",
    "TOO_MANY_PIXELS": (
        "This picture has too many pixels: more than {most} million, for its kind of file. "
        "Make it smaller: 2400 pixels wide are plenty."
    ),
    "TOO_SMALL": f"This picture is too small. It needs at least {LEAST_SIDE} pixels in width and height.",
    "TOO_NARROW": (
        f"This picture is too narrow: one side is more than {MOST_ASPECT} times the other. Crop it first."
    ),
    "TOO_MANY_SCANS": "This JPEG is made of far too many layers. Save it again as a plain JPEG.",
    "TOO_HARD": "This picture takes too long or too much memory to open. Save it again as a plain JPEG.",
}


def refusal(name, kind="JPEG"):
    """Return the ValidationError for a key of SENTENCES; kind: the format whose pixel limit it names."""
    message = SENTENCES[name].replace("{most}", str(MOST_PIXELS[kind] // 1_000_000))
    return ValidationError(message, code=name.lower())


def check_outside(content):
    """Return the kind of a picture's file, given as bytes.

    Raises ValidationError for what is refused unopened.
    """
    if not content:
        raise refusal("EMPTY")
    if len(content) > MAX_BYTES:
        raise refusal("TOO_LARGE")
    kind = kind_of(content)
    if has_more_inside(content):
        raise refusal("DOUBLE" if kind else "UNKNOWN")
    if not kind:
        raise refusal("HEIC" if content[4:12] in HEIC_BRANDS else "UNKNOWN")
    size, scans = SIZES[kind](content)
    if scans > MOST_SCANS:
        raise refusal("TOO_MANY_SCANS")
    try:
        if all(size):
            check_size(kind, *size)
    except RefusedError as error:
        raise refusal(str(error), kind) from error
    return kind


def digest_of(content):
    """Return the digest by which a file is recognised when it is sent again."""
    return hashlib.sha256(content).hexdigest()


def kind_of(content):
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return "AVIF" if content[4:12] in (b"ftypavif", b"ftypavis") else ""


def has_more_inside(content):
    lowered = content.lower()
    is_zip = zipfile.is_zipfile(io.BytesIO(content))
    return is_zip or b"%pdf-" in lowered[:1024] or any(tag in lowered for tag in MARKUP)


def size_in_jpeg(content):
    """Return the largest size that a JPEG declares, and its number of scans.

    Those of the picture only: what phones append to it, such as a film, is not looked at.
    """
    size, scans, position = UNKNOWN_SIZE, 0, 2
    for _ in range(MOST_SEGMENTS):
        found = MARKER.search(content, position)
        if not found or found[1][0] == END:
            return size, scans
        code, position = found[1][0], found.end()
        if code in (START, TEMPORARY):
            continue
        if code in FRAMES and len(content) >= position + 7:
            height, width = struct.unpack_from(">HH", content, position + 3)
            size = max(size, (width, height), key=math.prod)
        scans += code == SCAN
        position += int.from_bytes(content[position : position + 2], "big")
    return size, MOST_SCANS + 1


def size_in_png(content):
    return struct.unpack_from(">II", content, 16) if len(content) >= 24 else UNKNOWN_SIZE, 0


def size_in_webp(content):
    if len(content) < 30:
        return UNKNOWN_SIZE, 0
    match content[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(content[n : n + 3], "little") + 1 for n in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = (n & 0x3FFF for n in struct.unpack_from("<HH", content, 26))
    return (width, height), 0


def size_in_avif(content):
    """Return the largest size declared before the data: of the picture, a tile or its alpha channel."""
    start = content[: 2**16]
    sizes = [
        struct.unpack_from(">II", start, found.end() + 4)
        for found in re.finditer(b"ispe", start)
        if found.end() + 12 <= len(start)
    ]
    return max(sizes, key=math.prod, default=UNKNOWN_SIZE), 0


SIZES = {"JPEG": size_in_jpeg, "PNG": size_in_png, "WEBP": size_in_webp, "AVIF": size_in_avif}
