"""The addresses of visitors."""

from ipaddress import AddressValueError, IPv6Address


def plain(address: str | None) -> str | None:
    """Return an IP address without the form that a server on IPv6 gives those of IPv4.

    >>> plain("::ffff:192.0.2.1"), plain("2001:db8::1")
    ('192.0.2.1', '2001:db8::1')
    """
    try:
        mapped = IPv6Address(address or "").ipv4_mapped
    except AddressValueError:
        return address
    return str(mapped) if mapped else address
