"""Visitors as limits count them: by network, since one visitor easily has a whole network of IP addresses."""

from ipaddress import ip_address, ip_network

from django.conf import settings

PREFIXES = {4: 24, 6: 48}
THIS_MACHINE = {"127.0.0.1", "::1"}


def network_of(request):
    """Return the /24 or /48 of a request, like 203.0.113.0/24, or "unknown"."""
    try:
        ip = ip_address(_client(request.META))
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((ip, PREFIXES[ip.version]), strict=False))


def is_of_this_machine(request):
    """Whether a request comes from this machine: a benchmark, or a proxy that names no client."""
    return _client(request.META) in THIS_MACHINE


def _client(headers):
    """Return the IP address that the outermost of our own proxies saw."""
    proxies = settings.TRUSTED_PROXIES
    forwarded = headers.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies and forwarded[-proxies].strip():
        return forwarded[-proxies].strip()
    return headers.get("REMOTE_ADDR", "")
