"""The photos of the demo shop: known by their content, stored on all cores."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.files import File

from shop.catalogue.models import Photo
from shop.images.outside import digest_of


def match_photos(products, folder):
    """Return {(slug, position): Photo}, and (Photo, path) of those that are still to be stored."""
    photos, new = {}, []
    for entry in products:
        stored = Photo.objects.filter(product__slug=entry["slug"])
        for position, item in enumerate(entry["photos"]):
            path = folder / item["file"]
            photo = next((photo for photo in stored if has_content(photo, path)), None)
            if photo is None:
                photo = Photo()
                new.append((photo, path))
            photos[entry["slug"], position] = photo
    return photos, new


def store_photos(new):
    """Store each picture with its renditions, and yield as many times."""
    # Threads do: Pillow lets go of the interpreter's lock while it encodes. They touch no
    # database, since photos are saved as rows later.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(store_photo, new)


def store_photo(pair):
    photo, path = pair
    with path.open("rb") as file:
        photo.file.save(path.name, File(file), save=False)


def has_content(photo, path):
    return photo.digest == digest_of(path.read_bytes()) and photo.file.storage.exists(photo.file.name)
