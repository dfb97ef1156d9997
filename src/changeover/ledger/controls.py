"""What the ledger is told of itself: refusals of canaries, clocks, restores, ledgers joined."""

from datetime import datetime
from typing import Literal

from changeover.ledger.fact import Fact


class CanaryTold(Fact, frozen=True, kw_only=True):
    """What came of canaries on a route, which lead to a sink and never to the vendor.

    Each service asked for the route in each of its slots. `asked` and `refused` count that by
    party; `let_out` and `not_asked` name those that were not refused, as service/slot.
    """

    start: str
    route: str
    maker: str
    host: str
    asked: dict[str, int]
    refused: dict[str, int]
    let_out: tuple[str, ...]
    not_asked: tuple[str, ...]
    instruments: tuple[str, ...]
    ruleset: str
    by: str


class ClockCompared(Fact, frozen=True, kw_only=True):
    """How far a machine's clock stood from another, in microseconds: positive where it is ahead.

    `against` is `kernel`, what the machine's own time service knows of it (`synchronised` is
    whether that holds it to a source), or `database`. `error` bounds the offset where it is known.
    """

    start: str
    host: str
    against: Literal["kernel", "database"]
    offset: int
    error: int | None
    synchronised: bool


class ClockTold(Fact, frozen=True, kw_only=True):
    """It was time for a checkpoint: one is made every `every` seconds, whatever happens.

    `start` is whose process told it, `machine` the time on that machine.
    """

    start: str
    every: int
    machine: datetime


class Restored(Fact, frozen=True, kw_only=True):
    """The database was restored from a backup, made then, of a ledger of `size` and `root`.

    What was recorded after the backup is not in this ledger.
    """

    made: datetime
    size: int
    root: str
    version: str


class LedgerJoined(Fact, frozen=True, kw_only=True):
    """The ledger of an installation that was apart stood so: its key's note, of its entries.

    Its entries stay in it. From here on this ledger answers for what that one said then.
    """

    ledger: str
    key: str
    size: int
    root: str
    note: str
    by: str
