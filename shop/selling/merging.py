"""Three-way merge of form data: each side's changes are kept; where both changed a thing, mine wins."""

from django.core.exceptions import ValidationError

from shop.fields.numbers import read_number

from .form_data import TEXTS

KEYED = ("photos", "variants")
# Changes by itself: a sale does not bring back a variant that was removed.
SOLD = frozenset({"stock"})


def merged(base, theirs, mine):
    """Return mine, with theirs where only they changed the base."""
    return {
        **{name: _pick(base[name], theirs[name], mine[name]) for name in (*TEXTS, "specifications")},
        **{kind: _merged_rows(*(_by_key(data[kind]) for data in (base, theirs, mine))) for kind in KEYED},
    }


def _pick(base, theirs, mine):
    return theirs if mine == base else mine


def _by_key(rows):
    return {row["key"]: row for row in rows}


def _merged_rows(base, theirs, mine):
    rows = [_merged_row(base.get(key), theirs.get(key), mine.get(key)) for key in _order(base, theirs, mine)]
    return [row for row in rows if row is not None]


def _order(base, theirs, mine):
    """Return all keys in the order of the side that changed it; mine if both did."""
    if not _is_in_order(base, mine):
        return mine | theirs
    return theirs | mine if not _is_in_order(base, theirs) else base | theirs | mine


def _is_in_order(base, rows):
    """Whether the remaining keys of base still come first, in the same order."""
    left = [key for key in base if key in rows]
    return list(rows)[: len(left)] == left


def _merged_row(base, theirs, mine):
    """Return a row or None: a row that one side removed stays only if the other changed it."""
    if base is None:
        return mine or theirs
    if mine is None:
        return theirs if theirs is not None and _has_changed(base, theirs, but=SOLD) else None
    if theirs is None:
        return mine if _has_changed(base, mine) else None
    picked = {name: _pick(base[name], theirs[name], mine[name]) for name in mine}
    if "stock" in mine:
        picked["stock"] = moved_stock(base["stock"], theirs["stock"], mine["stock"]) or mine["stock"]
    return picked


def _has_changed(base, row, but=frozenset()):
    return any(row[name] != base[name] for name in row.keys() - but)


def moved_stock(base, theirs, mine):
    """Apply my change of stock to theirs, so that no sale is undone; None if that would go below zero."""
    if mine == base or theirs in (base, mine):
        return _pick(base, theirs, mine)
    try:
        before, now, typed = (int(read_number(text, places=0)) for text in (base, theirs, mine))
    except ValidationError:
        return None
    count = now + typed - before
    return str(count) if count >= 0 <= typed else None
