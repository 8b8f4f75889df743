"""Decode one picture from standard input and redraw it to standard output; run by sandbox.py.

It imports nothing of the shop, and its process has limits that the shop's own could not have.
Exits with 0 and a picture, or with REFUSED and the name of what is wrong with it.
"""

import contextlib
import io
import os
import resource
import sys
from pathlib import Path

REFUSED = 3
CPU_SECONDS = 8
MEMORY = 900 * 2**20  # bytes of address space
LARGEST_PROFILE = 4 * 2**20  # bytes
# A JPEG is decoded at a fraction of its size; the others take four bytes a pixel and more.
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 32_000_000, "WEBP": 16_000_000, "AVIF": 16_000_000}
LEAST_SIDE = 16
MOST_ASPECT = 10
ORIENTATION = 0x0112
WRITTEN = {"JPEG": {"quality": 92, "optimize": True}, "WEBP": {"quality": 85}}


class RefusedError(Exception):
    """A picture is refused; its text is a key of outside.SENTENCES."""


def main(packages, kind, side):
    limit_process()
    sys.path.append(packages)
    try:
        picture = redrawn(sys.stdin.buffer.read(), kind, int(side))
    except RefusedError as refusal:
        answer(str(refusal).encode(), REFUSED)
    # Anything else that a decoder raises is the picture's fault.
    except Exception as error:  # noqa: BLE001
        answer(b"TOO_HARD" if isinstance(error, MemoryError) else b"DAMAGED", REFUSED)
    answer(picture, 0)


def limit_process():
    # Pages come first: when memory runs out, this process is killed.
    os.nice(5)
    with contextlib.suppress(OSError):  # only on Linux
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def answer(content, status):
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    # Skip the clean-up: the process ends here.
    os._exit(status)


def redrawn(content, kind, side):
    """Return a picture as a JPEG or WebP: upright, in sRGB, at most this wide and high, without metadata."""
    from PIL import AvifImagePlugin, Image, PngImagePlugin

    # One thread per core would exceed the limit of address space.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    PngImagePlugin.MAX_TEXT_CHUNK = LARGEST_PROFILE
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(content), formats=list(MOST_PIXELS)) as image:
        check_size("JPEG" if image.format == "MPO" else image.format, *image.size)
        image.draft("RGB", (side, side))
        image.load()
        turn, profile = turn_of(image), image.info.get("icc_profile")
        image = in_usual_mode(image)
    image.thumbnail((side, side))
    image = image if turn is None else image.transpose(turn)
    buffer = io.BytesIO()
    finished(image, profile, kind).save(buffer, kind, **WRITTEN[kind])
    return buffer.getvalue()


def check_size(kind, width, height):
    """Raise RefusedError for a picture of this kind that is too large, too small or too narrow."""
    if width * height > MOST_PIXELS[kind]:
        raise RefusedError("TOO_MANY_PIXELS")
    if min(width, height) < LEAST_SIDE:
        raise RefusedError("TOO_SMALL")
    if max(width, height) > MOST_ASPECT * min(width, height):
        raise RefusedError("TOO_NARROW")


def turn_of(image):
    """Return the transposition that EXIF data ask for; None if they are missing or broken."""
    from PIL import Image

    turns = ["FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270"]
    turns += ["TRANSVERSE", "ROTATE_90"]
    try:
        orientation = image.getexif().get(ORIENTATION)
    except Exception:  # noqa: BLE001 - broken EXIF data do not make a broken picture
        return None
    is_known = isinstance(orientation, int) and 2 <= orientation <= 8
    return Image.Transpose[turns[orientation - 2]] if is_known else None


def in_usual_mode(image):
    """Return a picture in one of the modes RGB, RGBA and CMYK."""
    if image.mode.startswith("I"):  # 16-bit grey, which convert("L") would clip
        image = image.convert("I").point(lambda value: value * (1 / 256) + 0).convert("L")
        image.info.pop("transparency", None)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")


def finished(image, profile, kind):
    """Return a picture in sRGB: on white for a JPEG, with its transparency otherwise."""
    from PIL import Image

    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    picture = in_srgb(image.convert("RGB") if alpha else image, profile)
    if alpha and kind == "JPEG":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=alpha)
        picture = ground
    elif alpha:
        picture.putalpha(alpha)
    picture.info.clear()
    return picture


def in_srgb(image, profile):
    if profile and len(profile) <= LARGEST_PROFILE:
        from PIL import ImageCms

        # Ignore a profile that is broken or does not fit its picture.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, TypeError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


if __name__ == "__main__":
    main(*sys.argv[1:])
