"""Entries of a table, written: all of a chunk together, in a number of queries that does not grow with it."""

from collections import Counter

from django.utils import timezone

from shop.catalogue.models import Photo, Product, Variant

PRODUCT_COLUMNS = [
    *("title", "status", "category", "brand", "description", "care", "specifications", "option_names"),
    *("listed_at", "version", "changed_at"),
    *("price", "price_max", "compare_at_price", "currency", "stock_shown"),
]
VARIANT_COLUMNS = [
    *("option_values", "price", "compare_at_price", "currency", "stock", "is_default", "position"),
]


class OvertakenError(Exception):
    """Somebody changed a product after its new photos were stored."""


def write_entries(entries, stored):
    """Write what changed, clear the pages that show it, and return how many of each kind were written.

    stored: {(slug, address): Photo} for what entries take from an archive, which takes them out.
    Belongs inside clearing(), with the known products' rows locked.
    """
    entries = [entry for entry in entries if entry.is_changed]
    known = [entry for entry in entries if not entry.is_new]
    for entry in entries:
        if entry.product.is_listed and not entry.product.listed_at:
            entry.product.listed_at = timezone.now()
    Product.objects.bulk_create([entry.product for entry in entries if entry.is_new])
    Product.objects.overwrite([entry.product for entry in known], PRODUCT_COLUMNS)
    written = {
        "products": len(entries),
        "variants": write_variants(entries),
        "photos": write_photos([entry for entry in entries if entry.photos is not None], stored),
    }
    return Counter(written)


def write_variants(entries):
    known = [v for e in entries for v in e.known_variants if e.has_changed_variants or e.new_variants]
    changed = {c.thing.pk for e in entries for c in e.changes if isinstance(c.thing, Variant)} - {None}
    new = [variant for entry in entries for variant in entry.new_variants]
    # Out of the way first: there are never two defaults.
    former = [e.former_default.pk for e in entries if e.former_default and not e.former_default.is_default]
    Variant.objects.filter(pk__in=former).update(is_default=False)
    Variant.objects.overwrite(known, VARIANT_COLUMNS)
    Variant.objects.bulk_create(new)
    return len(new) + len(changed)


def write_photos(entries, stored):
    kept, new = [], []
    for entry in entries:
        for position, (photo, alt) in enumerate(entry.photos):
            if isinstance(photo, str):
                photo = take(stored, entry, photo)
                new.append(photo)
            else:
                kept.append(photo)
            photo.product, photo.position, photo.alt = entry.product, position, alt
    gone = Photo.objects.filter(product__in=[entry.product for entry in entries])
    gone.exclude(pk__in=[photo.pk for photo in kept]).delete()
    Photo.objects.overwrite(kept, ["alt", "position"])
    Photo.objects.bulk_create(new)
    return len(new) + len(kept)


def take(stored, entry, address):
    """Take out the stored photo of an address; raises OvertakenError if it was not needed just before."""
    photo = stored.pop((entry.product.slug, address), None)
    if photo is None:
        raise OvertakenError
    return photo
