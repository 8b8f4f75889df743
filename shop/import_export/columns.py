"""The columns of a table of products: each cleans its cells, shows the shop's value, and assigns another.

An export shows them and an import reads them back. A text of a product is a column by itself (see
Product.typed_fields()); every other column is declared once, at the end of this file.
"""

import difflib
from functools import cached_property

from babel.numbers import is_currency
from django.core.exceptions import ValidationError

from shop.catalogue.models import Photo, Product, Variant
from shop.catalogue.models.photos import MOST_PHOTOS
from shop.fields.pairs import WordsField, read_pairs, show_pairs
from shop.fields.texts import clean_prose

from .archives import name_of

YES, NO = {"yes", "true", "1", "x"}, {"no", "false", "0", ""}


class Column:
    """A field of products or variants as a column.

    An empty cell empties a field that may be blank, and leaves others alone or to their default; where
    there is no default, a new product or variant needs the cell. What a seller changes of a listed
    product waits for staff if it `needs_approval`.
    """

    needs_approval = True

    def __init__(self, field, name="", help_text=""):
        self.field, self.name = field, name or field.name
        self.help_text = help_text or f"{field.help_text} Up to {field.max_length:,} characters.".strip()
        self.may_be_empty = field.blank
        self.is_needed = not field.blank and not field.has_default()

    @property
    def needed_by(self):
        """What cannot be made without it, in a word."""
        return self.field.model._meta.verbose_name if self.is_needed else ""

    @cached_property
    def form_field(self):
        return self.field.formfield(required=False)

    def clean(self, text, thing=None, source=None):
        """Return the value that a text stands for; raises ValidationError.

        thing: the product or variant of the cell; source: the ProductImport that looks things up.
        """
        return self.form_field.clean(text)

    def get(self, thing):
        return getattr(thing, self.field.name)

    def write(self, value):
        """Return the text of a value."""
        return "" if value is None else str(value)

    def show(self, thing):
        return self.write(self.get(thing))

    def is_as_shown(self, row, thing):
        """Whether a row says what the shop would show: such a cell is never read, whatever is in it."""
        return row.get(self.name) == clean_prose(self.show(thing))

    def assign(self, thing, value):
        setattr(thing, self.field.name, value)


class KeyColumn(Column):
    """What a row finds its product by; nothing is assigned from it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.is_needed = False


class SellerColumn(KeyColumn):
    def write(self, seller):
        return seller.slug


class CategoryColumn(Column):
    def clean(self, text, thing=None, source=None):
        path = "/".join(part.strip() for part in text.strip("/").split("/"))
        if path not in source.categories:
            close = difflib.get_close_matches(path, source.categories, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise ValidationError(f"There is no category “{path:.200}”.{hint}")
        return source.categories[path]

    def write(self, category):
        return category.path


class StatusColumn(Column):
    needs_approval = False

    def clean(self, text, thing=None, source=None):
        choices = dict(self.field.flatchoices)
        if text.lower() not in choices:
            raise ValidationError(f"“{text:.30}” should be one of {', '.join(choices)}.")
        return text.lower()


class QuantityColumn(Column):
    """A number within the limits of its field.

    Nobody can ask the program that may have written a file whether 1.250 is 1250 or 1.25.
    """

    wanted = "a whole number, 0 or more"

    def clean(self, text, thing=None, source=None):
        self.form_field.is_typed = False
        try:
            value = self.form_field.clean(text)
            self.field.run_validators(value)
        except ValidationError as error:
            reason = " ".join(error.messages)
            raise ValidationError(f"“{text:.30}” should be {self.wanted}. {reason}".strip()) from error
        return value


class PriceColumn(QuantityColumn):
    needs_approval = False
    wanted = "a number like 12.50 or 12,50, without a currency"


class StockColumn(QuantityColumn):
    needs_approval = False

    def is_as_shown(self, row, thing):
        """Whether nobody changed it since the export, too: what was sold meanwhile stays sold."""
        is_as_exported = row.get(self.name) == row.get(EXPORTED_STOCK.name)
        return is_as_exported or super().is_as_shown(row, thing)


class CurrencyColumn(Column):
    def clean(self, text, thing=None, source=None):
        if not is_currency(text):
            raise ValidationError(f"“{text:.30}” should be the three letters of a currency, like EUR.")
        return text


class YesColumn(Column):
    def clean(self, text, thing=None, source=None):
        if text.lower() not in YES | NO:
            raise ValidationError(f"“{text:.30}” should be yes, or empty.")
        return self.is_yes(text)

    def is_yes(self, text):
        return text.lower() in YES

    def write(self, value):
        return "yes" if value else ""


class PairsColumn(Column):
    def clean(self, text, thing=None, source=None):
        return self.field.clean(read_pairs(text), None)

    def write(self, pairs):
        return show_pairs(pairs)


class OptionsColumn(PairsColumn):
    """The values of a variant's options beside their names, which are the product's."""

    def clean(self, text, thing=None, source=None):
        pairs = read_pairs(text)
        for words in ([value for _, value in pairs], [name for name, _ in pairs]):
            WordsField(blank=True).clean(words, None)
        check_names(pairs)
        return pairs

    def get(self, variant):
        return [list(pair) for pair in zip(variant.product.option_names, variant.option_values, strict=False)]

    def assign(self, variant, pairs):
        variant.option_values = [value for _, value in pairs]


class PhotosColumn(PairsColumn):
    """A product's photos by the names of their files, and what they show: (Photo or path in a ZIP, text)."""

    def __init__(self, *args):
        super().__init__(*args)
        self.may_be_empty, self.is_needed = True, False

    def clean(self, text, product=None, source=None):
        pairs = read_pairs(text)
        if len(pairs) > MOST_PHOTOS:
            raise ValidationError(f"There are {len(pairs)}; at most {MOST_PHOTOS} can be kept.")
        for _, alt in pairs:
            self.field.clean(alt, None)
        check_names(pairs)
        return source.photos.find([photo for photo, _ in self.get(product)], pairs)

    def get(self, product):
        return [(photo, photo.alt) for photo in product.photos.all()] if product.pk else []

    def write(self, photos):
        return show_pairs([name_of(photo), alt] for photo, alt in photos)

    def assign(self, product, photos):
        """Leave it to the import, which stores pictures before it writes rows."""


