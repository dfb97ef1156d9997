"""Which addresses of the internet protocol are public."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_address(text: str) -> Address:
    """The address, without its zone; that of IPv4 where one of IPv6 stands for it."""
    found = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        return found.ipv4_mapped or found.sixtofour or found
    return found


def is_public(address: Address) -> bool:
    """Whether it is one of the whole internet's, and one receiver's."""
    return address.is_global and not address.is_multicast
