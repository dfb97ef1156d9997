"""How ODRL names what the directory has: URNs of our own, and others' IRIs understood.

A thing is `urn:changeover:KIND:ID`, the id percent-encoded but for `/` and `@`. Of
another's IRI the last segment is what a name is looked for by: as an id, or as a
name or an alias in either language.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import quote, unquote

from changeover.directory.model import Directory

Kind = Literal[
    "instrument", "issuer", "party", "vendor", "model", "route", "network", "service", "models"
]
_URN = "urn:changeover:"


def urn(kind: Kind, name: str) -> str:
    """The URN of a thing."""
    return f"{_URN}{kind}:{quote(name, safe='/@')}"


def last_segment(iri: str) -> str:
    """What an IRI calls the thing: what stands after its last `/`, `#` or `:`."""
    for mark in ("#", "/", ":"):
        head, found, tail = iri.rpartition(mark)
        if found and head and tail:
            return unquote(tail)
    return unquote(iri)


class Names:
    """Finds ids of the directory by what a policy calls them."""

    def __init__(self, directory: Directory) -> None:
        self._found: dict[str, dict[str, str]] = {
            "party": _by_name(directory.parties.values()),
            "vendor": _by_name(directory.vendors.values()),
            "model": _by_name(directory.models.values()),
            "route": {route: route for route in directory.routes},
            "network": _by_name(directory.networks.values()),
            "service": _by_name(directory.services.values()),
            "issuer": _by_name(directory.issuers.values()),
        }

    def find(self, kind: Kind, said: str) -> str | None:
        """The id of what a policy calls `said`; None where the directory has no such thing."""
        known: Mapping[str, str] = self._found[kind]
        prefix = f"{_URN}{kind}:"
        if said.startswith(prefix):
            name = unquote(said.removeprefix(prefix))
            return name if name in known.values() else None
        for name in (said, last_segment(said)):
            found = known.get(name) or known.get(name.casefold())
            if found is not None:
                return found
        return None


def _by_name(things: Iterable[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for thing in things:
        name = thing.name
        said = (name,) if isinstance(name, str) else (name.en, name.fr)
        for each in (*getattr(thing, "aliases", ()), *said):
            found.setdefault(each.casefold(), thing.id)
    return found | {thing.id: thing.id for thing in things}
