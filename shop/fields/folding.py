"""Texts as they are compared: how a search, the search index and collation read letters."""

import re
import unicodedata
from functools import lru_cache

# Longer words count by their beginning: what tells two words apart stands there.
LONGEST_WORD = 60
# Letters that Unicode does not take apart, as people without them on their keyboard write them.
SPELT_OUT = {
    **{"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"},
    **{"ı": "i", "ŧ": "t", "ŋ": "n", "ĸ": "k"},
    # Signs that hang on to a word without being part of it, and a space that cannot be seen.
    **dict.fromkeys("™℠\u200b", " "),
}
# Vowel signs and the like (classes 0 to 9) are parts of a word; accents above these are not.
LAST_CLASS_OF_LETTERS = 9
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
IN_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
TOO_LONG = re.compile(rf"(\S{{{LONGEST_WORD}}})\S+")


def fold(text):
    """Return the words of a text with spaces between them: lower case, without accents and punctuation.

    Two texts that people take for the same fold to the same. Every letter folds by itself, which lets a
    database do it with a table of letters, and folding twice changes nothing.
    """
    if not text.isascii():
        text = BEYOND_ASCII.sub(_folded_match, unicodedata.normalize("NFC", text))
    words = text.translate(IN_ASCII).split(" ")
    return TOO_LONG.sub(r"\1", " ".join(filter(None, words)))


def _folded_match(found):
    return folded_letter(found[0])


@lru_cache(maxsize=5000)
def folded_letter(letter):
    """Return what one letter beyond ASCII folds to: letters, a space, or nothing."""
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
    """Return [(letter, what it folds to)] of all letters beyond ASCII that folding changes."""
    # Folding changes nothing elsewhere: ideographs, letters of nobody's, and places without a letter.
    places = (0x80, 0xD800), (0xE000, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE0200)
    letters = (chr(code) for first, end in places for code in range(first, end))
    folded = ((letter, folded_letter.__wrapped__(letter)) for letter in letters)
    return [(letter, result) for letter, result in folded if letter != result]
