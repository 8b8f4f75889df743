"""Pictures as files, and files that are none or that nobody should have to open."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from shop.images.outside import SENTENCES


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(size=(300, 300)):
    return Image.effect_noise(size, 90).convert("RGB")


def png_that_claims(width, height):
    """Return a small PNG that says it is this large, with the data of one row."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1 + width * 3))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def with_zip(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hidden.txt", "hidden")
    return content + buffer.getvalue()


def too_many(millions):
    return SENTENCES["TOO_MANY_PIXELS"].replace("{most}", str(millions))


def with_scans(number):
    """Return a progressive JPEG that has its last scan again and again."""
    content = encoded(noise((64, 64)), "JPEG", progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * (number - content.count(b"\xff\xda")) + content[-2:]


JPEG = encoded(noise(), "JPEG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "empty": (b"", SENTENCES["EMPTY"]),
    "text": (b"just words", SENTENCES["UNKNOWN"]),
    "SVG": (SVG, SENTENCES["UNKNOWN"]),
    "HTML": (b"<!doctype html><title>x</title>", SENTENCES["UNKNOWN"]),
    "PDF": (b"%PDF-1.7\n", SENTENCES["UNKNOWN"]),
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(400), SENTENCES["HEIC"]),
    "GIF": (encoded(noise(), "GIF"), SENTENCES["UNKNOWN"]),
    "BMP": (encoded(noise(), "BMP"), SENTENCES["UNKNOWN"]),
    "TIFF": (encoded(noise(), "TIFF"), SENTENCES["UNKNOWN"]),
    "picture and ZIP": (with_zip(JPEG), SENTENCES["DOUBLE"]),
    "picture and page": (JPEG + b"<SCRIPT>alert(1)</SCRIPT>", SENTENCES["DOUBLE"]),
    "picture and program": (encoded(noise(), "JPEG", comment=b"<?php system('id');"), SENTENCES["DOUBLE"]),
    "PDF inside": (encoded(noise(), "JPEG", comment=b"%PDF-1.7"), SENTENCES["DOUBLE"]),
    "cut JPEG": (JPEG[: len(JPEG) // 2], SENTENCES["DAMAGED"]),
    "cut PNG": (encoded(noise(), "PNG")[:9000], SENTENCES["DAMAGED"]),
    "cut WebP": (encoded(noise(), "WEBP")[:4000], SENTENCES["DAMAGED"]),
    "cut AVIF": (encoded(noise(), "AVIF")[:4000], SENTENCES["DAMAGED"]),
    "JPEG of 500 scans": (with_scans(500), SENTENCES["TOO_MANY_SCANS"]),
    "JPEG of many segments": (JPEG[:2] + b"\xff\xfe\0\x02" * 9000 + JPEG[2:], SENTENCES["TOO_MANY_SCANS"]),
    "large AVIF": (encoded(Image.new("L", (4100, 4100)), "AVIF", speed=10), too_many(16)),
    "large WebP": (encoded(Image.new("L", (4100, 4100)), "WEBP", method=0), too_many(16)),
    "one pixel": (encoded(Image.new("L", (1, 1)), "PNG"), SENTENCES["TOO_SMALL"]),
    "a line": (encoded(Image.new("L", (2400, 4)), "PNG"), SENTENCES["TOO_SMALL"]),
    "a strip": (encoded(Image.new("L", (2400, 20)), "JPEG"), SENTENCES["TOO_NARROW"]),
    "many pixels": (png_that_claims(8000, 8000), too_many(32)),
    "bomb": (png_that_claims(60_000, 60_000), too_many(32)),
}
