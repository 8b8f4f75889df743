"""What attackers send: small, and dear to take in."""

import io
import struct
from functools import cache
from uuid import uuid4

from PIL import Image


@cache
def jpeg_of_many_scans(scans=500, size=(4000, 3000)):
    """Return a progressive JPEG that says over and over what it has said, each time for the whole picture."""
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 40).resize(size).save(buffer, "JPEG", progressive=True, quality=10)
    data = buffer.getvalue()
    starts = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    # The smallest scan that refines: what comes before it is needed once.
    lengths = [(end - start, start) for start, end in zip(starts, [*starts[1:], len(data) - 2], strict=True)]
    length, start = min(lengths[1:])
    scan = data[start : start + length]
    return data[:-2] + scan * (scans - len(starts)) + data[-2:]


@cache
def avif_of_megapixels(size=(7000, 7000)):
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 180, 160)).save(buffer, "AVIF", speed=10, quality=1)
    return buffer.getvalue()


@cache
def png_bomb(side=20_000):
    """Return a PNG whose head says that it is far larger than its body."""
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "PNG")
    data = bytearray(buffer.getvalue())
    data[16:24] = struct.pack(">II", side, side)
    return bytes(data)


def multipart(fields, files):
    """Return (body, content type) of a form with files: (name of the field, name of the file, bytes)."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, filename, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
