"""What the law says of a recorded call: as it was known then, and as it is known now.

A call is asked about anew, at its own instant, under two rulesets: the record as known when
it was made, and all of the record. What the ledger does not keep is not made up: the person
on whose behalf it was made counts as unknown. A call that went out although one of the two
refuses it is *unauthorised*, which the answer itself then tells apart.

Of the others, the prohibitions that the call meets say where it stands: *winding down*,
*waived* or *stayed*; *before effect*, where one begins later; else *permitted*. *Unknown* are
those whose service or route the directory does not have any more.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory.model import Directory
from changeover.ledger.entries import read_instant
from changeover.orders.compiled_directory import call_of
from changeover.orders.decide import decide
from changeover.orders.decision import Call, Decision
from changeover.orders.known import read_known
from changeover.orders.model import Status
from changeover.orders.ports import RecordEntry
from changeover.orders.ruleset import Ruleset, compile_ruleset
from changeover.orders.uses import DAY, Use

Group = Literal[
    "refused",
    "unauthorised",
    "winding-down",
    "waived",
    "stayed",
    "before-effect",
    "permitted",
    "unknown",
]
_BY_STATUS: tuple[tuple[Status, Group], ...] = (
    ("winding-down", "winding-down"),
    ("waived", "waived"),
    ("stayed", "stayed"),
)
_KEPT = 8


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in short: `instruments` are those that refuse, or give notice."""

    outcome: str
    because: str
    instruments: tuple[str, ...]


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """Among which calls one stands; None where the law cannot be asked."""

    group: Group
    then: Answer | None
    now: Answer | None


class Lawyer:
    """Asks the orders about calls, mostly in the order of their instants."""

    def __init__(self, record: Sequence[RecordEntry], days: Iterable[tuple[Use, int]]) -> None:
        self._record = record
        self._days = list(days)
        self._recorded = sorted(microseconds(entry.recorded) for entry in record)
        self._then: dict[tuple[int, int], Ruleset | None] = {}
        known, version = read_known(record, self._days)
        self.now = compile_ruleset(known, version=version)

    @property
    def directory(self) -> Directory:
        return self.now.directory

    def of(self, entry: Mapping[str, Any]) -> Law:
        """What the law says of a call's entry."""
        at = read_instant(entry["at"])
        then, now = self._asked(self._known_at(at), entry, at), self._asked(self.now, entry, at)
        answers = {"then": _answer(then), "now": _answer(now)}
        return Law(group=self._group(entry, at, then, now), **answers)

    def _group(
        self, entry: Mapping[str, Any], at: datetime, then: Decision | None, now: Decision | None
    ) -> Group:
        if entry["result"] == "refused":
            return "refused"
        if any(answer is not None and answer.outcome == "refuse" for answer in (then, now)):
            return "unauthorised"
        if now is None:
            return "unknown"
        statuses = {c.status for c in now.citations if c.modality == "prohibit"}
        for status, group in _BY_STATUS:
            if status in statuses:
                return group
        call = _call(self.now, entry)
        count = microseconds(at)
        later = (
            standing
            for standing in self.now.collect(call, entry["route"])
            if standing.modality == "prohibit"
            and standing.begins is not None
            and standing.begins > count
        )
        return "permitted" if next(later, None) is None else "before-effect"

    def _asked(
        self, ruleset: Ruleset | None, entry: Mapping[str, Any], at: datetime
    ) -> Decision | None:
        if ruleset is None or entry["service"] not in ruleset.directory.services:
            return None
        if entry["route"] not in ruleset.directory.routes:
            return None
        return decide(ruleset, _call(ruleset, entry), entry["route"], at)

    def _known_at(self, at: datetime) -> Ruleset | None:
        """The ruleset as known then: one for each line of the record and day of calls."""
        count = microseconds(at)
        place = bisect_right(self._recorded, count), count // DAY
        if place not in self._then:
            if len(self._then) == _KEPT:
                del self._then[next(iter(self._then))]
            self._then[place] = self._compiled(at)
        return self._then[place]

    def _compiled(self, at: datetime) -> Ruleset | None:
        try:
            known, version = read_known(self._record, self._days, known_at=at)
        except NotFoundError:
            return None
        return compile_ruleset(known, version=version)


def _call(ruleset: Ruleset, entry: Mapping[str, Any]) -> Call:
    """The call as the entry tells it, and for what it does not tell, as the directory does."""
    call = call_of(ruleset.directory.services[entry["service"]], entry["slot"])
    told = {name: entry[name] for name in ("party", "purpose")}
    content = tuple(entry.get("content", ()))
    asked: Call = msgspec.structs.replace(call, **told, content=content)
    return asked


def _answer(decision: Decision | None) -> Answer | None:
    if decision is None:
        return None
    cited = (c.instrument for c in decision.citations if c.effect in {"refuses", "notice"})
    return Answer(
        outcome=decision.outcome,
        because=decision.because,
        instruments=tuple(dict.fromkeys(cited)),
    )
