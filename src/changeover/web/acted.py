"""An act as the desk answers it: what was issued, and when it came into force."""

from typing import Any

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.orders.enforcement import Enforcement
from changeover.orders.model import Issued
from changeover.orders.usecases import Office
from changeover.web.enforced import enforcement_told


def acted(office: Office, issued: Issued, **more: Any) -> dict[str, Any]:
    """The instrument as issued, with `more`, and how it came into force on every replica."""
    found = office.enforcement(issued.instrument.id)
    told = None if found is None else enforcement_line(found)
    return {**msgspec.structs.asdict(issued), **more, "enforcement": told}


def enforcement_line(found: Enforcement) -> dict[str, Any]:
    """An act's instants, and how each replica came to it; `seconds` from its commit."""
    settled, in_force = found.settled, found.in_force
    return {
        **msgspec.structs.asdict(enforcement_told(found)),
        "revision": found.revision,
        "in_force": None if in_force is None else from_microseconds(in_force),
        "seconds": None if settled is None else (settled - found.committed) / 1e6,
    }
