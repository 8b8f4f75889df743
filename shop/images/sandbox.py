"""Untrusted pictures, each opened in a process of its own, a few at a time."""

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import PIL
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from . import decoding
from .outside import MAX_BYTES, check_outside, digest_of, refusal

# As wide as the widest rendition of a photo.
MAX_SIDE = 2400
LOGO_SIDE = 512
# One is opened at a time and two may wait; the rest are refused at once, so that threads are left
# for pages.
AT_ONCE, WAITING = 1, 2
PATIENCE = 5  # seconds
SECONDS = 40  # of a process; its own limits end it long before
BUSY = "Many pictures are being sent at the moment. Please try again in a moment."
COMMAND = [sys.executable, "-I", "-S", decoding.__file__, str(Path(PIL.__file__).parent.parent)]

_places = threading.BoundedSemaphore(AT_ONCE)
_waiting = threading.BoundedSemaphore(WAITING)


def plain_picture(file, patience=PATIENCE):
    """Return a picture as a JPEG: upright, in sRGB, at most MAX_SIDE wide and high, without metadata.

    Raises a ValidationError that says what to do about it, before decoding where that is possible;
    its code is "busy" if the picture was not looked at, after so many seconds.
    """
    return redrawn(file, "picture.jpg", "JPEG", MAX_SIDE, patience)


def plain_logo(file):
    """Return a picture as a WebP, which may be transparent, at most LOGO_SIDE wide and high."""
    return redrawn(file, "logo.webp", "WEBP", LOGO_SIDE)


def redrawn(file, name, kind, side, patience=PATIENCE):
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    its_kind = check_outside(content)
    with place(patience):
        status, answer = decoded(content, kind, side)
    if status == decoding.REFUSED:
        raise refusal(answer.decode(), its_kind)
    if status:  # ended by its limits
        raise refusal("TOO_HARD")
    picture = ContentFile(answer, name)
    picture.source_digest = digest_of(content)
    return picture


@contextmanager
def place(patience):
    """Wait for a turn to open a picture; raises ValidationError if there is none."""
    if not _places.acquire(blocking=False) and not _waited(patience):
        raise ValidationError(BUSY, code="busy")
    try:
        yield
    finally:
        _places.release()


def _waited(patience):
    if not _waiting.acquire(blocking=False):
        return False
    try:
        return _places.acquire(timeout=patience)
    finally:
        _waiting.release()


def decoded(content, kind, side):
    """Return the exit status and the output of a process that opens a picture."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of our own, and numbers
            [*COMMAND, kind, str(side)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, b""
    return done.returncode, done.stdout
