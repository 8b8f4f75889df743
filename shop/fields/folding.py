"""Folding of texts for comparison, shared by search, its index and collation."""

import re
import unicodedata
from functools import lru_cache

# Only the beginning of longer words counts.
LONGEST_WORD = 60
# Letters without a Unicode decomposition, as people without them on their keyboard write them.
SPELT_OUT = {
    **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"},
    **{"ı": "i", "ŧ": "t", "ŋ": "n", "ĸ": "k"},
    # Marks after a word that are not part of it, and a zero-width space.
    **dict.fromkeys("™℠\u200b", " "),
}
# Combining classes up to 9, such as vowel signs, are part of a word; higher ones are accents.
LAST_CLASS_OF_LETTERS = 9
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
IN_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
TOO_LONG = re.compile(rf"(\S{{{LONGEST_WORD}}})\S+")


def fold(text):
    """Return the words of a text in lower case, without accents and punctuation, separated by spaces.

    Letters fold independently, so that a database can do it with a table of letters; folding is idempotent.
    """
    if not text.isascii():
        text = BEYOND_ASCII.sub(_folded_match, unicodedata.normalize("NFC", text))
    words = text.translate(IN_ASCII).split(" ")
    return TOO_LONG.sub(r"\1", " ".join(filter(None, words)))


def _folded_match(found):
    return folded_letter(found[0])


@lru_cache(maxsize=5000)
def folded_letter(letter):
    """Return what a non-ASCII letter folds to: letters, a space, or nothing."""
    if letter in SPELT_OUT:
        return SPELT_OUT[letter]
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return unicodedata.normalize("NFC", "".join(map(_folded_part, parts)))


def _folded_part(part):
    category = unicodedata.category(part)
    if category == "Cf" or unicodedata.combining(part) > LAST_CLASS_OF_LETTERS:
        return ""
    if category[0] in "PSZ" or category in ("Cc", "Cs"):
        return part if part.isascii() and part.isalnum() else " "
    return SPELT_OUT.get(part, part)


def unusual_letters():
    """Return [(letter, folded)] for all non-ASCII letters that folding changes."""
    # Folding changes no letter outside these ranges.
    places = (0x80, 0xD800), (0xE000, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE0200)
    letters = (chr(code) for first, end in places for code in range(first, end))
    folded = ((letter, folded_letter.__wrapped__(letter)) for letter in letters)
    return [(letter, result) for letter, result in folded if letter != result]
