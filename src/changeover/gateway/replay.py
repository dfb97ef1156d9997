"""Reading what earlier starts left in the journal's directory.

A living start's files are left alone: they are its own. Of a dead start:

1. Every line whose checksum holds counts, also behind one whose does not. A
   last line without its end is what a kill in mid-write leaves, and loses
   nothing: its `intend` never returned. Any other broken line is a fault.
2. Sequence numbers of intents grow by one, from what the first file left says;
   numbers before that were drained, and outcomes for them are passed over.
3. An intent without an outcome gets the result "unknown", at the last instant
   that the dead start wrote: the same at every replay.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from changeover.gateway.model import CallOutcome, CallRecord, Intent
from changeover.gateway.segments import (
    FORMAT,
    Concluded,
    Intended,
    Lock,
    Opened,
    Record,
    record_in,
    starts_in,
)

ENDED = "the process ended before the answer did"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in a file, at a byte offset; `torn` is the harmless kind (rule 1)."""

    file: str
    offset: int
    what: str
    torn: bool = False


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What dead starts left: finished calls, unfinished ones (with "unknown"), and faults.

    `files` are the files it was read from, `alive` the starts that were left alone,
    `last` is the greatest number that each dead start is known to have given a call.
    """

    concluded: tuple[CallRecord, ...] = ()
    unfinished: tuple[CallRecord, ...] = ()
    faults: tuple[Fault, ...] = ()
    files: tuple[Path, ...] = ()
    alive: tuple[str, ...] = ()
    last: Mapping[str, int] = {}

    @property
    def calls(self) -> tuple[CallRecord, ...]:
        """All calls, each start's in the order of their intents."""
        both = self.concluded + self.unfinished
        return tuple(sorted(both, key=lambda call: (call.intent.start, call.intent.seq)))


def replay(directory: Path, keep: list[Lock] | None = None) -> Replay:
    """Reads what dead starts left in `directory`; an absent directory holds nothing.

    The locks of the dead starts are put into `keep`, if given, until whoever gave it
    releases them: meanwhile other processes take those starts for alive.
    """
    if not directory.exists():
        return Replay()
    alive: list[str] = []
    dead: list[_DeadStart] = []
    for start in starts_in(directory):
        lock = Lock.take(directory, start)
        if lock is None:
            alive.append(start)
            continue
        try:
            # Another process may have drained and removed them before the lock was free.
            files = starts_in(directory).get(start, [])
            reading = _DeadStart(start)
            for path in files:
                reading.read(path)
            if files:
                dead.append(reading)
        finally:
            if keep is None or not files:
                lock.release(remove=not files)
            else:
                keep.append(lock)
    return Replay(
        concluded=tuple(call for start in dead for call in start.concluded()),
        unfinished=tuple(call for start in dead for call in start.unfinished()),
        faults=tuple(fault for start in dead for fault in start.faults),
        files=tuple(path for start in dead for path in start.files),
        alive=tuple(alive),
        last={start.name: start.last for start in dead},
    )


def forget(found: Replay) -> None:
    """Removes the files of a replay whose calls were recorded; damaged ones are set aside."""
    damaged = {fault.file for fault in found.faults if not fault.torn}
    for path in found.files:
        if path.name in damaged:
            with suppress(FileNotFoundError):
                path.rename(path.with_suffix(".journal.damaged"))
        else:
            path.unlink(missing_ok=True)
        start = path.name.partition("-")[0]
        if not any(path.parent.glob(f"{start}-*.journal")):
            (path.parent / f"{start}.lock").unlink(missing_ok=True)


class _DeadStart:
    """Reads one dead start's files, in their order."""

    def __init__(self, start: str) -> None:
        self.faults: list[Fault] = []
        self.files: list[Path] = []
        self.name = start
        self._intents: dict[int, Intent] = {}
        self._outcomes: dict[int, CallOutcome] = {}
        self._first_seq: int | None = None
        self._next_seq = 1
        self._last_sign: datetime | None = None

    @property
    def last(self) -> int:
        """The greatest number that it is known to have given; 0 for none."""
        return max(self._next_seq - 1, *self._intents, 0)

    def read(self, path: Path) -> None:
        self.files.append(path)
        *lines, tail = path.read_bytes().split(b"\n")
        offset = 0
        for text in lines:
            record = record_in(text)
            broken = "a line whose checksum does not hold"
            what = broken if record is None else self._take(record)
            if what is not None:
                self.faults.append(Fault(file=path.name, offset=offset, what=what))
            offset += len(text) + 1
        if tail:
            what = "a last line without its end"
            self.faults.append(Fault(file=path.name, offset=offset, what=what, torn=True))

    def concluded(self) -> list[CallRecord]:
        return [
            CallRecord(intent=intent, outcome=self._outcomes[seq])
            for seq, intent in self._intents.items()
            if seq in self._outcomes
        ]

    def unfinished(self) -> list[CallRecord]:
        return [
            CallRecord(
                intent=intent,
                outcome=CallOutcome(
                    start=self.name,
                    seq=seq,
                    at=self._last_sign or intent.at,
                    result="unknown",
                    error=ENDED,
                ),
            )
            for seq, intent in self._intents.items()
            if seq not in self._outcomes
        ]

    def _take(self, record: Record) -> str | None:
        """Takes a whole record; says what is wrong with it, if anything is."""
        match record:
            case Opened():
                return self._open(record)
            case Intended(intent):
                self._see(intent.at)
                return self._intend(intent)
            case Concluded(outcome):
                self._see(outcome.at)
                return self._conclude(outcome)

    def _open(self, opened: Opened) -> str | None:
        if opened.start != self.name or opened.format != FORMAT:
            return f"a beginning of start {opened.start} in format {opened.format}"
        missing = self._first_seq is not None and opened.next_seq != self._next_seq
        if self._first_seq is None:
            self._first_seq = opened.next_seq
        self._next_seq = opened.next_seq
        return f"a file between is missing, before intent {opened.next_seq}" if missing else None

    def _intend(self, intent: Intent) -> str | None:
        if intent.start != self.name:
            return f"an intent of start {intent.start}"
        if intent.seq in self._intents:
            return f"a second intent {intent.seq}"
        expected, self._next_seq = self._next_seq, intent.seq + 1
        self._intents[intent.seq] = intent
        return None if intent.seq == expected else f"intent {intent.seq} where {expected} belongs"

    def _conclude(self, outcome: CallOutcome) -> str | None:
        if outcome.start != self.name:
            return f"an outcome of start {outcome.start}"
        if outcome.seq not in self._intents:
            drained = self._first_seq is not None and outcome.seq < self._first_seq
            return None if drained else f"an outcome of intent {outcome.seq}, which is missing"
        if outcome.seq in self._outcomes:
            return f"a second outcome of intent {outcome.seq}"
        self._outcomes[outcome.seq] = outcome
        return None

    def _see(self, at: datetime) -> None:
        if self._last_sign is None or at > self._last_sign:
            self._last_sign = at
