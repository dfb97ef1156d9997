"""Draining finished calls into the ledger.

The journal that feeds the drain may be replayed after a crash, so a call that is
recorded already, by its (start, seq), is passed over. A long batch is drained in
parts, each a transaction of its own: what a crash leaves out comes again.

A call may show a use on a day for the first time, and whoever compiles rulesets
is told of it when it is committed (`shown`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from changeover.gateway.model import CallRecord
from changeover.ledger.entries import Entry, call_entry
from changeover.ledger.usecases import Ledger
from changeover.orders.uses import Use
from changeover.storage.database import Database

_PART = 1000


class CallDrain:
    """Implements `gateway.ports.CallSink`; `demonstration` marks the entries it makes.

    `shown` is given the uses that were not recorded before, each with its UTC day.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        *,
        demonstration: bool,
        shown: Callable[[Sequence[tuple[Use, int]]], None] | None = None,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._demonstration = demonstration
        self._shown = shown

    def drain(self, calls: Sequence[CallRecord]) -> None:
        for start in range(0, len(calls), _PART):
            self._drain_part(calls[start : start + _PART])

    def _drain_part(self, calls: Sequence[CallRecord]) -> None:
        with self._database.begin() as work:
            fresh = work.calls.unrecorded(calls)
            if not fresh:
                return
            self._ledger.append(work.ledger, [self._entry(made) for made in fresh])
            days = work.calls.add(fresh)
        if days and self._shown is not None:
            self._shown([(Use(d.service, d.purpose, d.maker), d.day) for d in days])

    def _entry(self, made: CallRecord) -> Entry:
        intent: dict[str, Any] = msgspec.structs.asdict(made.intent)
        outcome: dict[str, Any] = msgspec.structs.asdict(made.outcome)
        at = intent.pop("at")
        outcome["ended"] = outcome.pop("at")
        return call_entry(intent | outcome, at=at, demonstration=self._demonstration)
