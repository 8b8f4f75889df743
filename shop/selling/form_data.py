"""The data of the product form, from which drafts, staged edits, previews and conflicts are made.

A dict that JSON can hold: texts as typed, and rows in their order. The key of a row names its
variant, photo or upload; the key of a new row is random.
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


def blank_form_data():
    """Return the data that the form of a new product starts with."""
    variant = new_variant()
    rows = {"photos": [], "variants": [variant], "specifications": [blank_row("specifications")]}
    return dict.fromkeys(TEXTS, "") | {"default": variant["key"]} | rows


def form_data_of(product):
    """Return a saved product as form data."""
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


def submitted_form_data(post):
    """Return the data of a submitted form."""
    data = {name: tidy(name, post.get(name, "")) for name in TEXTS}
    for kind, names in ROWS.items():
        columns = [[tidy(name, value) for value in post.getlist(f"{kind}-{name}")] for name in names]
        data[kind] = [dict(zip(names, row, strict=True)) for row in zip_longest(*columns, fillvalue="")]
    return data


def parse_form_data(json):
    """Return untrusted JSON as form data: what is missing or malformed becomes blank."""
    json = json if isinstance(json, dict) else {}
    data = _texts(json, TEXTS)
    for kind, names in ROWS.items():
        rows = json.get(kind) if isinstance(json.get(kind), list) else []
        data[kind] = [_texts(row, names) for row in rows if isinstance(row, dict)]
    return data


def _texts(data, names):
    return {name: tidy(name, str(data.get(name, ""))) for name in names}


def tidy(name, text):
    """Return a text as the field of that name would clean it."""
    return getattr(FIELDS.get(name), "clean_text", clean_line)(text)


def numbered(name, values):
    """Return {"name_1": …} for every option, blank where there is no value."""
    return {f"{name}_{n}": value for n, value in zip_longest(OPTIONS, values[: len(OPTIONS)], fillvalue="")}


def blank_row(kind):
    return dict.fromkeys(ROWS[kind], "")


def new_variant(**values):
    return blank_row("variants") | {"stock": "1"} | values | {"key": new_key()}


def new_key():
    return f"new-{secrets.token_hex(8)}"


def pictures_in(data, kind):
    """Return the ids of the photos or uploads (kind: "photo" or "upload") in form data."""
    keys = [row["key"].partition("-") for row in data["photos"]]
    numbers = [read_id(number) for found, _, number in keys if found == kind]
    return [number for number in numbers if number is not None]
