"""The columns of a table of products: what each shows, how it is read, whose it is.

The same go out and come in. A cell that says what the shop would write there itself is never
read, so a table that was exported and imported again changes nothing, whatever is in it.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from babel.numbers import is_currency
from django.core.exceptions import ValidationError

from shop.catalogue.models import Photo, Product, Variant
from shop.fields.pairs import WordsField, read_pairs, show_pairs

YES, NO = {"yes", "true", "1", "x"}, {"no", "false", "0", ""}
MOST_PHOTOS = 12


def optional(value):
    return "" if value is None else str(value)


def read_price(text):
    return read_quantity("price", text, "a number like 12.50 or 12,50, without a currency")


def read_former_price(text):
    return read_price(text) if text else None


def read_count(text):
    return read_quantity("stock", text, "a whole number, 0 or more")


def read_quantity(name, text, wanted):
    """Return a quantity of a variant, within the limits of its column.

    Nobody can ask the program that may have written a file whether 1.250 is 1250 or 1.25.
    """
    column = Variant._meta.get_field(name)
    field = column.formfield()
    field.is_typed = False
    try:
        value = field.clean(text)
        column.run_validators(value)
    except ValidationError as error:
        reason = " ".join(error.messages)
        raise ValidationError(f"“{text:.30}” should be {wanted}. {reason}".strip()) from error
    return value


def read_currency(text):
    if not is_currency(text):
        raise ValidationError(f"“{text:.30}” should be the three letters of a currency, like EUR.")
    return text


def read_status(text):
    if text.lower() not in Product.Status.values:
        raise ValidationError(f"“{text:.30}” should be one of {', '.join(Product.Status.values)}.")
    return Product.Status(text.lower())


def read_yes_or_no(text):
    if text.lower() not in YES | NO:
        raise ValidationError(f"“{text:.30}” should be yes, or empty.")
    return text.lower() in YES


def read_text(field):
    """Return the function that reads a text as a form would, with the field's limits."""
    form_field = field.formfield()
    form_field.required = False
    return form_field.clean


def read_specifications(text):
    return Product._meta.get_field("specifications").clean(read_pairs(text), None)


def read_options(text):
    pairs = read_pairs(text)
    WordsField(blank=True).clean([value for _, value in pairs], None)
    WordsField(blank=True).clean([name for name, _ in pairs], None)
    check_names(pairs)
    return pairs


def read_photos(text):
    pairs = read_pairs(text)
    if len(pairs) > MOST_PHOTOS:
        raise ValidationError(f"There are {len(pairs)}; at most {MOST_PHOTOS} can be kept.")
    for _, alt in pairs:
        Photo._meta.get_field("alt").clean(alt, None)
    check_names(pairs)
    return pairs


def check_names(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValidationError("Something is named twice.")


def read_category(categories, text):
    """Return the category at a path; categories: all of them by path."""
    path = "/".join(part.strip() for part in text.strip("/").split("/"))
    if path not in categories:
        close = difflib.get_close_matches(path, categories, 1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise ValidationError(f"There is no category “{path:.200}”.{hint}")
    return categories[path]


def photo_pairs(product):
    return [[photo.file.name.rsplit("/", 1)[-1], photo.alt] for photo in product.photos.all()]


def option_pairs(variant):
    return [list(pair) for pair in zip(variant.product.option_names, variant.option_values, strict=False)]


@dataclass(frozen=True)
class Column:
    """get: the value of a product or variant; show: the value in words; read: the value of a text.

    read raises ValidationError. An empty cell empties what may be empty, and leaves alone or to
    its default what may not; a new product or variant must have what is needed.
    """

    name: str
    read: Callable
    attribute: str
    get: Callable
    show: Callable = optional
    is_needed: bool = False
    may_be_empty: bool = False

    def shown(self, thing):
        return self.show(self.get(thing))


def column(name, read, attribute="", **options):
    attribute = attribute or name
    return Column(name, read, attribute, attrgetter(attribute), **options)


def texts(*names, **options):
    return [column(name, read_text(Product._meta.get_field(name)), **options) for name in names]


def pairs(name, read, get):
    return Column(name, read, name, get, show_pairs, may_be_empty=True)


def product_columns(categories=None):
    return [
        *texts("title", is_needed=True),
        column("status", read_status),
        column("category", partial(read_category, categories), show=attrgetter("path"), is_needed=True),
        *texts("brand", "description", "care", may_be_empty=True),
        pairs("specifications", read_specifications, attrgetter("specifications")),
        pairs("photos", read_photos, photo_pairs),
    ]


VARIANT_COLUMNS = [
    pairs("options", read_options, option_pairs),
    column("price", read_price, is_needed=True),
    column("former_price", read_former_price, "compare_at_price", may_be_empty=True),
    column("currency", read_currency),
    column("stock", read_count),
    column("default", read_yes_or_no, "is_default", show={True: "yes", False: ""}.get),
    column("position", read_count),
]
PRODUCT_NAMES = {column.name for column in product_columns()}
VARIANT_NAMES = {column.name for column in VARIANT_COLUMNS}
KEYS = {"slug", "title", "sku"}
# Beside the stock that an export writes: by it an import knows whether somebody has changed it since.
EXPORTED_STOCK = "exported_stock"
NAMES = [
    *("seller", "slug", *(column.name for column in product_columns())),
    *("sku", *(column.name for column in VARIANT_COLUMNS), EXPORTED_STOCK),
]
