"""Which product of which seller a row is of, and whether it can be."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from shop.catalogue.models import Product, Variant

from .columns import read_text
from .entries import Entry

read_slug = read_text(Product._meta.get_field("slug"))
read_sku = read_text(Variant._meta.get_field("sku"))
OWNER = ("seller_id", "sku", "product__slug")


class Matching:
    """The matching of all rows of a table, which notes as problems what cannot be.

    A row is of the product that it names by slug, or that has a variant with its SKU, or whose
    slug its title makes, or of the product of the row before it.
    """

    def __init__(self, sellers, is_in_blocks, problems):
        """sellers: by the slug that a row gives, with "" for a row that gives none.

        is_in_blocks: whether the rows of a product stand together; problems: the list to add to.
        """
        self.sellers, self.is_in_blocks, self.problems = sellers, is_in_blocks, problems
        self.take_up({}, {})

    def take_up(self, products, skus):
        """Go on from another matching, by the lines in which it first met each product and SKU."""
        self.products, self.skus = dict(products), dict(skus)
        self.spellings = {slug.lower(): slug for slug in self.products}

    def entries(self, rows, former, locked=False):
        """Return an Entry for each product of these rows; former: the slug of the row before them."""
        rows = [row for row in rows if self._set_seller(row)]
        owners, known = known_products(rows, locked)
        # A product that there is, or that a row above names, is meant whatever the case of the letters.
        self.spellings |= {slug.lower(): slug for slug in known}
        entries = {}
        for row in rows:
            owner = owners.get((row.seller.pk, row.get("sku")), "")
            row.slug = row.get("slug") or owner or slugify(row.get("title")) or (row.key and former)
            row.slug = self.spellings.setdefault(row.slug.lower(), row.slug)
            product = known.get(row.slug)
            problems = [*self._problems_of_slug(row, product, former), *self._problems_of_sku(row, owner)]
            if not problems:
                entry = entries.get(row.slug) or Entry(product or Product(slug=row.slug, seller=row.seller))
                entry.rows.append(row)
                entries[row.slug] = entry
            self.problems += problems
            former = row.slug
        return list(entries.values())

    def _set_seller(self, row):
        name = row.get("seller")
        row.seller = self.sellers.get(name)
        if row.seller is None:
            message = f"Products of “{name:.80}” cannot be imported here." if name else "Whose product is it?"
            self.problems.append(row.problem(message, "seller"))
        return row.seller

    def _problems_of_slug(self, row, product, former):
        if not row.slug:
            message = "Nothing says which product this is of: no slug, no title, no number that is known."
            yield row.problem(message, "sku")
            return
        if product is None:
            yield from problems_of_text(row, "slug", row.slug, read_slug)
        elif product.seller_id != row.seller.pk:
            yield row.problem(f"{row.slug} is the address of another seller's product.", "slug")
        first = self.products.setdefault(row.slug, row.line)
        if self.is_in_blocks and first != row.line and row.slug != former:
            message = f"The rows of {row.slug} begin in line {first}; all of them should stand together."
            yield row.problem(message, "slug")

    def _problems_of_sku(self, row, owner):
        sku = row.get("sku")
        if not sku:
            return
        first = self.skus.setdefault(f"{row.seller.pk} {sku}", row.line)
        if first != row.line:
            yield row.problem(f"{sku} is in line {first} already.", "sku")
        if not owner:
            yield from problems_of_text(row, "sku", sku, read_sku)
        elif owner != row.slug:
            yield row.problem(f"{sku} is a variant of {owner}.", "sku")


def known_products(rows, locked):
    """Return slugs by (seller's pk, SKU), and products by slug, for what rows may mean, in four queries."""
    skus = [row.get("sku") for row in rows if row.get("sku")]
    variants = Variant.objects.filter(seller__in={row.seller.pk for row in rows}, sku__in=skus)
    owners = {(seller, sku): slug for seller, sku, slug in variants.values_list(*OWNER)}
    products = Product.objects.for_page().with_slugs({*owners.values(), *(row.key for row in rows)})
    # In order, so that two imports cannot wait for each other.
    products = products.order_by("pk")
    return owners, {product.slug: product for product in (products.locked() if locked else products)}


def problems_of_text(row, column, text, read):
    try:
        read(text)
    except ValidationError as error:
        yield row.problem(" ".join(error.messages), column)
