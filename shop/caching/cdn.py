"""Edges, such as Varnish: what a page says to them, and how they are told which pages have changed.

Out of the box an edge asks for each request whether its copy is still right, and needs no purge.
"""

import hashlib
import logging
from http.client import HTTPConnection, HTTPException

from django.conf import settings

logger = logging.getLogger(__name__)

# Varnish takes 8 KB of a header; a key and a space are 13 bytes.
KEYS_IN_A_REQUEST = 500
# An edge that does not answer within so many seconds does not hold up the write any longer.
TIMEOUT = 1


def surrogate_key(tag):
    """Return 12 hexadecimal digits that stand for a tag: a list of cards has thirty of them."""
    return hashlib.blake2b(tag.encode(), digest_size=6).hexdigest()


def mark_for_cdn(response, tags):
    """Say to edges that a page is everybody's, how it is purged, and how long it needs no asking."""
    if settings.SURROGATE_KEYS:
        response.headers["Surrogate-Key"] = " ".join(map(surrogate_key, tags))
        response.headers["Surrogate-Control"] = f"max-age={settings.EDGE_TTL}"


def purge(tags):
    """Tell every edge to forget the pages that have one of some tags; log those that do not answer."""
    keys = sorted(map(surrogate_key, tags))
    for edge in settings.EDGES:
        for start in range(0, len(keys), KEYS_IN_A_REQUEST):
            _purge(edge, keys[start : start + KEYS_IN_A_REQUEST])


def _purge(edge, keys):
    connection = HTTPConnection(edge, timeout=TIMEOUT)
    try:
        connection.request("PURGE", "/", headers={"Surrogate-Key": " ".join(keys)})
        answer = str(connection.getresponse().status)
    except (OSError, HTTPException) as error:
        answer = str(error)
    finally:
        connection.close()
    if answer != "200":
        logger.error("edge %s was not purged: %s", edge, answer)
