"""What people type, taken apart: words, "phrases" and -exclusions, as an expression for any engine.

An expression is ("words", words, is_prefix) for words that follow one another, ("and", …) or ("or", …) of
expressions, or ("not", wanted, unwanted).
"""

import re
import threading
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from snowballstemmer import stemmer

from shop.fields.folding import fold

MAX_WORDS = 12
PIECE = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))')
STOP_WORDS = frozenset(
    "a an and are as at be by for from in into is it of on or the this that to with without".split()  # noqa: SIM905
)
NUMBER_AND_UNIT = re.compile(r"(?<!\d)(\d+)([a-z]{1,4})")

_of_thread = threading.local()


@lru_cache(maxsize=20_000)
def stem_of(word):
    """Return the stem of an English word, and others as they are."""
    # A stemmer keeps the word it is at in itself, so each thread has its own.
    if not hasattr(_of_thread, "stemmer"):
        _of_thread.stemmer = stemmer("english")
    return _of_thread.stemmer.stemWord(word)


@dataclass(frozen=True)
class Query:
    """What is searched for: terms (each a tuple of words that follow one another) and what must not occur.

    unused: words that neighbours need not be looked for as, since nothing has them.
    """

    terms: tuple
    excluded: tuple = ()
    unused: frozenset = frozenset()

    @classmethod
    def parse(cls, text):
        """Take a text apart; more than MAX_WORDS words are left out."""
        terms: list[tuple[str, ...]] = []
        excluded: list[tuple[str, ...]] = []
        for piece in PIECE.finditer(text):
            words = tuple(fold(piece["phrase"] if piece["plain"] is None else piece["plain"]).split())
            if words:
                (excluded if piece["minus"] else terms).append(words)
        if not terms:
            # What has nothing to leave out of, like the "-5" of a title, is looked for.
            terms, excluded = excluded, []
        spoken = [term for term in terms if len(term) > 1 or term[0] not in STOP_WORDS]
        return cls(
            tuple(dict.fromkeys(spoken or terms))[:MAX_WORDS], tuple(dict.fromkeys(excluded))[:MAX_WORDS]
        )

    def __bool__(self):
        return bool(self.terms)

    @cached_property
    def words(self):
        return tuple(dict.fromkeys(word for term in self.terms for word in term))

    @cached_property
    def spellings(self):
        """Every word as it may be written, and what of the query it stands for: {word: words}."""
        spellings = {word: (word,) for word in self.words}
        for term in self.terms:
            if parts := parts_of_a_measure(term):
                spellings |= {term[0]: parts} | {part: (part,) for part in parts}
        for n, word in self.joined.items():
            spellings.setdefault(word, self.terms[n] + self.terms[n + 1])
        return spellings

    @cached_property
    def joined(self):
        """Two neighbours as one word, by the place of the first: {0: "macbook"} of mac book.

        Not "silverring", which both engines take for "silver".
        """
        pairs = enumerate(zip(self.terms, self.terms[1:], strict=False))
        joined = {n: a[0] + b[0] for n, (a, b) in pairs if len(a) == len(b) == 1}
        stems = set(map(stem_of, self.words))
        return {
            n: word for n, word in joined.items() if word not in self.unused and stem_of(word) not in stems
        }

    def with_all(self, completes=False):
        """Return the expression for all terms; completes: the last word may go on."""
        last = len(self.terms) - 1
        parts = [alternatives(term, completes and n == last) for n, term in enumerate(self.terms)]
        readings = [
            ("and", *parts[:n], ("words", (word,), completes and n + 1 == last), *parts[n + 2 :])
            for n, word in self.joined.items()
        ]
        return self._wanted(("or", ("and", *parts), *readings))

    def with_some(self):
        """Return the expression for any of the terms, and for neighbours written as one word."""
        joined = [("words", (word,), False) for word in self.joined.values()]
        return self._wanted(("or", *map(alternatives, self.terms), *joined))

    def corrected(self, corrections):
        """Return the Query with some words replaced: {word: another, or two}."""
        terms: list[tuple[str, ...]] = []
        for term in self.terms:
            words = " ".join(corrections.get(word, word) for word in term).split()
            terms += [tuple(words)] if len(term) > 1 else [(word,) for word in words]
        return replace(self, terms=tuple(terms))

    def _wanted(self, expression):
        for words in self.excluded:
            expression = ("not", expression, ("words", words, False))
        return expression

    def __str__(self):
        written = [" ".join(term) if len(term) == 1 else f'"{" ".join(term)}"' for term in self.terms]
        return " ".join([*written, *(f'-"{" ".join(words)}"' for words in self.excluded)])


def alternatives(words, is_prefix=False):
    """Return the expression for words in either spelling of a measure: 16gb is 16 gb."""
    expression = ("words", words, is_prefix)
    if parts := parts_of_a_measure(words):
        return ("or", expression, ("words", parts, is_prefix))
    return expression


def parts_of_a_measure(words):
    """Return ("16", "gb") for ("16gb",), and nothing for other words."""
    found = NUMBER_AND_UNIT.fullmatch(words[0]) if len(words) == 1 else None
    return found.groups() if found else ()
