"""The differences between two states of a product form, in words that people compare."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from shop.catalogue.models import Category
from shop.fields.ids import read_id

from .form_data import FIELDS, OPTIONS
from .merging import moved_stock

TEXTS = {
    **{name: name.replace("_", " ").capitalize() for name in FIELDS},
    **{f"option_{n}": f"Option {n}" for n in OPTIONS},
}
OFFER = {"sku": "article number", "price": "price", "compare_at_price": "former price", "stock": "stock"}
REMOVED = "removed"
WORD = re.compile(r"\S+\s*|\s+")
LINE = re.compile(r".*\n|.+")
# Comparing takes quadratic time, or worse.
MOST_COMPARED = 1000


@dataclass(frozen=True)
class Change:
    """A value before and after; mine: what I changed it to at the same time, or None."""

    name: str
    label: str
    before: str
    after: str
    mine: str | None = None

    def parts_before(self):
        """Return (text, whether it was removed) pairs."""
        return _parts(self.before, self.after)

    def parts_after(self):
        """Return (text, whether it was added) pairs."""
        return _parts(self.after, self.before)


def changes(before, after, mine=None):
    """Return the Changes from one form data to another; mine: its value where it changed the same thing."""
    was, now = _facts(before), _facts(after)
    own = _facts(mine) if mine else {}
    found = []
    for name, (label, _) in (was | now).items():
        old, new = _text(was, name), _text(now, name)
        # The list of variants shows which are gone.
        if old != new and not _is_of_row_gone(name, now):
            is_removed = mine and name in was and _is_of_row_gone(name, own)
            given = REMOVED if is_removed else _text(own, name, old)
            if mine and name.endswith(":stock") and (is_removed or moved_stock(old, new, given)):
                continue  # Sales go on while a form is open.
            found.append(Change(name, label, old, new, None if given in (old, new) else given))
    return found


def _is_of_row_gone(name, facts):
    key, colon, _ = name.partition(":")
    return colon and f"{key}:sku" not in facts


def _text(facts, name, default=""):
    return facts.get(name, (None, default))[1]


def _facts(data):
    """Return {name: (label, text)} of everything in form data."""
    facts = {name: (label, data[name]) for name, label in TEXTS.items()}
    facts["category"] = (TEXTS["category"], _category(data["category"]))
    details = [f"{row['name']}: {row['value']}" for row in data["specifications"]]
    facts["specifications"] = ("Details", "\n".join(details))
    titles = {row["key"]: _title(row) for row in data["variants"]}
    facts["default"] = ("Shown first", titles.get(data["default"], ""))
    facts["variants"] = ("Variants", "\n".join(titles.values()))
    for row in data["variants"]:
        for name, label in OFFER.items():
            facts[f"{row['key']}:{name}"] = (f"{titles[row['key']]}: {label}", row[name])
    photos = [f"{row['alt']} ({row['key'].replace('-', ' ')})" for row in data["photos"]]
    facts["photos"] = ("Photos", "\n".join(photos))
    return facts


def _title(row):
    return ", ".join(row[f"value_{n}"] for n in OPTIONS if row[f"value_{n}"]) or row["sku"] or "The product"


def _category(pk):
    category = Category.objects.filter(pk=read_id(pk)).first()
    return category.path if category else ""


def _parts(text, other):
    """Compare by words, or long texts by lines; do not compare very long ones."""
    for piece in (WORD, LINE):
        words, others = piece.findall(text), piece.findall(other)
        if max(len(words), len(others)) <= MOST_COMPARED:
            break
    else:
        return [(text, True)]
    steps = SequenceMatcher(None, words, others).get_opcodes()
    return [("".join(words[a:b]), step != "equal") for step, a, b, _, _ in steps if b > a]
