"""A product of a table beside the same product of the shop: what differs, and whether it may."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError

from shop.catalogue.models import Product, Variant
from shop.fields.numbers import check_decimals
from shop.fields.texts import clean_prose

from .columns import EXPORTED_STOCK, VARIANT_COLUMNS, VARIANT_NAMES, YES, Column
from .tables import Row

MOST_VARIANTS = 100


@dataclass(frozen=True, eq=False)
class Change:
    """One cell that says something else than the shop; thing: the product or variant it is of."""

    row: Row
    column: Column
    thing: object
    before: str
    value: object

    @property
    def after(self):
        column = self.column
        return self.row.get(column.name) if column.name == "photos" else column.show(self.value)


@dataclass(frozen=True)
class Difference:
    """One row that says something else than the shop."""

    row: Row
    slug: str
    is_new: bool
    changes: list


@dataclass(eq=False)
class Entry:
    """The rows of one product, and the product with its variants, changed in memory only.

    had_page: whether it was listed or archived before; photos: what they are to be, as
    Photos.wanted() says it, None to leave them.
    """

    product: Product
    rows: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    new_variants: list = field(default_factory=list)
    photos: list | None = None

    def __post_init__(self):
        self.is_new = self.product.pk is None
        self.had_page = not self.is_new and not self.product.is_draft
        known = [] if self.is_new else self.product.variants.all()
        self.variants = {variant.sku: variant for variant in known}
        self.former_default = next((variant for variant in known if variant.is_default), None)

    @property
    def is_changed(self):
        return bool(self.changes or self.new_variants)

    @property
    def known_variants(self):
        return [variant for variant in self.variants.values() if variant.pk]

    @property
    def has_changed_variants(self):
        return any(isinstance(change.thing, Variant) for change in self.changes)

    def compare(self, columns, photos):
        """Find the changes of all rows; yield the problems in their cells."""
        yield from self._compare_cells(self.rows[0], columns, self.product, photos)
        yield from self._problems_of_repeats(columns)
        for row in self.rows:
            if row.get("sku"):
                yield from self._compare_cells(row, VARIANT_COLUMNS, self._variant(row))
            elif self.is_new or any(row.get(name) for name in VARIANT_NAMES):
                yield row.problem("Which variant is this? It needs a number of its own.", "sku")

    def apply(self):
        """Make the changes in memory; return the problems of the product that it then is."""
        if not self.is_new:
            self.product.version += 1
        for change in self.changes:
            self._apply(change)
        problems = [*self._settle_options(), *self._settle_default(), *self._problems_of_offers()]
        if self.variants and not problems:
            self.product.summarise_variants(self.variants.values())
        return problems

    def differences(self):
        """Yield a Difference for each row that has any."""
        new = {variant.sku for variant in self.new_variants}
        for row in self.rows:
            changes, is_new = [change for change in self.changes if change.row is row], row.get("sku") in new
            if changes or is_new:
                yield Difference(row, self.product.slug, is_new, changes)

    def _compare_cells(self, row, columns, thing, photos=None):
        for column in columns:
            text = row.cells.get(column.name)
            try:
                if column.is_needed and not text and thing.pk is None:
                    raise ValidationError("This is needed, as it is new.")
                if text is not None and (text or column.may_be_empty):
                    self._compare_cell(row, column, thing, text, photos)
            except ValidationError as error:
                yield row.problem(" ".join(error.messages), column.name)

    def _compare_cell(self, row, column, thing, text, photos):
        before = "" if thing.pk is None else column.shown(thing)
        is_as_exported = column.name == "stock" and text == row.get(EXPORTED_STOCK)
        # What nobody has changed since the export is left alone: what was sold meanwhile stays sold.
        if text == clean_prose(before) or (is_as_exported and thing.pk):
            return
        value, present = column.read(text), None if thing.pk is None else column.get(thing)
        if column.name == "photos":
            value, present = photos.wanted(thing, value), photos.present(thing)
        if thing.pk is None or value != present:
            self.changes.append(Change(row, column, thing, before, value))

    def _problems_of_repeats(self, columns):
        for row in self.rows[1:]:
            for column in columns:
                text = row.get(column.name)
                if text and text != self.rows[0].get(column.name):
                    place = f"in line {self.rows[0].line}, the first of {self.product.slug}"
                    yield row.problem(f"This is something else {place}.", column.name)

    def _variant(self, row):
        sku = row.get("sku")
        if sku not in self.variants:
            last = max((variant.position for variant in self.variants.values()), default=-1)
            currency = settings.DEFAULT_CURRENCY if self.is_new else self.product.currency
            variant = Variant(sku=sku, position=last + 1, currency=currency)
            variant.product, variant.seller = self.product, self.product.seller
            self.variants[sku] = variant
            self.new_variants.append(variant)
        return self.variants[sku]

    def _apply(self, change):
        match change.column.name:
            case "photos":
                self.photos = change.value
            case "options":
                change.thing.option_values = [value for _, value in change.value]
            case _:
                setattr(change.thing, change.column.attribute, change.value)

    def _settle_options(self):
        """Take the names of the options from the rows that say them; yield what then does not fit."""
        said = {change.row: change.value for change in self.changes if change.column.name == "options"}
        if not said and not self.new_variants:
            return
        rows = [row for row in self.rows if row.get("options") or row in said]
        former = self.product.option_names
        names = [[name for name, _ in said[row]] if row in said else former for row in rows]
        self.product.option_names = names[0] if names else former
        for row, its_names in zip(rows, names, strict=True):
            if its_names != names[0]:
                yield row.problem(f"Line {rows[0].line} has other options: {', '.join(names[0])}.", "options")
        yield from self._problems_of_options()

    def _problems_of_options(self):
        wanted, seen = self.product.option_names, {}
        for variant in self.variants.values():
            values = tuple(variant.option_values)
            if len(values) != len(wanted):
                yield self._problem(variant, f"It should say {', '.join(wanted) or 'nothing'}.", "options")
            elif values in seen:
                yield self._problem(variant, f"{seen[values]} has the same options.", "options")
            seen.setdefault(values, variant.sku)

    def _settle_default(self):
        """Let there be one default: the variant that says yes, or else the one that was, or the first."""
        said = [row for row in self.rows if row.get("default").lower() in YES]
        if len(said) > 1:
            yield said[1].problem("Only one variant can be the default.", "default")
        if self.former_default and not self.former_default.is_default and not said:
            yield self._problem(self.former_default, "Say yes at another one instead.", "default")
        chosen = self.variants[said[0].get("sku")] if said else self.former_default
        for variant in self.variants.values():
            chosen = chosen or variant
            variant.is_default = variant is chosen

    def _problems_of_offers(self):
        if self.product.is_listed and not self.variants:
            yield self.rows[0].problem("It needs a variant with a price before it can be listed.", "status")
        if len(self.variants) > MOST_VARIANTS:
            yield self.rows[0].problem(f"A product has at most {MOST_VARIANTS} variants.")
        currency = next((variant.currency for variant in self.variants.values()), "")
        for variant in self.variants.values():
            if variant.currency != currency:
                yield self._problem(variant, f"Its other variants have {currency}.", "currency")
            yield from self._problems_of_decimals(variant)
            if variant.compare_at_price is not None and variant.compare_at_price <= variant.price:
                yield self._problem(variant, "It must be higher than the price.", "former_price")

    def _problems_of_decimals(self, variant):
        for column, amount in (("price", variant.price), ("former_price", variant.compare_at_price)):
            try:
                check_decimals(amount, variant.currency)
            except ValidationError as error:
                yield self._problem(variant, error.messages[0], column)

    def _problem(self, variant, message, column):
        row = next((row for row in self.rows if row.get("sku") == variant.sku), self.rows[0])
        return row.problem(f"{variant.sku}: {message}", column)
