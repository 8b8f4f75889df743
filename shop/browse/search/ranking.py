"""The order of what was found, the same on every database: BM25 over weighted fields (BM25F)."""

import re
from collections import Counter
from functools import lru_cache
from math import log

from snowballstemmer import stemmer

from .query import fold

# Chosen on one half of the judged queries of bench/relevance.py, reported on the other.
WEIGHTS = {
    "title": 5,
    "brand": 3,
    "category": 1,
    "ancestors": 1,
    "specifications": 0.3,
    "description": 3,
}
# How soon more of the same word stops to count, and how much a long text is held against it.
SATURATION, LENGTH = 1.2, 0.75
# What a product gains that has all the words, and its share of them.
ALL_WORDS, SHARE = 1, 1

_stem = lru_cache(maxsize=100_000)(stemmer("english").stemWord)


def best_first(words, entries):
    """Return entries (mappings with a text for each of WEIGHTS) sorted by how well words describe them."""
    stems = list(dict.fromkeys(map(_stem, words)))
    # A word begins as its stem does, but for its last letters.
    near = re.compile(rf"(?:{'|'.join({stem[:3] for stem in stems})})[^\W_]*")
    counted = [{field: _count(stems, near, entry[field]) for field in WEIGHTS} for entry in entries]
    usual = {
        field: (sum(texts[field][0] for texts in counted) or 1) / len(counted) for field in WEIGHTS if counted
    }
    found = [_weigh(texts, usual) for texts in counted]
    rarity = _rarity(found)
    scores = [_score(weights, rarity, len(stems)) for weights in found]
    return [entries[n] for n in sorted(range(len(entries)), key=lambda n: -scores[n])]


def _count(stems, near, text):
    """Return how long a text is, and {stem: how often it occurs}."""
    counts: Counter[str] = Counter()
    text = fold(text)
    for found in near.finditer(text):
        is_within_a_word = found.start() and text[found.start() - 1].isalnum()
        if not is_within_a_word and (stem := _stem(found[0])) in stems:
            counts[stem] += 1
    return len(text), counts


def _weigh(texts, usual):
    """Return {stem: its weighted frequency} of an entry."""
    weights: Counter[str] = Counter()
    for field, (length, counts) in texts.items():
        for stem, count in counts.items():
            weights[stem] += WEIGHTS[field] * count / (1 - LENGTH + LENGTH * length / usual[field])
    return weights


def _rarity(found):
    holding = Counter(stem for weights in found for stem in weights)
    return {stem: 1 + log(len(found) / count) for stem, count in holding.items()}


def _score(weights, rarity, wanted):
    score = sum(rarity[stem] * weight / (weight + SATURATION) for stem, weight in weights.items())
    return score + SHARE * len(weights) / wanted + ALL_WORDS * (len(weights) == wanted)
