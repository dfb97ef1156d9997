"""The network that an installation stands on, and whose bundles its operator trusts."""

from collections.abc import Mapping

from changeover.isolation.office import Place
from changeover.ledger.checkpoint import VerifierKey

NETWORK = "CHANGEOVER_NETWORK"
IMPORT_KEYS = "CHANGEOVER_IMPORT_KEYS"


def place(environment: Mapping[str, str]) -> Place:
    """What the settings say; `NoteError` where a key is none."""
    keys = environment.get(IMPORT_KEYS, "").split()
    return Place(
        network=environment.get(NETWORK) or None,
        trusted=tuple(VerifierKey.parse(key) for key in keys),
    )
