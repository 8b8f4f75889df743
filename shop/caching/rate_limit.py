"""Rate limits, counted in the database by all processes together."""

from .notes import claim

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def is_within_limit(name, most, seconds):
    """Count one use of name, like "review:203.0.113.0/24"; return False if it is over the limit.

    most: uses allowed at once; from then on one more every seconds / most, so that any span of this
    many seconds has at most twice as many. Call it before any work, and outside transactions, whose
    rollback would undo the count. While the database is down everything is allowed.
    """
    return claim(f"limit:{name}", seconds / most, seconds)
