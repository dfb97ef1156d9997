"""An act as the desk answers it: what was issued, and when it came into force."""

from typing import Any

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.orders.enforcement import Enforcement
from changeover.orders.model import Issued
from changeover.orders.usecases import Office


def acted(office: Office, issued: Issued, **more: Any) -> dict[str, Any]:
    """The instrument as issued, with `more`, and how it came into force on every replica."""
    found = office.enforcement(issued.instrument.id)
    told = None if found is None else enforcement_line(found)
    return {**msgspec.structs.asdict(issued), **more, "enforcement": told}


def enforcement_line(found: Enforcement) -> dict[str, Any]:
    """An act's instants, and how each replica came to it; `seconds` from its commit."""
    settled, in_force = found.settled, found.in_force
    return {
        "key": found.key,
        "kind": found.kind,
        "revision": found.revision,
        "legal": from_microseconds(found.legal),
        "committed": from_microseconds(found.committed),
        "settled": None if settled is None else from_microseconds(settled),
        "in_force": None if in_force is None else from_microseconds(in_force),
        "seconds": None if settled is None else (settled - found.committed) / 1e6,
        "replicas": [
            {**msgspec.structs.asdict(each), "at": from_microseconds(each.at)}
            for each in found.replicas
        ],
    }
