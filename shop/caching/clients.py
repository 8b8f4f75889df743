"""Who asks, as far as limits go: one visitor has a whole network of addresses as easily as one."""

from ipaddress import ip_address, ip_network

from django.conf import settings

PREFIXES = {4: 24, 6: 48}
THIS_MACHINE = {"127.0.0.1", "::1"}


def network_of(request):
    """Return the /24 or /48 that a request comes from, like 203.0.113.0/24; "unknown" if nothing says."""
    try:
        address = ip_address(_client(request.META))
    except ValueError:
        return "unknown"
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, PREFIXES[address.version]), strict=False))


def is_of_this_machine(request):
    """Whether a request is a measurement's, or of any visitor behind a proxy that says nothing of them."""
    return _client(request.META) in THIS_MACHINE


def _client(headers):
    """Return the address that the outermost of our own proxies saw."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = headers.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies and forwarded[-proxies].strip():
        return forwarded[-proxies].strip()
    return headers.get("REMOTE_ADDR", "")
