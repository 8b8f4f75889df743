"""Limits on how often something may be done, counted in the database by all processes together."""

from .notes import claim

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def is_within_limit(name, most, seconds):
    """Count one use of what name stands for; return whether it is allowed, and so was counted.

    name: any text, like "review:203.0.113.0/24"; most: uses allowed at once. From then on one more is
    allowed each seconds / most, so that no span of so many seconds sees more than twice as many.
    Call it before any work is done, and outside transactions, which could take the count back.
    Without the database nobody is kept from anything.
    """
    return claim(f"limit:{name}", seconds / most, seconds)
