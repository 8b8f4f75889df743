"""Make the demo shop larger, and write its products down: python -m peer.goods FILE PRODUCTS."""

import json
import sys
from pathlib import Path

import django

django.setup()

from shop.caching.versions import clearing  # noqa: E402
from shop.catalogue.models import Photo, Product  # noqa: E402


def main(path, total):
    originals = list(Product.objects.listed())
    with clearing():
        for number in range(int(total) - len(originals)):
            copy(originals[number % len(originals)], number)
    Path(path).write_text(json.dumps([facts(product) for product in Product.objects.listed()]))


def copy(original, number):
    """Add a product like another; its photos are the same files."""
    variants, photos = list(original.variants.all()), list(original.photos.all())
    product = Product.objects.get(pk=original.pk)
    product.pk, product.slug, product.title = None, f"{product.slug}-{number}", f"{product.title} {number}"
    product.save(force_insert=True)
    for variant in variants:
        variant.pk, variant.product, variant.sku = None, product, f"{variant.sku}-{number}"
        variant.save(force_insert=True)
    Photo.objects.bulk_create([clone(photo, product) for photo in photos])


def clone(photo, product):
    photo.pk, photo.product = None, product
    return photo


def facts(product):
    photo = product.photos.first()
    return {
        "title": product.title,
        "pk": product.pk,
        "slug": product.slug,
        "category_path": product.category.path,
        "description": product.description,
        "price": str(product.price),
        "stock": 20,
        "sku": product.variants.first().sku,
        "category": product.category.name,
        "maker": product.seller.name,
        "photo": photo.file.path if photo else None,
    }


main(*sys.argv[1:])
