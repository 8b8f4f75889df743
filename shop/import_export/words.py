"""Differences and counts in words."""

LONGEST = 80
KINDS = ("products", "variants", "photos", "sent for approval")


def in_words(difference):
    """Yield the lines that tell what a row changes."""
    row, kind = difference.row, "new" if difference.is_new else "changes"
    yield f"line {row.line}: {kind}: {' '.join(filter(None, [difference.slug, row.get('sku')]))}"
    for change in difference.changes:
        before = f"{short(change.before)} → " if change.before else ""
        yield f"    {change.column.name}: {before}{short(change.after) or '(nothing)'}"


def short(text):
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def summary(written):
    """Return counts by kind in words; kinds are in the plural: {"products": 1} is 1 product."""
    # PostgreSQL keeps no order in JSON.
    counts = [(written[kind], kind) for kind in KINDS if written.get(kind)]
    words = [f"{count:,} {kind.removesuffix('s') if count == 1 else kind}" for count, kind in counts]
    return ", ".join(words) or "nothing"


# What a column holds, and which are needed for something new.
COLUMNS = [
    ("seller", "Whose product it is, by the last part of their page's address. Your own if it is empty.", ""),
    (
        "slug",
        "The last part of the page's address: the product is known by it. Made of the title if empty.",
        "",
    ),
    ("title", "What it is called, up to 200 characters.", "product"),
    ("status", "draft, listed or archived. A new product is a draft.", ""),
    ("category", "The shelf, from the top down: decor/vases.", "product"),
    ("brand", "Who made it.", ""),
    ("description", "Markdown; a cell may hold several lines.", ""),
    ("care", "How to care for it, also Markdown.", ""),
    ("specifications", "Material: Oak | Height: 20 cm", ""),
    ("photos", "front.jpg: What the photo shows | back.jpg: What this one shows", ""),
    ("sku", "The article number: the variant is known by it, and it is unique in a shop.", "variant"),
    ("options", "What tells it from the other variants: Size: Large | Colour: Oat", ""),
    ("price", "12.50 or 12,50, without a currency.", "variant"),
    ("former_price", "Higher than the price, or empty.", ""),
    ("currency", "EUR, the same for all variants of a product.", ""),
    ("stock", "A whole number.", ""),
    ("default", "yes for the variant that the page shows first.", ""),
    ("position", "Its place among the variants, from 0.", ""),
    (
        "exported_stock",
        "Written by an export; leave it as it is. Stock is only set where it says something else.",
        "",
    ),
]
