"""What the ledger is told of controls: that routes refuse, and how far clocks may be trusted."""

from typing import Literal

import msgspec


class CanaryTold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


class ClockCompared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
