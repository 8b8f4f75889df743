"""Signs of spam: they sort the staff's queue and nothing else."""

import re
from datetime import timedelta

from django.utils import timezone

LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|info|shop|ru|cn)\b", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+\.\w+|\+?\d[\d ()/-]{8,}\d")
REPEATED = re.compile(r"(.)\1{5,}|\b(\w+)(?:\W+\2\b){3,}", re.IGNORECASE)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MANY_IN_AN_HOUR = 3


def signs_of_spam(review):
    """Return (points, explanation) of what is suspicious about a review, the author's others included."""
    words = f"{review.title}\n{review.text}"
    others = type(review).objects.exclude(pk=review.pk)
    of_author = others.filter(author=review.author)
    signs = [
        (3 * len(LINK.findall(words)), "links"),
        (3 * len(ADDRESS.findall(words)), "an e-mail address or a telephone number"),
        (5 * others.filter(text__iexact=review.text).exists(), "the same text as another review"),
        (2 * bool(REPEATED.search(words)), "a word or sign over and over"),
        (2 * is_shouted(words), "capitals only"),
        (
            3 * (of_author.filter(created_at__gt=timezone.now() - HOUR).count() >= MANY_IN_AN_HOUR),
            "several in an hour",
        ),
        (2 * (review.author.date_joined > timezone.now() - DAY), "an account of today"),
    ]
    return [(min(points, 20), text) for points, text in signs if points]


def is_shouted(words):
    letters = [letter for letter in words if letter.isalpha()]
    return len(letters) > 20 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)
