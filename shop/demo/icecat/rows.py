"""Rows of the Icecat catalogue: read from the file, checked, and put into words."""

import gzip
import html
import json
import re
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.utils.text import slugify

from shop.catalogue.models import Product
from shop.fields.limits import MOST_MONEY

KINDS = {
    **dict.fromkeys(("id", "mpn", "title", "brand", "description", "released"), str),
    **{"price_cents": int, "gtin": list, "attributes": dict},
}
MAX_CENTS = int(MOST_MONEY * 100)
SLUG_LENGTH = 80


class BadFileError(Exception):
    """The file, or a line of it, is not what an import can use; the message says which and why."""


def read_rows(path):
    """Yield the rows of a .jsonl or .jsonl.gz file as dictionaries, in order, skipping blank lines.

    Raises BadFileError for a file that cannot be read and, with the number of its line, for
    what is not a JSON object, lacks a field, has one of the wrong kind, or repeats an id.
    """
    seen = {}
    try:
        with _open(Path(path)) as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    row = _parse(line, number)
                    if seen.setdefault(row["id"], number) != number:
                        raise BadFileError(f"line {number}: id {row['id']} is on line {seen[row['id']]} too")
                    yield row
    except gzip.BadGzipFile as error:
        raise BadFileError(f"{path} is not a gzip file") from error
    except (EOFError, zlib.error) as error:
        raise BadFileError(f"{path} is damaged or incomplete: {error}") from error
    except UnicodeDecodeError as error:
        raise BadFileError(f"{path} is not text in UTF-8; a compressed file is named .gz") from error
    except OSError as error:
        raise BadFileError(f"{path}: {error.strerror}") from error


def _open(path):
    return (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8")


def _parse(line, number):
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadFileError(f"line {number}: not JSON: {error}") from error
    if complaint := _complaint(row):
        raise BadFileError(f"line {number}: {complaint}")
    return row


def _complaint(row):
    if not isinstance(row, dict):
        return "not a JSON object"
    for name, kind in KINDS.items():
        if name not in row:
            return f"{name} is missing"
        if type(row[name]) is not kind:
            return f"{name} is not of the kind {kind.__name__}: {row[name]!r:.40}"
    if not re.fullmatch(r"[\w-]{1,60}", row["id"], re.ASCII):
        return f"id is not letters and digits: {row['id']!r:.40}"
    if not clean_title(row["title"]):
        return "title is empty"
    if not 0 <= row["price_cents"] <= MAX_CENTS:
        return f"price_cents is not from 0 to {MAX_CENTS}: {row['price_cents']}"
    return _date_complaint(row["released"])


def _date_complaint(text):
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"released is not a date like 2009-12-10: {text!r:.40}"
    return None


def sku_of(row):
    """Return the key that finds the same product on the next run: no two rows share an id."""
    return f"IC-{row['id']}"


def slug_of(row):
    words = slugify(clean_title(row["title"]))[:SLUG_LENGTH].rpartition("-")
    return f"{words[0] or words[2]}-{row['id']}".lower().lstrip("-")


def price_of(row):
    return Decimal(row["price_cents"]).scaleb(-2)


def listed_at(row):
    return datetime.combine(date.fromisoformat(row["released"]), datetime.min.time(), UTC)


def stock_of(row):
    """Return a made-up quantity, always the same for an id: the catalogue has none.

    Of a hundred products about six are sold out and twelve have one to five pieces left.
    """
    lot, rest = divmod(zlib.crc32(row["id"].encode()), 100)
    if rest < 6:
        return 0
    return 1 + lot % 5 if rest < 18 else 6 + lot % 150


def clean_title(text):
    """Return text on one line without markup, cut at a word where it is too long for a title."""
    text, limit = " ".join(_plain(text).split()), Product._meta.get_field("title").max_length
    if len(text) <= limit:
        return text
    return text[:limit].rpartition(" ")[0].rstrip(" ,;-(/") + "…"


def clean_description(text):
    """Return text as Markdown: a line break becomes a paragraph, and nothing is markup by accident."""
    text = re.sub(r"<br\s*/?>|</?ul>|</?ol>|</?p>", "\n\n", text, flags=re.IGNORECASE)
    text = re.sub(r"<li>", "\n- ", text, flags=re.IGNORECASE)
    lines = [" ".join(line.split()) for line in _plain(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_accidents(line) for line in lines)).strip()


def _plain(text):
    text = re.sub(r"</?\w+[^<>]*>", "", text)
    # Only whole entities: html.unescape() would read "not" in bags&notebooks as a sign of logic.
    text = re.sub(r"&(#\d+|#x[0-9a-f]+|\w+);", lambda entity: html.unescape(entity[0]), text)
    text = re.sub(r"\\[tn]\b", " ", text)
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]", " ", text)


def _without_accidents(line):
    if re.match(r"[#>=+*_~`|]", line):
        return f"\\{line}"
    return re.sub(r"^(\d+)([.)] )", r"\1\\\2", line)
