"""Draining finished calls into the ledger.

The journal that feeds the drain may be replayed after a crash, so a call that is
recorded already, by its (start, seq), is passed over. A long batch is drained in
parts, each a transaction of its own: what a crash leaves out comes again.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from changeover.gateway.model import CallRecord
from changeover.ledger.entries import Entry, call_entry
from changeover.ledger.usecases import Ledger
from changeover.storage.database import Database

_PART = 1000


class CallDrain:
    """Implements `gateway.ports.CallSink`; `demonstration` marks the entries it makes."""

    def __init__(self, database: Database, ledger: Ledger, *, demonstration: bool) -> None:
        self._database = database
        self._ledger = ledger
        self._demonstration = demonstration

    def drain(self, calls: Sequence[CallRecord]) -> None:
        for start in range(0, len(calls), _PART):
            self._drain_part(calls[start : start + _PART])

    def _drain_part(self, calls: Sequence[CallRecord]) -> None:
        with self._database.begin() as work:
            fresh = work.calls.unrecorded(calls)
            if not fresh:
                return
            appended = self._ledger.append(work.ledger, [self._entry(made) for made in fresh])
            work.calls.add(fresh, appended.start)

    def _entry(self, made: CallRecord) -> Entry:
        intent: dict[str, Any] = msgspec.structs.asdict(made.intent)
        outcome: dict[str, Any] = msgspec.structs.asdict(made.outcome)
        at = intent.pop("at")
        outcome["ended"] = outcome.pop("at")
        return call_entry(intent | outcome, at=at, demonstration=self._demonstration)
