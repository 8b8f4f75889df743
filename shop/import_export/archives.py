"""Photos of products as ZIP files: nothing in them reaches the disk under its own name or without a limit."""

import itertools
import logging
import os
import re
import unicodedata
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from shop.catalogue.models import Photo
from shop.images.outside import digest_of
from shop.images.sandbox import plain_picture

from .report import ImportRefusedError

MOST_FILES = 20_000
MOST_BYTES = 20 * 2**20
MOST_DIRECTORY = 10 * 2**20  # bytes of the list of files
END_WITH_COMMENT = 2**16 + 42
ENCRYPTED = 0x1
# Who imports waits anyway, and a busy moment is no mistake in the file.
PATIENCE = 30  # seconds
PACKED_AS_USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
OUTSIDE = re.compile(r"/|[A-Za-z]:")
NOT_PHOTOS = ("__MACOSX/", ".", "Thumbs.db", "desktop.ini")
EXPORTED_AT_ONCE = 500
logger = logging.getLogger(__name__)


class PhotoArchive:
    """The photos in a ZIP file, by their path in it; the name alone does where only one has it.

    Raises ImportRefusedError for what is no ZIP file, holds too much, or has names that lead elsewhere.
    """

    def __init__(self, file):
        check_directory(file)
        try:
            self.archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise ImportRefusedError("The archive of photos is not a whole ZIP file.") from error
        members = [info for info in self.archive.infolist() if not info.is_dir()]
        if len(members) > MOST_FILES:
            raise ImportRefusedError(
                f"The ZIP file holds {len(members):,} files; at most {MOST_FILES:,} are allowed."
            )
        if any_overlap(members):
            raise ImportRefusedError("The ZIP file has files that share their data. Pack it again.")
        self.members, self.paths, self.digests = {}, {}, {}
        for info in members:
            path = safe_path(info.filename)
            if not name_of(path).startswith(NOT_PHOTOS) and not path.startswith(NOT_PHOTOS):
                if path in self.members:
                    raise ImportRefusedError(f"The ZIP file has two files with the name {path}.")
                self.members[path] = info
                self.paths.setdefault(name_of(path), []).append(path)

    def find(self, name):
        """Return the path of what a table calls name, or None."""
        name = unicodedata.normalize("NFC", name)
        if name in self.members:
            return name
        same = self.paths.get(name, [])
        return same[0] if len(same) == 1 else None

    def read(self, path):
        """Return the bytes of a file; raises ValidationError for what is damaged or too large."""
        info = self.members[path]
        if info.flag_bits & ENCRYPTED or info.compress_type not in PACKED_AS_USUAL:
            raise ValidationError(f"{path} is encrypted, or packed in an unusual way.")
        # What it says of its size is not believed: reading stops at the limit as well.
        content = b""
        if info.file_size <= MOST_BYTES:
            try:
                with self.archive.open(info) as file:
                    content = file.read(MOST_BYTES + 1)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                raise ValidationError(f"{path} is damaged in the ZIP file.") from error
        if max(info.file_size, len(content)) > MOST_BYTES:
            raise ValidationError(f"{path} is larger than {MOST_BYTES // 2**20} MB.")
        return content

    def digest(self, path):
        """Return what a file is known by when it comes again."""
        if path not in self.digests:
            self.digests[path] = digest_of(self.read(path))
        return self.digests[path]

    def picture(self, path):
        """Return the file of a photo, checked as the product form checks it; raises ValidationError."""
        file = ContentFile(self.read(path), name_of(path))
        try:
            return plain_picture(file, patience=PATIENCE)
        except ValidationError as error:
            raise ValidationError(f"{path}: {' '.join(error.messages)}") from error


def check_directory(file):
    """Raise ImportRefusedError for a list of files so long that reading it would take seconds."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - END_WITH_COMMENT))
    end = file.read()
    place = end.rfind(b"PK\5\6")
    is_large = b"PK\6\7" in end[max(0, place - 20) : place]  # as only archives of 4 GB need it
    size = int.from_bytes(end[place + 12 : place + 16], "little")
    if place >= 0 and (is_large or size > MOST_DIRECTORY):
        raise ImportRefusedError(f"The ZIP file holds more than {MOST_FILES:,} files.")
    file.seek(0)


def any_overlap(members):
    """Return whether bytes of an archive are used by two files of it, as in bombs."""
    places = sorted((info.header_offset, info.header_offset + info.compress_size) for info in members)
    return any(end > start for (_, end), (start, _) in itertools.pairwise(places))


def safe_path(name):
    """Return a name in a ZIP file in one form; raises ImportRefusedError for one that leads outside."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if ".." in name.split("/") or OUTSIDE.match(name):
        raise ImportRefusedError(f"The ZIP file has a name that leads outside of it: {name!r:.80}.")
    return name


def name_of(photo):
    """Return the name of the file of a photo, or of a file in an archive (its path)."""
    return (photo if isinstance(photo, str) else photo.file.name).rsplit("/", 1)[-1]


class Photos:
    """The photos that a table names: those that products have, and those in its archive.

    opened: the paths of pictures that were opened and are right, in a dict that is added to.
    """

    def __init__(self, archive, opened):
        self.archive, self.opened = archive, opened

    def find(self, present, pairs):
        """Return (Photo or path in the archive, text) for (name, text) pairs; raises ValidationError.

        A photo goes by the name of its file in the shop. A file of the archive that became one of
        the photos present is that photo.
        """
        unused, found = list(present), {}
        by_name = {name_of(photo): photo for photo in present}
        for name, text in pairs:
            photo = by_name.get(name) or self._find_in_archive(name, unused)
            if photo in found:
                raise ValidationError(f"“{name}” is the same picture as another one here.")
            if photo in unused:
                unused.remove(photo)
            found[photo] = text
        return list(found.items())

    def _find_in_archive(self, name, unused):
        path = self.archive and self.archive.find(name)
        if not path:
            place = "nor in the ZIP file" if self.archive else "and no ZIP file came with the table"
            raise ValidationError(f"“{name}” is neither a photo of this product {place}.")
        digest = self.archive.digest(path)
        known = next((photo for photo in unused if photo.digest == digest), None)
        if known is None and path not in self.opened:
            self.archive.picture(path)
            self.opened[path] = True
        return known or path

    def store(self, paths):
        """Store files of the archive with all their renditions, and return a Photo, unsaved, for each."""
        # Threads do: Pillow lets go of the interpreter's lock while it encodes.
        files = [self.archive.picture(path) for path in paths]
        photos = [Photo() for _ in paths]
        try:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(store_photo, photos, files))
        except BaseException:
            discard(photos)
            raise
        return photos


def store_photo(photo, file):
    photo.file.save(file.name, file, save=False)


def discard(photos):
    """Delete the files of photos that did not become rows."""
    for photo in photos:
        if photo.file:
            photo.file.delete(save=False)


def export_photos(products, file):
    """Write the photos of products into a ZIP file, under the names that their table gives them."""
    # Pictures are compressed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for product in products.for_page().order_by("pk").iterator(chunk_size=EXPORTED_AT_ONCE):
            for photo in product.photos.all():
                try:
                    with photo.file.open() as picture:
                        archive.writestr(name_of(photo), picture.read())
                except FileNotFoundError:
                    logger.warning("%s is missing, and left out of an export", photo.file.name)
