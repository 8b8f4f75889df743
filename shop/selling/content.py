"""What the product form holds, as plain data, of which drafts, staged edits, previews and conflicts are made.

A content is a dict that JSON can hold: texts as they were typed, and rows in their order. The key
of a row names the variant, photo or upload behind it; the key of a row that is new is random.
"""

import secrets
from itertools import zip_longest

from shop.catalogue.models import Product
from shop.fields.ids import read_id
from shop.fields.texts import clean_line

OPTIONS = (1, 2, 3)
FIELDS = {field.name: field for field in Product.typed_fields()}
TEXTS = (*FIELDS, "default", *(f"option_{n}" for n in OPTIONS))
VARIANT = ("key", *(f"value_{n}" for n in OPTIONS), "sku", "price", "compare_at_price", "stock")
ROWS = {"photos": ("key", "alt"), "variants": VARIANT, "specifications": ("name", "value")}


def blank_content():
    """Return what the form of a new product starts with."""
    variant = new_variant()
    rows = {"photos": [], "variants": [variant], "specifications": [blank_row("specifications")]}
    return dict.fromkeys(TEXTS, "") | {"default": variant["key"]} | rows


def content_of(product):
    """Return the content that a saved product would be typed in as."""
    variants = list(product.variants.all())
    return {
        **{name: str(getattr(product, field.attname)) for name, field in FIELDS.items()},
        "default": next((str(variant.pk) for variant in variants if variant.is_default), ""),
        **numbered("option", product.option_names),
        "photos": [{"key": f"photo-{photo.pk}", "alt": photo.alt} for photo in product.photos.all()],
        "variants": [row_of(variant) for variant in variants],
        "specifications": [{"name": name, "value": value} for name, value in product.specifications],
    }


def row_of(variant):
    former = variant.compare_at_price
    return {
        "key": str(variant.pk),
        **numbered("value", variant.option_values),
        "sku": variant.sku,
        "price": f"{variant.price:.2f}",
        "compare_at_price": "" if former is None else f"{former:.2f}",
        "stock": str(variant.stock),
    }


def typed_content(post):
    """Return the content of a form as it was sent; rows without a key of theirs are left as they are."""
    content = {name: tidy(name, post.get(name, "")) for name in TEXTS}
    for kind, names in ROWS.items():
        columns = [[tidy(name, value) for value in post.getlist(f"{kind}-{name}")] for name in names]
        content[kind] = [dict(zip(names, row, strict=True)) for row in zip_longest(*columns, fillvalue="")]
    return content


def shaped(data):
    """Return data that came from outside as a content, with nothing where something is missing or odd."""
    data = data if isinstance(data, dict) else {}
    content = _texts(data, TEXTS)
    for kind, names in ROWS.items():
        rows = data.get(kind) if isinstance(data.get(kind), list) else []
        content[kind] = [_texts(row, names) for row in rows if isinstance(row, dict)]
    return content


def _texts(data, names):
    return {name: tidy(name, str(data.get(name, ""))) for name in names}


def tidy(name, text):
    """Return a text as the field of that name would have it."""
    return getattr(FIELDS.get(name), "clean_text", clean_line)(text)


def numbered(name, values):
    """Return {"name_1": …}, as many as there may be options."""
    return {f"{name}_{n}": value for n, value in zip_longest(OPTIONS, values[: len(OPTIONS)], fillvalue="")}


def blank_row(kind):
    return dict.fromkeys(ROWS[kind], "")


def new_variant(**values):
    return blank_row("variants") | {"stock": "1"} | values | {"key": new_key()}


def new_key():
    return f"new-{secrets.token_hex(8)}"


def pictures_in(content, kind):
    """Return the numbers of the photos or uploads ("photo" or "upload") that a content shows."""
    keys = [row["key"].partition("-") for row in content["photos"]]
    numbers = [read_id(number) for found, _, number in keys if found == kind]
    return [number for number in numbers if number is not None]
