"""Signs of spam: they sort the staff's queue and nothing else.

Every expression reads a text in one way only, so that no text takes longer than its length.
"""

import re
from datetime import timedelta
from hashlib import sha256
from itertools import groupby

from django.utils import timezone

LINK = re.compile(r"https?://|www\.|(?<=[\w-])\.(?:com|net|org|info|shop|ru|cn)\b", re.IGNORECASE)
CONTACT = re.compile(r"(?<=\S)@[^\s@.]+\.\w|\d[\d ()/-]{8,24}\d")
SIGN_REPEATED = re.compile(r"(.)\1{5}")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MANY_IN_AN_HOUR = MOST_SAME_WORDS = 3


def signs_of_spam(review):
    """Return (points, explanation) pairs for a review, judged together with the author's others."""
    words = f"{review.title}\n{review.text}"
    others = type(review).objects.exclude(pk=review.pk)
    of_author = others.filter(author=review.author)
    signs = [
        (3 * len(LINK.findall(words)), "links"),
        (3 * len(CONTACT.findall(words)), "an e-mail address or a telephone number"),
        (
            5 * others.filter(text_digest=digest_of(review.text)).exists(),
            "the same text as another review",
        ),
        (2 * is_repeated(words.lower()), "a word or sign over and over"),
        (2 * is_shouted(words), "capitals only"),
        (
            3 * (of_author.filter(created_at__gt=timezone.now() - HOUR).count() >= MANY_IN_AN_HOUR),
            "several in an hour",
        ),
        (2 * (review.author.date_joined > timezone.now() - DAY), "an account of today"),
    ]
    return [(min(points, 20), text) for points, text in signs if points]


def digest_of(text):
    """Return a digest that ignores case and spaces."""
    return sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:32]


def is_repeated(words):
    runs = groupby(re.findall(r"\w+", words))
    return bool(SIGN_REPEATED.search(words)) or any(len(list(run)) > MOST_SAME_WORDS for _, run in runs)


def is_shouted(words):
    letters = [letter for letter in words if letter.isalpha()]
    return len(letters) > 20 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)
