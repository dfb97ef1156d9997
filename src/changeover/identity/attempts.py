"""How many sign-ins may fail.

Within any 15 minutes at most 5 sign-ins to one login fail, and at most 20 from
one address; what comes then is not even tried, and is told when it may be. A
refused try does not count, so waiting always helps. (OWASP Authentication Cheat
Sheet, "Login throttling": the limit per login stops guessing at one account, the
limit per address stops one guess at many.)

An address is an IPv4 address or an IPv6 network of 64 bits, which is what one
subscriber has.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_LOGIN = 5
PER_ADDRESS = 20
_SUBSCRIBER_BITS = 64


def wait(failures: Sequence[datetime], limit: int, now: datetime) -> timedelta:
    """How long until another try is allowed: zero when it is now.

    `failures` are instants in any order. Another try is allowed when fewer than
    `limit` of them lie within the window.
    """
    counted = sorted(at for at in failures if now - at < WINDOW)
    if len(counted) < limit:
        return timedelta()
    return counted[-limit] + WINDOW - now


def counted_login(login: str) -> str:
    """The text under which tries at a login are counted.

    A digest, because people type their passwords into the wrong field.
    """
    return hashlib.sha256(login.encode()).hexdigest()


def counted_address(address: str) -> str:
    """The text under which tries from an address are counted; `address` itself if it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _SUBSCRIBER_BITS), strict=False))
