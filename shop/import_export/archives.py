"""ZIP files of photos: nothing in them reaches the disk under its own name, or without a limit."""

import hashlib
import itertools
import re
import unicodedata
import zipfile
import zlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from shop.images.sandbox import plain_picture

from .problems import BadFileError

MOST_FILES = 20_000
MOST_BYTES = 20 * 2**20
MOST_DIRECTORY = 10 * 2**20  # bytes of the list of files
END_WITH_COMMENT = 2**16 + 42
ENCRYPTED = 0x1
KNOWN_BY = 16
# Who imports waits anyway, and a busy moment is no mistake in the file.
PATIENCE = 30  # seconds
PACKED_AS_USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
OUTSIDE = re.compile(r"/|[A-Za-z]:")
NOT_PHOTOS = ("__MACOSX/", ".", "Thumbs.db", "desktop.ini")


class PhotoArchive:
    """The photos in a ZIP file, by their address in it; the name alone does where only one has it.

    Raises BadFileError for what is no ZIP file, holds too much, or has names that lead elsewhere.
    """

    def __init__(self, file):
        check_directory(file)
        try:
            self.archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise BadFileError("The archive of photos is not a whole ZIP file.") from error
        entries = [info for info in self.archive.infolist() if not info.is_dir()]
        if len(entries) > MOST_FILES:
            raise BadFileError(f"The ZIP file holds {len(entries):,} files; at most {MOST_FILES:,} may be.")
        if any_overlap(entries):
            raise BadFileError("The ZIP file has files that share their data. Pack it again.")
        self.digests = {}
        self.entries = {}
        for info in entries:
            name = address(info.filename)
            if not name.rsplit("/", 1)[-1].startswith(NOT_PHOTOS) and not name.startswith(NOT_PHOTOS):
                if name in self.entries:
                    raise BadFileError(f"The ZIP file has two files with the name {name}.")
                self.entries[name] = info
        self.by_name = {}
        for name in self.entries:
            self.by_name.setdefault(name.rsplit("/", 1)[-1], []).append(name)

    def find(self, name):
        """Return the address of what a table calls name, or None."""
        name = unicodedata.normalize("NFC", name)
        if name in self.entries:
            return name
        same = self.by_name.get(name, [])
        return same[0] if len(same) == 1 else None

    def read(self, name):
        """Return the bytes at an address; raises ValidationError for what is damaged or too large."""
        info = self.entries[name]
        if info.flag_bits & ENCRYPTED or info.compress_type not in PACKED_AS_USUAL:
            raise ValidationError(f"{name} is encrypted, or packed in an unusual way.")
        # What it says of its size is not believed: reading stops at the limit as well.
        if info.file_size > MOST_BYTES:
            raise ValidationError(f"{name} is larger than {MOST_BYTES // 2**20} MB.")
        try:
            with self.archive.open(info) as file:
                content = file.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise ValidationError(f"{name} is damaged in the ZIP file.") from error
        if len(content) > MOST_BYTES:
            raise ValidationError(f"{name} is larger than {MOST_BYTES // 2**20} MB.")
        return content

    def digest(self, name):
        """Return what a file is known by when it comes again: KNOWN_BY hexadecimal digits."""
        if name not in self.digests:
            self.digests[name] = hashlib.sha256(self.read(name)).hexdigest()[:KNOWN_BY]
        return self.digests[name]

    def picture(self, name):
        """Return the file of a photo, checked as the product form checks it; raises ValidationError."""
        file = ContentFile(self.read(name), name.rsplit("/", 1)[-1])
        try:
            return plain_picture(file, patience=PATIENCE)
        except ValidationError as error:
            raise ValidationError(f"{name}: {' '.join(error.messages)}") from error


def check_directory(file):
    """Raise BadFileError for a list of files so long that reading it would take seconds."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - END_WITH_COMMENT))
    end = file.read()
    place = end.rfind(b"PK\5\6")
    is_large = b"PK\6\7" in end[max(0, place - 20) : place]  # as only archives of 4 GB need it
    size = int.from_bytes(end[place + 12 : place + 16], "little")
    if place >= 0 and (is_large or size > MOST_DIRECTORY):
        raise BadFileError(f"The ZIP file holds more than {MOST_FILES:,} files.")
    file.seek(0)


def any_overlap(entries):
    """Say whether bytes of an archive are used by two files of it, as in bombs."""
    places = sorted((info.header_offset, info.header_offset + info.compress_size) for info in entries)
    return any(end > start for (_, end), (start, _) in itertools.pairwise(places))


def address(name):
    """Return a name in a ZIP file as it is looked for; raises BadFileError for one that leads outside."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if ".." in name.split("/") or OUTSIDE.match(name):
        raise BadFileError(f"The ZIP file has a name that leads outside of it: {name!r:.80}.")
    return name
