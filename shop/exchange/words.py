"""Differences and counts in words."""

LONGEST = 80


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
    """Return counts in words; kinds are in the plural: {"products": 1} is 1 product."""
    words = [f"{count:,} {kind.removesuffix('s') if count == 1 else kind}" for kind, count in written.items()]
    return ", ".join(words) or "nothing"
