"""A product's page as it would look with the form's data, valid or not; writes nothing."""

from shop.catalogue.models import Variant
from shop.catalogue.options import option_groups

# Of the page, and of its fragment.
PREVIEW_TEMPLATES = "selling/product_preview.html", "catalogue/_product_detail.html"


class Preview:
    """A product with the texts, photos and variants of a form in place of its own."""

    def __init__(self, form, url):
        form.is_valid()
        self.product, self.url = form.instance, url
        self.title = form.form_data["title"] or "Without a title yet"
        self.photos = Rows(_photo(row) for row in form.photos if row.picture)
        self.variants = Rows(_variant(row, form.options) for row in form.variants if _has_price(row))

    def __getattr__(self, name):
        return getattr(self.product, name)

    @property
    def cover(self):
        return self.photos[0] if self.photos else None

    def get_absolute_url(self):
        return self.url

    def context(self, sku):
        """Return the context of the product's page with the variant of that SKU chosen."""
        variants = self.variants or [Variant(price=0)]
        chosen = next((variant for variant in variants if variant.sku == sku), variants[0])
        return {
            "product": self,
            "chosen": chosen,
            "option_groups": option_groups(self, variants, chosen) if self.variants else [],
            "trail": list(self.product.category.with_ancestors()) if self.product.category_id else [],
        }


class Rows(list):
    """Rows with the interface that templates expect of a manager."""

    def all(self):
        return self


def _photo(row):
    row.picture.alt = row["alt"].value()
    return row.picture


def _has_price(row):
    return row.cleaned_data.get("price") is not None and "stock" in row.cleaned_data


def _variant(row, options):
    variant = row.instance
    variant.sku, variant.option_values = row.cleaned_data.get("sku", ""), row.values(options)
    return variant
