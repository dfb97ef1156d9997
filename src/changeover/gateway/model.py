"""What the gateway records of one call."""

from datetime import datetime
from typing import Literal

import msgspec

from changeover.metering.model import Spent

CallResult = Literal["answered", "refused", "failed", "cut", "unknown"]
Operation = Literal[
    "chat",
    "count-tokens",
    "embed",
    "speak",
    "transcribe",
    "translate-speech",
    "draw",
    "edit-image",
]


class Reserve(msgspec.Struct, frozen=True, kw_only=True):
    """The money that is set aside for a call, and the accounts that it is of."""

    money: int
    accounts: tuple[str, ...]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Written before anything leaves for a vendor.

    `start` names the process's run and `seq` counts its intents from 1 without
    gaps. No contents: names, outcomes, counts and times only. `maker` and
    `route` are the actual ones, `asked` the model's name as the client wrote it.
    `operation` is what was asked of the model; journals and entries of versions that
    knew no other than chat do not say. `content` are the data classes of what goes with the
    call, beside its service's own; an entry without any does not say. `reserve` is not in
    the ledger.
    """

    start: str
    seq: int
    call: str
    at: datetime
    service: str
    party: str
    slot: str
    purpose: str
    key: str
    asked: str
    route: str
    model: str
    maker: str
    host: str
    outcome: str
    instruments: tuple[str, ...]
    ruleset: str
    stand_in: bool
    operation: Operation = "chat"
    content: tuple[str, ...] = ()
    reserve: Reserve | None = None


class CallOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an intent: how it ended, the vendor's status, counts, when.

    `losses` names the fields of the request or the reply that were not carried.
    `overtaken_by` are the instruments that refused by then what was let out before they
    began, and `overtaken_at` is when the first of them did. `spent` is what it cost; the
    ledger does not say it.
    """

    start: str
    seq: int
    at: datetime
    result: CallResult
    status: int | None = None
    served_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    error: str | None = None
    losses: tuple[str, ...] = ()
    overtaken_by: tuple[str, ...] = ()
    overtaken_at: datetime | None = None
    spent: Spent | None = None


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An intent with its outcome: one entry of the ledger."""

    intent: Intent
    outcome: CallOutcome
