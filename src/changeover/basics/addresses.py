"""Which addresses of the internet protocol are public.

Of IPv6 only what is given out as global unicast is (2000::/3, RFC 4291 and IANA's registry of
it). So nothing is that stands for an address of IPv4 in another way than those that are read
as that one: IPv4-compatible (`::/96`), IPv4-translated (`::ffff:0:0:0/96`), a network's own
translation (`64:ff9b:1::/48`, RFC 8215); nor old site-local ones (`fec0::/10`).
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""What a network's translator to IPv4 takes (NAT64, RFC 6052)."""
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocols' own, RFC 6890; a cloud answers for its machines here
            "192.88.99.0/24",  # relays of 6to4, RFC 7526
            "168.63.129.16/32",  # Azure's platform, as its machines see it
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)


def read_address(text: str) -> Address:
    """The address, without its zone; that of IPv4 where one of IPv6 stands for it."""
    found = ipaddress.ip_address(text.partition("%")[0])
    if not isinstance(found, ipaddress.IPv6Address):
        return found
    if found in _TRANSLATED:
        return ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.ipv4_mapped or found.sixtofour or found


def is_public(address: Address) -> bool:
    """Whether it is one of the whole internet's, and one receiver's."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL:
        return False
    barred = any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not barred
