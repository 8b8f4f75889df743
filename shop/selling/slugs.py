"""Slugs and SKUs, made where nobody chose one."""

import re
from itertools import count

from django.utils.text import slugify

from shop.catalogue.models import Product, Redirect
from shop.catalogue.models.products import product_url


def unique_slug(product, former_title=""):
    """Return a slug for a product that no other product has or had.

    It follows the title, unless somebody chose another than its former title makes.
    """
    start = slug_start(product.title)
    is_chosen = product.slug and not is_made_of(product.slug, former_title)
    if is_chosen or is_made_of(product.slug, product.title):
        return product.slug
    return next(slug for slug in _numbered(start) if not _is_used(slug, product))


def is_made_of(slug, title):
    return re.fullmatch(rf"{re.escape(slug_start(title))}(-\d+)?", slug)


def slug_start(title):
    return slugify(title)[:200] or "product"


def _is_used(slug, product):
    used = Product.objects.with_slugs([slug]).exclude(pk=product.pk).exists()
    return used or Redirect.objects.filter(old_path=product_url(slug)).exists()


def generate_sku(title, taken):
    start = slugify(title).upper()[:24].strip("-") or "ARTICLE"
    return next(sku for sku in _numbered(start) if sku not in taken)


def _numbered(start):
    yield start
    yield from (f"{start}-{n}" for n in count(2))
