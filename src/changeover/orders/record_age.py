"""How old a record may be where an installation lives by imports.

A network may name a greatest age of its record. Beyond it, counted from when the last
bundle was made, calls on the network are let through with a notice, or new uses are
refused, or all calls are: an order might have come that nobody there knows of.
"""

from collections.abc import Mapping
from datetime import timedelta

from changeover.basics.instants import microseconds
from changeover.directory.model import Directory, WhenStale
from changeover.orders.model import Imported


def stale_from(
    directory: Directory, imported: Imported | None
) -> Mapping[str, tuple[int, WhenStale]]:
    """From when on (microseconds) the record is too old, by network, and what is done then."""
    if imported is None:
        return {}
    return {
        network.id: (
            microseconds(imported.made + timedelta(days=network.max_age_days)),
            network.when_stale,
        )
        for network in directory.networks.values()
        if network.max_age_days is not None
    }
