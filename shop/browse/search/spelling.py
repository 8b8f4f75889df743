"""Misspelt words, corrected from those that products are described with."""

from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from ..models import Word
from .engines import matching

SHORTEST, NEAREST = 4, 5


def corrections(query, products):
    """Return {word: a word of the catalogue} for the words of a Query that none of the products have."""
    found = {word: correct(word, products) for word in query.words if not _occurs(word, products)}
    return {word: better for word, better in found.items() if better}


def correct(word, products):
    """Return the most used of the nearest words, or None; one slip is forgiven, two in a long word."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    slips = 1 if len(word) < 7 else 2
    words = Word.objects.annotate(length=Length("term"))
    alike = words.filter(length__gte=len(word) - slips, length__lte=len(word) + slips)
    terms = list(dict.fromkeys(alike.values_list("term", flat=True)))
    near = extract(word, terms, scorer=OSA.distance, score_cutoff=slips, limit=None)
    nearest = sorted(near, key=lambda match: (match[1], match[0][0] != word[0]))[:NEAREST]
    counts = [(-distance, _count(term, products), term) for term, distance, _ in nearest if term.isalpha()]
    return max((c for c in counts if c[1]), default=(None,))[-1]


def _occurs(word, products):
    return matching(products, ("words", (word,), False)).exists()


def _count(word, products):
    return matching(products, ("words", (word,), False)).count()
