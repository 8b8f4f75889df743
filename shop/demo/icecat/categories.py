"""Where a row of the Icecat catalogue belongs: the rules of categories.toml, applied."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ELSE = ("Everything else",)
RULES = Path(__file__).with_suffix(".toml")
# What follows says what a thing comes with or goes into, not what it is.
ASIDE = re.compile(r" (?:with(?! audio)|w/|for|f|f/|incl\.?|inc\.|includes|compatible) | w/| - (?=include)")


@dataclass(frozen=True)
class Rule:
    category: tuple
    words: re.Pattern
    attributes: frozenset


def category_of(row):
    """Return the names of a row's category from the root down: ("Printing", "Toner")."""
    title, kinds = row["title"].lower(), _kinds(row["attributes"])
    head = ASIDE.split(title, maxsplit=1)[0] + kinds
    for rule in rules():
        if rule.words.search(head) or not rule.attributes.isdisjoint(row["attributes"]):
            return rule.category
    for text in (title + kinds, row["description"].lower()):
        for rule in rules():
            if rule.words.search(text):
                return rule.category
    return ELSE


@cache
def rules():
    entries = tomllib.loads(RULES.read_text(encoding="utf-8"))["rules"]
    return [
        Rule(
            category=tuple(entry["category"]),
            words=_whole_words(entry.get("words", [r"\b\B"])),
            attributes=frozenset(entry.get("attributes", [])),
        )
        for entry in entries
    ]


def _whole_words(expressions):
    joined = "|".join(re.sub(r"\n *", "", expression).strip() for expression in expressions)
    return re.compile(rf"(?<!\w)(?:{joined})(?:s|es)?(?!\w)")


def _kinds(attributes):
    return "".join(f" | {attributes.get(name, '')}".lower() for name in ("type", "product_type"))
