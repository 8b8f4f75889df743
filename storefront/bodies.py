"""Request bodies, read completely before the shop sees the request, by half of the threads at most.

Behind nginx they arrive at once. Without it, slow senders would hold threads for as long as they like; this
way forms may wait for one another, but pages never wait for forms.
"""

import time
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore

from django.conf import settings

CHUNK, MOST_IN_MEMORY = 64 * 1024, 1024 * 1024
LARGEST = 256 * 1024 * 1024  # bytes: as deploy/nginx.conf has it for imports
SECONDS_IN_ALL, SECONDS_FOR_A_PLACE = 60, 1
PLACES = BoundedSemaphore(max(1, settings.THREADS // 2))


class UnreadableError(Exception):
    """A body that is not read; status is the answer to its sender."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


def has_body(environ):
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def read_body(environ):
    """Return the whole body as a file; raises UnreadableError."""
    if not PLACES.acquire(timeout=SECONDS_FOR_A_PLACE):
        raise UnreadableError("503 Service Unavailable")
    try:
        return _copy(environ["wsgi.input"])
    except OSError as error:  # The disk is full.
        raise UnreadableError("503 Service Unavailable") from error
    finally:
        PLACES.release()


def _copy(source):
    deadline = time.monotonic() + SECONDS_IN_ALL
    body = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - closed with the request
    while chunk := source.read(CHUNK):
        body.write(chunk)
        if body.tell() > LARGEST:
            raise UnreadableError("413 Content Too Large")
        if time.monotonic() > deadline:
            raise UnreadableError("408 Request Timeout")
    body.seek(0)
    return body
