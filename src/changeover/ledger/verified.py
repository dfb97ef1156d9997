"""What a verification of the ledger finds: that it holds, or what is wrong first, and where."""

from datetime import datetime
from typing import Literal

import msgspec

FaultKind = Literal[
    "index", "leaf", "form", "kind", "checkpoint", "root", "missing", "unsigned", "state", "known"
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong first, and where.

    `index` is set where one entry is at fault. Otherwise the fault lies with the
    entries `after` … `before` − 1 (two sizes of the tree) or with the checkpoint
    of size `before`.
    """

    kind: FaultKind
    what: str
    index: int | None = None
    after: int | None = None
    before: int | None = None

    @property
    def where(self) -> str:
        if self.index is not None:
            return f"entry {self.index}"
        if self.after == self.before:
            return f"at size {self.before}"
        return f"between the checkpoints of size {self.after} and {self.before}"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification found: the whole ledger when `fault` is None.

    With a fault, the other fields tell of the entries read before it. `first`
    and `last` are the earliest and the latest instant of the entries; `signed`
    is the size that the last good checkpoint covers.
    """

    size: int
    root: bytes
    first: datetime | None
    last: datetime | None
    counts: dict[str, int]
    signed: int
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        return self.fault is None
