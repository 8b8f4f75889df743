"""Texts in cells: what a spreadsheet must not take for a formula, and lists of pairs in one cell."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# What spreadsheets take for the start of a formula; a quotation mark before it makes it a text.
FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
# What stands between two | or line ends; a backslash takes their meaning away.
ITEM = re.compile(r"(?:\\.|[^|\n])+")
SPECIAL, SPECIAL_IN_NAMES = "\\|", "\\|:"
NAME = re.compile(r"((?:\\.|[^:])*):(.*)")


def armoured(text):
    return f"'{text}" if FORMULA.match(text) else text


def bared(text):
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def tidy(text):
    """Return a text as it is compared: bare line ends, nothing around it, letters composed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def show_pairs(pairs):
    """Return pairs as “Material: Oak | Height: 20 cm”."""
    return " | ".join(
        f"{_escaped(name, SPECIAL_IN_NAMES)}: {_escaped(text, SPECIAL)}" for name, text in pairs
    )


def read_pairs(text):
    """Return the pairs of a cell, which may also stand on lines of their own; raises ValidationError."""
    return [_pair(item.strip()) for item in ITEM.findall(text) if item.strip()]


def _pair(item):
    found = NAME.fullmatch(item) if "\\" in item else None
    name, text = found.groups() if found else item.partition(":")[::2]
    name, text = _unescaped(name).strip(), _unescaped(text).strip()
    if not name or not text:
        raise ValidationError(f"“{item:.60}” should read “name: value”, with | before the next one.")
    return [name, text]


def _escaped(text, special):
    if "\n" in text:
        text = " ".join(text.split("\n"))
    for character in special:
        if character in text:
            text = text.replace(character, f"\\{character}")
    return text


def _unescaped(text):
    return re.sub(r"\\([\\|:])", r"\1", text) if "\\" in text else text
