"""The rows of a table beside the shop: which product each is of, and what that product becomes by them."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from shop.catalogue.models import Product, Variant
from shop.catalogue.models.variants import problems_of_variants

from .columns import DEFAULT, OPTIONS, PRODUCT_COLUMNS, SELLER, SKU, SLUG, TITLE, VARIANT_COLUMNS, Column
from .tables import TableRow

OWNER = ("seller_id", "sku", "product__slug")


@dataclass
class Seen:
    """What the rows so far have named, so that those of a later chunk can be compared with them.

    products, skus: the line in which each came first; former: the slug of the last row;
    pictures: the paths of those that were opened and are right.
    """

    products: dict = field(default_factory=dict)
    skus: dict = field(default_factory=dict)
    former: str = ""
    pictures: dict = field(default_factory=dict)


def match_rows(rows, source, locked=False):
    """Return some rows in groups, each of one product, and the problems of rows that are of none.

    A row is of the product that it names by slug, or that has a variant with its SKU, or whose
    slug its title makes, or of the product of the row before it. source: the ProductImport.
    """
    problems = [problem for row in rows for problem in set_seller(row, source.sellers)]
    rows = [row for row in rows if row.seller]
    owners, known = known_products(rows, locked)
    found, former = {}, source.seen.former
    for row in rows:
        owner = owners.get((row.seller.pk, row.sku), "")
        slug = row.get(SLUG.name) or owner or slugify(row.get(TITLE.name)) or (row.key and former)
        # A product that there is, or that a row above names, is meant whatever the case of the letters.
        key = slug.lower()
        product = known.get(key) or Product(slug=slug, seller=row.seller)
        group = found.get(key) or RowGroup(product)
        row.slug = group.product.slug
        its_problems = [*problems_of_slug(row, product, former, source), *problems_of_sku(row, owner, source)]
        if not its_problems:
            found[key] = group
            group.rows.append(row)
        problems += its_problems
        former = row.slug
    return list(found.values()), problems


def set_seller(row, sellers):
    name = row.get(SELLER.name)
    row.seller = sellers.get(name)
    if row.seller is None:
        message = f"Products of “{name:.80}” cannot be imported here." if name else "Whose product is it?"
        yield row.problem(message, SELLER.name)


def known_products(rows, locked):
    """Return slugs by (seller's pk, SKU), and products by lower-case slug, that rows may mean."""
    skus = [row.sku for row in rows if row.sku]
    variants = Variant.objects.filter(seller__in={row.seller.pk for row in rows}, sku__in=skus)
    owners = {(seller, sku): slug for seller, sku, slug in variants.values_list(*OWNER)}
    products = Product.objects.for_page().with_slugs({*owners.values(), *(row.key for row in rows)})
    # In order, so that two imports cannot wait for each other.
    products = products.order_by("pk")
    return owners, {product.slug.lower(): product for product in (products.locked() if locked else products)}


def problems_of_slug(row, product, former, source):
    if not row.slug:
        yield row.problem(
            "Nothing says which product this is of: no slug, no title, no SKU that is known.", SKU.name
        )
        return
    if product.pk is None:
        yield from problems_of_text(row, SLUG, row.slug)
    elif product.seller_id != row.seller.pk:
        yield row.problem(f"{row.slug} is another seller's product.", SLUG.name)
    first = source.seen.products.setdefault(row.slug.lower(), row.line)
    if source.table.describes_products and first != row.line and row.slug != former:
        message = f"The rows of {row.slug} begin in line {first}; keep them together."
        yield row.problem(message, SLUG.name)


def problems_of_sku(row, owner, source):
    if not row.sku:
        return
    first = source.seen.skus.setdefault(f"{row.seller.pk} {row.sku}", row.line)
    if first != row.line:
        yield row.problem(f"{row.sku} is in line {first} already.", SKU.name)
    if not owner:
        yield from problems_of_text(row, SKU, row.sku)
    elif owner != row.slug:
        yield row.problem(f"{row.sku} is a variant of {owner}.", SKU.name)


def problems_of_text(row, column, text):
    try:
        column.clean(text)
    except ValidationError as error:
        yield row.problem(" ".join(error.messages), column.name)


@dataclass(frozen=True, eq=False)
class CellChange:
    """One cell that says something else than the shop; thing: the product or variant it is of."""

    row: TableRow
    column: Column
    thing: object
    before: str
    value: object

    def as_data(self):
        return {"name": self.column.name, "before": self.before, "after": self.column.write(self.value)}


class RowGroup:
    """The rows of one product beside that product and its variants, which they change in memory only."""

    def __init__(self, product):
        self.product = product
        self.rows, self.changes, self.new_variants = [], [], []
        self.is_new = product.pk is None
        self.had_page = not self.is_new and not product.is_draft
        known = [] if self.is_new else product.variants.all()
        self.variants = {variant.sku: variant for variant in known}
        self.former_default = next((variant for variant in known if variant.is_default), None)

    @property
    def is_changed(self):
        return bool(self.changes or self.new_variants)

    @property
    def changed_variants(self):
        """Those that were there before."""
        return {
            change.thing for change in self.changes if isinstance(change.thing, Variant) and change.thing.pk
        }

    @property
    def photos(self):
        """What the photos are to be, as PhotosColumn has them; None to leave them."""
        return next((change.value for change in self.changes if change.column.name == "photos"), None)

    def differences(self):
        """Yield what each row changes, as plain data."""
        new = {variant.sku for variant in self.new_variants}
        for row in self.rows:
            changes = [change.as_data() for change in self.changes if change.row is row]
            if changes or row.sku in new:
                place = {"line": row.line, "slug": self.product.slug, "sku": row.sku}
                yield place | {"is_new": row.sku in new, "changes": changes}

    def compare(self, source):
        """Make the product what its rows say; return what is wrong."""
        problems = [*self._compare_rows(source)]
        if self.is_changed and not problems:
            if not self.is_new:
                self.product.version += 1
            for change in self.changes:
                change.column.assign(change.thing, change.value)
            problems = [*self._set_option_names(), *self._set_default(), *self._problems_of_variants()]
            if self.variants and not problems:
                self.product.summarise_variants(self.variants.values())
        return problems

    def _compare_rows(self, source):
        yield from self._compare_cells(self.rows[0], PRODUCT_COLUMNS, self.product, source)
        yield from self._problems_of_repeats()
        for row in self.rows:
            if row.sku:
                yield from self._compare_cells(row, VARIANT_COLUMNS, self._variant(row), source)
            elif self.is_new or any(row.get(column.name) for column in VARIANT_COLUMNS):
                yield row.problem("Which variant is this? It needs a SKU.", SKU.name)

    def _compare_cells(self, row, columns, thing, source):
        for column in columns:
            text = row.cells.get(column.name)
            try:
                if column.is_needed and not text and thing.pk is None:
                    raise ValidationError(f"Required for a new {column.needed_by}.")
                if text is not None and (text or column.may_be_empty):
                    self._compare_cell(row, column, thing, source)
            except ValidationError as error:
                yield row.problem(" ".join(error.messages), column.name)

    def _compare_cell(self, row, column, thing, source):
        is_known, text = thing.pk is not None, row.get(column.name)
        if column.is_as_shown(row, thing) if is_known else not text:
            return
        value = column.clean(text, thing, source)
        if not is_known or value != column.get(thing):
            self.changes.append(CellChange(row, column, thing, column.show(thing) if is_known else "", value))

    def _problems_of_repeats(self):
        for row in self.rows[1:]:
            for column in PRODUCT_COLUMNS:
                text = row.get(column.name)
                if text and text != self.rows[0].get(column.name):
                    first = f"line {self.rows[0].line}, the first row of {self.product.slug}"
                    yield row.problem(f"This differs from {first}.", column.name)

    def _variant(self, row):
        if row.sku not in self.variants:
            last = max((variant.position for variant in self.variants.values()), default=-1)
            currency = settings.DEFAULT_CURRENCY if self.is_new else self.product.currency
            variant = Variant(sku=row.sku, position=last + 1, currency=currency)
            variant.product, variant.seller = self.product, self.product.seller
            self.variants[row.sku] = variant
            self.new_variants.append(variant)
        return self.variants[row.sku]

    def _set_option_names(self):
        """Take the names of the options from the first row that says them, and compare the others."""
        said = {change.row: change.value for change in self.changes if change.column is OPTIONS}
        if not said:
            return
        rows = [row for row in self.rows if row.get(OPTIONS.name) or row in said]
        former = self.product.option_names
        names = [[name for name, _ in said[row]] if row in said else former for row in rows]
        self.product.option_names = names[0]
        for row, its_names in zip(rows, names, strict=True):
            if its_names != names[0]:
                yield row.problem(
                    f"Line {rows[0].line} has other options: {', '.join(names[0])}.", OPTIONS.name
                )

    def _set_default(self):
        """Let there be one default: the variant that says yes, or else the one that was, or the first."""
        said = [row for row in self.rows if DEFAULT.is_yes(row.get(DEFAULT.name))]
        if len(said) > 1:
            yield said[1].problem("Only one variant can be the default.", DEFAULT.name)
        if self.former_default and not self.former_default.is_default and not said:
            yield self._problem(self.former_default, DEFAULT.name, "Say yes at another one instead.")
        chosen = self.variants[said[0].sku] if said else self.former_default
        for variant in self.variants.values():
            chosen = chosen or variant
            variant.is_default = variant is chosen

    def _problems_of_variants(self):
        if self.product.is_listed and not self.variants:
            yield self.rows[0].problem("It needs a variant with a price before it can be listed.", "status")
        names = {column.field.name: column.name for column in [SKU, *VARIANT_COLUMNS]}
        variants = self.variants.values()
        for variant, name, message in problems_of_variants(variants, self.product.option_names):
            yield self._problem(variant, names[name], message)
        for variant in variants:
            try:
                variant.clean()
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    yield self._problem(variant, names[name], " ".join(messages))

    def _problem(self, variant, column, message):
        row = next((row for row in self.rows if row.sku == variant.sku), self.rows[0])
        return row.problem(f"{variant.sku}: {message}", column)
