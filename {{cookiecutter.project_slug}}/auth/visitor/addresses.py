"""The addresses of visitors."""

from ipaddress import AddressValueError, IPv6Address, IPv6Network

_PREFIX = 64  # bits that a provider gives to one customer: the other 64 are theirs to choose


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


def network(address: str | None) -> str:
    """Return what is one visitor's: the /64 of an IPv6 address, any other address as it is.

    >>> network("192.0.2.1"), network("2001:db8::1"), network(None)
    ('192.0.2.1', '2001:db8::/64', '')
    """
    known = plain(address) or ""
    try:
        number = int(IPv6Address(known))
    except AddressValueError:
        return known
    return str(IPv6Network((number, _PREFIX), strict=False))