def check_names(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValidationError("Something is named twice.")


of_product, of_variant = Product._meta.get_field, Variant._meta.get_field
TITLE, *TEXTS = [
    CategoryColumn(field, help_text="The path of a category, such as decor/vases.")
    if field.name == "category"
    else Column(field)
    for field in Product.typed_fields()
]
DEFAULT = YesColumn(
    of_variant("is_default"), "default", "“yes” for the variant shown first among those at the lowest price."
)
OPTIONS = OptionsColumn(
    of_variant("option_values"), "options", "What sets this variant apart: Size: Large | Colour: Oat"
)
PRODUCT_COLUMNS = [
    TITLE,
    StatusColumn(of_product("status"), "", "draft, listed or archived. A new product starts as a draft."),
    *TEXTS,
    PairsColumn(of_product("specifications"), "", "Material: Oak | Height: 20 cm"),
    PhotosColumn(Photo._meta.get_field("alt"), "photos", "front.jpg: The front | back.jpg: The back"),
]
VARIANT_COLUMNS = [
    OPTIONS,
    PriceColumn(of_variant("price"), "", "12.50 or 12,50, without a currency."),
    PriceColumn(of_variant("compare_at_price"), "former_price", "Higher than the price, or blank."),
    CurrencyColumn(of_variant("currency"), "", "EUR, the same for all variants of a product."),
    StockColumn(of_variant("stock"), "", "A whole number."),
    DEFAULT,
    QuantityColumn(of_variant("position"), "", "Order among the variants, starting at 0."),
]
SELLER = SellerColumn(
    of_product("seller"),
    "",
    "Whose product it is: the last part of the URL of their page. Leave blank for your own.",
)
SLUG = KeyColumn(
    of_product("slug"),
    "",
    "The last part of the page's URL, which identifies the product. Made from the title if blank.",
)
SKU = Column(of_variant("sku"), "", "Identifies the variant; unique within a shop.")
EXPORTED_STOCK = Column(
    of_variant("stock"),
    "exported_stock",
    "Written by an export; leave it as it is. Stock is only changed where it differs from this.",
)
# All of them, in the order of an export.
COLUMNS = [SELLER, SLUG, *PRODUCT_COLUMNS, SKU, *VARIANT_COLUMNS, EXPORTED_STOCK]
