"""The Icecat catalogue: its rows, written wherever the database differs from them."""

from collections import Counter
from itertools import islice

from django.conf import settings
from django.utils.text import slugify

from shop.caching.versions import clearing
from shop.catalogue.models import Category, Product, Variant
from shop.catalogue.stock import Stock
from shop.sellers.models import Seller

from . import rows
from .categories import ELSE, category_of
from .specifications import specifications

# One transaction: short enough that other writers need not wait long, long enough to be quick.
CHUNK = 1000
LAST_POSITION = 999
BRAND_LENGTH = Product._meta.get_field("brand").max_length
VARIANT_COLUMNS = ["price", "currency", "stock"]
PRODUCT_COLUMNS = [
    *("title", "brand", "description", "specifications", "category", "listed_at", "version", "changed_at"),
    *("price", "price_max", "compare_at_price", "currency", "stock_shown"),
]


class IcecatImport:
    """An import of one file, and in `written` how many rows of each kind it had to write.

    A product is found again by its SKU, made of the row's id. It keeps its URL and its
    status, which people may have changed; all else follows the file. Each chunk of rows is
    one transaction, at whose end every tag that changed gets its new version once: an
    import that was interrupted can simply be run again. Prices are taken to be in
    DEFAULT_CURRENCY; quantities in stock are made up (see rows.stock_of).
    """

    def __init__(self, path, limit=None):
        """Check the whole file before anything is written; limit: the most rows to import.

        Raises rows.BadFileError.
        """
        self.path, self.limit = path, limit
        self.uses, self.total = Counter(), 0
        for row in rows.read_rows(path):
            self.uses.update(row["attributes"].keys())
            self.total += 1
        self.total = min(self.total, self.total if limit is None else limit)
        self.written = Counter()

    def run(self, progress=iter):
        """Import the rows; progress: called with an iterator of them, returns one to use instead."""
        with clearing(actor="import_icecat"):
            self.seller = self._put_seller()
        self.categories = {category.path: category for category in Category.objects.all()}
        remaining = progress(islice(rows.read_rows(self.path), self.limit))
        while chunk := list(islice(remaining, CHUNK)):
            with clearing(actor="import_icecat"):
                self._put_chunk(chunk)

    def _put_seller(self):
        fields = {"name": "Icecat catalogue", "craft": "Electronics and office supplies"}
        seller, is_new = Seller.objects.get_or_create(slug="icecat", defaults=fields)
        if is_new:
            self.written["seller"] += 1
        return seller

    def _put_chunk(self, chunk):
        known, new, changed = self._known_products(chunk), [], []
        for row in chunk:
            product = known.get(rows.sku_of(row))
            if product is None:
                new.append(self._new_product(row))
            elif change := self._change(product, row):
                changed.append(change)
        self._create(new)
        self._update(changed)

    def _known_products(self, chunk):
        """Return the products of a chunk by SKU, in four queries."""
        skus = [rows.sku_of(row) for row in chunk]
        sku_of = dict(
            Variant.objects.filter(seller=self.seller, sku__in=skus).values_list("product_id", "sku")
        )
        return {
            sku_of[product.pk]: product
            for product in Product.objects.for_page().locked().filter(pk__in=sku_of)
        }

    def _new_product(self, row):
        product = Product(seller=self.seller, slug=rows.slug_of(row), status=Product.Status.LISTED)
        variant = Variant(product=product, seller=self.seller, sku=rows.sku_of(row), is_default=True)
        assign(product, self._product_fields(row))
        assign(variant, variant_fields(row))
        # As summarise_variants() would, which needs the variant to be saved.
        product.price = product.price_max = variant.price
        product.stock_shown = Stock.of(variant.stock).shown
        return product, variant

    def _create(self, new):
        products = Product.objects.bulk_create([product for product, _ in new])
        Variant.objects.bulk_create([variant for _, variant in new])
        self.written["products"] += len(products)

    def _change(self, product, row):
        """Bring a product up to date in memory; return it and its variant, or None."""
        variant = next(v for v in product.variants.all() if v.sku == rows.sku_of(row))
        fields, its_fields = self._product_fields(row), variant_fields(row)
        if not differs(product, fields) and not differs(variant, its_fields):
            return None
        assign(product, fields | {"version": product.version + 1})
        assign(variant, its_fields)
        product.summarise_variants()
        return product, variant

    def _update(self, changed):
        products = [product for product, _ in changed]
        Product.objects.overwrite(products, PRODUCT_COLUMNS)
        Variant.objects.overwrite([variant for _, variant in changed], VARIANT_COLUMNS)
        self.written["products"] += len(products)

    def _product_fields(self, row):
        return {
            "title": rows.clean_title(row["title"]),
            "brand": row["brand"].strip()[:BRAND_LENGTH],
            "description": rows.clean_description(row["description"]),
            "specifications": specifications(row, self.uses),
            "category": self._category(category_of(row)),
            "listed_at": rows.listed_at(row),
            "currency": settings.DEFAULT_CURRENCY,
        }

    def _category(self, names):
        """Return the category that names lead to from the root down, created where it is missing."""
        category, path = None, ""
        for name in names:
            parent, path = category, f"{path}/{slugify(name)}".lstrip("/")
            category = self.categories.get(path) or self._new_category(parent, name, names)
            self.categories[path] = category
        return category

    def _new_category(self, parent, name, names):
        position = LAST_POSITION if names == ELSE else 0
        category = Category.objects.create(parent=parent, name=name, slug=slugify(name), position=position)
        self.written["categories"] += 1
        return category


def variant_fields(row):
    price, stock = rows.price_of(row), rows.stock_of(row)
    return {"price": price, "currency": settings.DEFAULT_CURRENCY, "stock": stock}


def differs(instance, fields):
    return any(getattr(instance, name) != value for name, value in fields.items())


def assign(instance, fields):
    for name, value in fields.items():
        setattr(instance, name, value)
