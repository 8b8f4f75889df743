"""Misspelt and joined words, corrected from those that products are described with."""

from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from ..models import SearchTerm
from .engines import matching

SHORTEST, SHORTEST_PART, NEAREST = 4, 3, 5
# Each word costs a look at all words of its length, and a text of many unknown words is no misspelling.
MOST_CORRECTED = 3


def corrections(query, products):
    """Return {word: what the catalogue has instead} for the words of a Query that no product has."""
    unknown = [word for word in query.words if not _found((word,), products).exists()]
    found = {word: split(word, products) or correct(word, products) for word in unknown[:MOST_CORRECTED]}
    return {word: better for word, better in found.items() if better}


def split(word, products):
    """Return the two words that one is made of, where they follow one another, or None."""
    pairs = [(word[:n], word[n:]) for n in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
    parts = SearchTerm.objects.filter(term__in={part for pair in pairs for part in pair})
    known = set(parts.values_list("term", flat=True))
    counts = [(_found(pair, products).count(), " ".join(pair)) for pair in pairs if known.issuperset(pair)]
    return max((c for c in counts if c[0]), default=(None,))[-1]


def correct(word, products):
    """Return the most used of the nearest words, or None; one slip is forgiven, two in a long word."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    slips = 1 if len(word) < 7 else 2
    words = SearchTerm.objects.annotate(length=Length("term"))
    alike = words.filter(length__gte=len(word) - slips, length__lte=len(word) + slips)
    terms = list(dict.fromkeys(alike.values_list("term", flat=True)))
    near = extract(word, terms, scorer=OSA.distance, score_cutoff=slips, limit=None)
    nearest = sorted(near, key=lambda match: (match[1], match[0][0] != word[0]))[:NEAREST]
    counts = [
        (-distance, _found((term,), products).count(), term)
        for term, distance, _ in nearest
        if term.isalpha()
    ]
    return max((c for c in counts if c[1]), default=(None,))[-1]


def _found(words, products):
    return matching(products, ("words", words, False))
