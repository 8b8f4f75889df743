"""Every address of the project, with something plausible where it has a variable part."""

from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

SAMPLES = {"app_label": "catalogue", "content_type_id": 1, "uidb36": "a", "key": "b-c"}


def every_view(resolver=None, namespace=""):
    """Yield (name, names of the variable parts, view) of every pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_view(pattern, inner)
        else:
            yield namespace + (pattern.name or ""), pattern.pattern.regex.groupindex, pattern.callback


def every_address():
    """Return a sorted list of addresses, one for each named pattern at least."""
    addresses = set()
    for name, parts, _ in every_view():
        try:
            addresses.add(reverse(name, kwargs={part: SAMPLES.get(part, 1) for part in parts}))
        except NoReverseMatch:
            # The admin names its last pattern, which catches all others, not at all.
            assert name == "admin:"
    return sorted(addresses)
