"""Addresses as parts of keys: short, whatever visitors ask for."""

import hashlib


def fingerprint(request):
    """Return 32 hexadecimal digits that stand for the path and query of a canonical request."""
    return hashlib.blake2b(request.get_full_path().encode(), digest_size=16).hexdigest()
