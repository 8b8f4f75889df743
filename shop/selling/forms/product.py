from functools import partial

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from shop.catalogue.models import Category, Photo, Product, Variant
from shop.catalogue.models.photos import MOST_PHOTOS
from shop.catalogue.models.variants import MOST_VARIANTS
from shop.fields.pairs import LONGEST_WORD, MOST_PAIRS
from shop.fields.texts import LineFormField

from ..form_data import FIELDS, OPTIONS, numbered, pictures_in
from ..slugs import generate_sku, unique_slug
from .product_rows import PhotoRow, SpecificationRow, VariantRow

COLUMNS = {
    "price": "Price",
    "compare_at_price": "Former price",
    "stock": "In stock",
    "sku": "Article no.",
}
MOST = {"photos": MOST_PHOTOS, "variants": MOST_VARIANTS, "specifications": MOST_PAIRS}


class ProductForm(forms.ModelForm):
    """The one form of a product: checks form data, and saves it with its variants and photos."""

    option_1, option_2, option_3 = (LineFormField(required=False, max_length=LONGEST_WORD) for _ in OPTIONS)

    # Whether the slug of a draft follows its title.
    names_page = True

    class Meta:
        model = Product
        fields = [*FIELDS]
        labels = {"brand": "Maker or brand", "care": "Care"}
        help_texts = {
            "title": "What it is, in the words people search for.",
            "brand": "Left empty, it is your shop’s name.",
            "description": "You can use Markdown: **bold**, lists with -, headings with #.",
            "care": "How to wash, oil or mend it. Markdown, too.",
        }
        error_messages = {
            "title": {"required": "What is it called?"},
            "category": {"required": "Choose the shelf it stands on."},
        }

    def __init__(self, data, seller, product=None, is_checked=True):
        product = product or Product(seller=seller)
        self.form_data, self.seller, self.former_title = data, seller, product.title
        super().__init__(
            data if is_checked else None,
            initial=data,
            instance=product,
            use_required_attribute=False,
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"
        self.fields["category"].widget.choices = [("", "Choose one"), *category_choices()]
        new = partial(Variant, seller=seller, currency=product.currency)
        known = {str(variant.pk): variant for variant in product.variants.all()} if product.pk else {}
        self.variants = [
            VariantRow(row, is_checked, instance=known.get(row["key"]) or new()) for row in data["variants"]
        ]
        pictures = self._pictures()
        self.photos = [PhotoRow(row, is_checked, pictures.get(row["key"])) for row in data["photos"]]
        self.specifications = [
            SpecificationRow(row, is_checked, number) for number, row in enumerate(data["specifications"])
        ]

    def _pictures(self):
        photos = self.instance.photos.all() if self.instance.pk else []
        uploads = self.seller.uploads.filter(pk__in=pictures_in(self.form_data, "upload"))
        return {f"photo-{photo.pk}": photo for photo in photos} | {upload.key: upload for upload in uploads}

    def is_valid(self):
        return super().is_valid() and all(row.is_valid() for row in self.rows)

    @property
    def rows(self):
        return [*self.variants, *self.photos, *self.specifications]

    def shown_problems(self):
        """Return (id of the field, message) pairs of all errors."""
        if not self.is_bound:
            return []
        return [
            ("" if name == NON_FIELD_ERRORS else form[name].id_for_label, error)
            for form in [self, *self.rows]
            for name, errors in form.errors.items()
            for error in errors
        ]

    @property
    def options(self):
        """Numbers of the options that have a name."""
        return [n for n in OPTIONS if self[f"option_{n}"].value()]

    def option_fields(self):
        return [self[f"option_{n}"] for n in OPTIONS]

    def columns(self):
        """Return the headings of the table of variants."""
        return [*(self[f"option_{n}"].value() for n in self.options), *COLUMNS.values()]

    def table(self):
        """Return (row, cells, fields that have no column) of each variant."""
        names = [*(f"value_{n}" for n in self.options), *COLUMNS]
        rest = [f"value_{n}" for n in OPTIONS if n not in self.options]
        for number, row in enumerate(self.variants, 1):
            for name, heading in zip(names, self.columns(), strict=True):
                row.fields[name].widget.attrs["aria-label"] = f"{heading}, row {number}"
            cells = zip(self.columns(), (row[name] for name in names), strict=True)
            yield row, list(cells), [row[name] for name in rest]

    def clean(self):
        for kind, most in MOST.items():
            if len(getattr(self, kind)) > most:
                self.add_error(None, f"At most {most} {kind}, please.")
        self._check_options()
        self._check_variants()
        filled = [row for row in self.specifications if row.is_valid() and row.is_filled]
        self.instance.specifications = [
            [row.cleaned_data["name"], row.cleaned_data["value"]] for row in filled
        ]

    def _check_options(self):
        names = [self.cleaned_data.get(f"option_{n}", "") for n in self.options]
        if len({name.lower() for name in names}) != len(names):
            self.add_error(f"option_{self.options[-1]}", "Name each option once.")
        if not names and len(self.variants) > 1:
            self.add_error("option_1", "Name what the variants differ in, like Size.")
        self.instance.option_names = names

    def _check_variants(self):
        if not self.variants:
            self.add_error(None, "A product needs at least one variant, with a price.")
        seen = set()
        for row in self.variants:
            row.is_valid()
            for n in self.options:
                if not row.cleaned_data.get(f"value_{n}"):
                    row.add_error(f"value_{n}", f"Which {self[f'option_{n}'].value()}?")
            values = tuple(value.lower() for value in row.values(self.options))
            if values and values in seen and all(values):
                row.add_error(f"value_{self.options[0]}", "Another row is the same.")
            seen.add(values)
        self._check_skus()

    def _check_skus(self):
        others = Variant.objects.filter(seller=self.seller).exclude(product=self.instance.pk)
        taken = set(others.values_list("sku", flat=True))
        typed = [sku for row in self.variants if (sku := row.cleaned_data.get("sku"))]
        for row in self.variants:
            sku = row.cleaned_data.get("sku")
            if sku and (sku in taken or typed.count(sku) > 1):
                row.add_error("sku", f"{sku} is used by another variant of yours.")
            elif not sku and "sku" not in row.errors:
                row.cleaned_data["sku"] = generate_sku(self.cleaned_data.get("title", ""), taken | set(typed))
                typed.append(row.cleaned_data["sku"])

    def cleaned_form_data(self):
        """Return a valid form as form_data_of() would return its product, once saved."""
        return {
            **{name: self.cleaned_data[name] for name in FIELDS},
            "category": str(self.cleaned_data["category"].pk),
            "default": self.default.key,
            **numbered("option", self.instance.option_names),
            "photos": [row.form_data() for row in self.photos],
            "variants": [row.form_data(self.options) for row in self.variants],
            "specifications": [row.form_data() for row in self.specifications if row.is_filled],
        }

    def row_keys(self):
        """Return the keys that the rows of a saved form have in form_data_of(): {submitted: saved}."""
        variants = {row.key: str(row.instance.pk) for row in self.variants}
        return variants | {row.key: f"photo-{row.picture.pk}" for row in self.photos}

    @property
    def default(self):
        return next((row for row in self.variants if row.key == self.form_data["default"]), self.variants[0])

    def save(self, status=None):
        """Save the product with its variants and photos, and return it as read from the database.

        Belongs inside clearing(), with the product's row locked.
        """
        product = self.instance
        if self.names_page and product.is_draft:
            product.slug = unique_slug(product, self.former_title)
        product.save()
        self._save_variants()
        self._save_photos()
        product = Product.objects.for_page().get(pk=product.pk)
        product.summarise_variants()
        product.status = status or product.status
        product.save()
        return product

    def _save_variants(self):
        kept = [row.instance.pk for row in self.variants if row.instance.pk]
        self.instance.variants.exclude(pk__in=kept).delete()
        # Clear them first: an SKU or the default may move from one variant to another.
        placeholder = Concat(Value("~"), Cast("pk", CharField()))
        self.instance.variants.update(sku=placeholder, is_default=False)
        for position, row in enumerate(self.variants):
            variant = row.instance
            variant.product, variant.position = self.instance, position
            variant.sku, variant.is_default = row.cleaned_data["sku"], row is self.default
            variant.option_values, variant.currency = row.values(self.options), self.instance.currency
            variant.save()

    def _save_photos(self):
        kept = [row.picture.pk for row in self.photos if isinstance(row.picture, Photo)]
        self.instance.photos.exclude(pk__in=kept).delete()
        for position, row in enumerate(self.photos):
            photo = row.picture if isinstance(row.picture, Photo) else taken_over(row.picture)
            photo.product, photo.position, photo.alt = self.instance, position, row.cleaned_data["alt"]
            photo.save()
            row.picture = photo

    def save_offers(self):
        """Save what needs no approval: prices and stock of existing variants."""
        product = Product.objects.for_page().get(pk=self.instance.pk)
        typed = {row.instance.pk: row.cleaned_data for row in self.variants}
        with product.changing_offers() as variants:
            for variant in variants:
                if variant.pk in typed:
                    for name in ("price", "compare_at_price", "stock"):
                        setattr(variant, name, typed[variant.pk][name])
                    variant.save()
        return product


def category_choices():
    """Return the categories as groups of a select, each with the names of its ancestors."""
    return [(root.name, list(_branches(root, ""))) for root in Category.objects.tree()]


def _branches(category, above):
    label = f"{above}{category.name}"
    yield category.pk, label
    for branch in category.branches:
        yield from _branches(branch, f"{label} › ")


def taken_over(upload):
    """Turn an upload into an unsaved photo with the same file."""
    photo = Photo(**upload.stored())
    upload.delete()
    return photo
