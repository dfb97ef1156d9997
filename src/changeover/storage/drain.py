"""Draining finished calls into the database and the ledger's queue.

The journal that feeds the drain may be replayed after a crash, so a call that is
recorded already, by its (start, seq), is passed over. A long batch is drained in
parts, each a transaction of its own: what a crash leaves out comes again. Drains
do not wait for acts, nor for those of other processes; of two that drain the same
calls at once, each records and tells of those that it was the first to record.

A call may show a use on a day for the first time, and whoever compiles rulesets
is told of it when it is committed, here (`shown`) and in other processes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from changeover.gateway.model import CallRecord
from changeover.ledger.entries import Entry, call_entry
from changeover.ledger.sequencing import Sequencer
from changeover.orders.uses import Use
from changeover.storage.database import Database
from changeover.storage.use_signals import told

_PART = 1000


class CallDrain:
    """Implements `gateway.ports.CallSink`; `demonstration` marks the entries it makes.

    `shown` is given the uses that were not recorded before, each with its UTC day.
    """

    def __init__(
        self,
        database: Database,
        sequencer: Sequencer,
        *,
        demonstration: bool,
        shown: Callable[[Sequence[tuple[Use, int]]], None] | None = None,
    ) -> None:
        self._database = database
        self._sequencer = sequencer
        self._demonstration = demonstration
        self._shown = shown

    def drain(self, calls: Sequence[CallRecord]) -> None:
        for start in range(0, len(calls), _PART):
            self._drain_part(calls[start : start + _PART])

    def _drain_part(self, calls: Sequence[CallRecord]) -> None:
        with self._database.begin(alone=False) as work:
            fresh = work.calls.add(calls)
            work.queue.add([self._entry(made) for made in fresh])
            work.allowances.settle(fresh)
            days = work.calls.show(fresh)
            for payload in told(days):
                work.notify("use", payload)
        if days and self._shown is not None:
            self._shown([(Use(d.service, d.purpose, d.maker), d.day) for d in days])
        if fresh:
            self._sequencer.begin_to_catch_up()

    def _entry(self, made: CallRecord) -> Entry:
        intent: dict[str, Any] = msgspec.structs.asdict(made.intent)
        outcome: dict[str, Any] = msgspec.structs.asdict(made.outcome)
        at = intent.pop("at")
        outcome["ended"] = outcome.pop("at")
        del outcome["spent"], intent["reserve"]
        if not made.intent.content:
            del intent["content"]
        return call_entry(intent | outcome, at=at, demonstration=self._demonstration)
