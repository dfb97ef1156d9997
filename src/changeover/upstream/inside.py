"""Which addresses inside the organisation's network vendors' endpoints may have.

Whoever may set a vendor's address, or who answers for its name (DNS), could else have the
gateway send to what only it can reach: another service, a cloud's metadata.

1. A public address may be sent to. Every other one (private, loopback, link-local …) only
   where the operator declared it: by its name, or by a network that it is in.
2. A name is looked up once for a connection, what it leads to is checked, and the connection
   is made to those very addresses. So a name that leads elsewhere the next moment (DNS
   rebinding) gains nothing. One undeclared address among several refuses them all.
3. Behind a proxy the proxy looks names up, and has to keep these rules.
"""

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from changeover.basics.addresses import is_public, read_address
from changeover.basics.errors import InvalidInputError

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BarredAddressError(OSError):
    """A name leads to an address inside this network that nobody declared."""


class Inside(msgspec.Struct, frozen=True):
    """What is declared: names of hosts, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Inside":
        """Reads names, addresses and networks separated by spaces; `InvalidInputError`."""
        names, networks = set(), []
        for word in text.split():
            try:
                networks.append(ipaddress.ip_network(word, strict=False))
            except ValueError:
                names.add(_name(word))
        return cls(frozenset(names), tuple(networks))

    def may(self, host: str, address: str) -> bool:
        """Whether a host with this address may be sent to."""
        found = read_address(address)
        if is_public(found):
            return True
        declared = any(found in one for one in self.networks if one.version == found.version)
        return declared or host.lower().rstrip(".") in self.names

    def check_url(self, url: str) -> None:
        """`InvalidInputError` where a URL holds an undeclared address itself."""
        host = urlsplit(url).hostname or ""
        try:
            address = str(ipaddress.ip_address(host))
        except ValueError:
            # `localhost` is not looked up anywhere, and other names when they are sent to.
            address = "127.0.0.1" if host == "localhost" else ""
        if address and not self.may(host, address):
            raise InvalidInputError(
                f"{host} is inside this network, where no vendor is.",
                means="Nothing is sent there.",
                do="If a model is served there, have the operator declare it in CHANGEOVER_INSIDE.",
            )


def _name(word: str) -> str:
    if not word.isascii() or "/" in word or ":" in word:
        raise InvalidInputError(
            f"{word!r} is no name of a host, no address and no network",
            do="Write them like models.example.gov or 10.2.0.0/16, separated by spaces.",
        )
    return word.lower().rstrip(".")


class CheckedResolver(AbstractResolver):
    """Looks names up, and gives their addresses only if all may be sent to."""

    def __init__(
        self, inside: Callable[[], Inside], resolver: AbstractResolver | None = None
    ) -> None:
        self._inside = inside
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        inside = self._inside()
        if not all(inside.may(host, each["host"]) for each in found):
            raise BarredAddressError(f"{host} leads inside")
        return found

    async def close(self) -> None:
        await self._resolver.close()
