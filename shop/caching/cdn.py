"""Caches in front of the shop, such as Varnish: headers for them, and purging.

By default an edge revalidates its copy for each request and needs no purge.
"""

import hashlib
import logging
from http.client import HTTPConnection, HTTPException

from django.conf import settings

logger = logging.getLogger(__name__)

# Varnish takes 8 KB of a header; a key and a space are 13 bytes.
KEYS_IN_A_REQUEST = 500
# Seconds that a write waits for an edge.
TIMEOUT = 1


def surrogate_key(tag):
    """Return 12 hexadecimal digits for a tag; short, as a list has thirty tags."""
    return hashlib.blake2b(tag.encode(), digest_size=6).hexdigest()


def mark_for_cdn(response, tags):
    """Name the keys by which a page is purged, and how long an edge may keep it without asking."""
    if settings.SURROGATE_KEYS:
        response.headers["Surrogate-Key"] = " ".join(map(surrogate_key, tags))
        response.headers["Surrogate-Control"] = f"max-age={settings.EDGE_TTL}"


def purge(tags):
    """Purge the pages with one of some tags from every edge; log edges that do not answer."""
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
