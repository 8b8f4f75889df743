"""Addresses as parts of keys: short, whatever visitors ask for."""

import hashlib


def fingerprint(request):
    """Return 32 hexadecimal digits that stand for the address of a canonical request."""
    return hashlib.blake2b(request.build_absolute_uri().encode(), digest_size=16).hexdigest()
