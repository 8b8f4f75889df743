"""The photos that a table names: those a product has, and those that come with it in an archive."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError

from shop.catalogue.models import Photo


class Photos:
    """The photos that products have, and are to have: as lists of (Photo or address in the archive, text)."""

    def __init__(self, archive=None):
        self.archive, self.checked = archive, set()

    def present(self, product):
        return [] if product.pk is None else [(photo, photo.alt) for photo in product.photos.all()]

    def wanted(self, product, pairs):
        """Return what the pairs of a cell (name, text) stand for; raises ValidationError.

        A photo goes by the name of its file in the shop. A file of the archive that became a
        photo of the product before is that photo.
        """
        unused = [photo for photo, _ in self.present(product)]
        by_name = {name_of(photo): photo for photo in unused}
        wanted = []
        for name, text in pairs:
            photo = by_name.get(name) or self._from_archive(name, unused)
            if any(photo == other for other, _ in wanted):
                raise ValidationError(f"“{name}” is a picture that is there already.")
            if photo in unused:
                unused.remove(photo)
            wanted.append((photo, text))
        return wanted

    def _from_archive(self, name, unused):
        address = self.archive and self.archive.find(name)
        if not address:
            place = "nor in the ZIP file" if self.archive else "and no ZIP file came with the table"
            raise ValidationError(f"“{name}” is neither a photo of this product {place}.")
        known = next((photo for photo in unused if is_made_of(photo, self.archive.digest(address))), None)
        if known is None and address not in self.checked:
            self.archive.picture(address)
            self.checked.add(address)
        return known or address

    def store(self, addresses):
        """Store files of the archive with all their renditions, and return a Photo, unsaved, for each."""
        # Threads do: Pillow lets go of the interpreter's lock while it encodes.
        files = [self.archive.picture(address) for address in addresses]
        photos = [Photo() for _ in addresses]
        for photo, address in zip(photos, addresses, strict=True):
            photo.known_by = self.archive.digest(address)
        try:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(store_photo, photos, files))
        except BaseException:
            discard(photos)
            raise
        return photos


def name_of(photo):
    return photo.file.name.rsplit("/", 1)[-1]


def is_made_of(photo, digest):
    return name_of(photo).startswith(digest)


def store_photo(photo, file):
    photo.file.save(file.name, file, save=False)


def discard(photos):
    """Delete the files of photos that did not become rows."""
    for photo in photos:
        if photo.file:
            photo.file.delete(save=False)
