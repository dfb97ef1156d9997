"""What the ledger's facts have in common."""

import msgspec


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the facts. `sha256` is `digest(body)` of what was recorded at the entry's `at`."""
