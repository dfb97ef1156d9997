"""The write-ahead journal of calls: the intent is on file before a vendor hears of it.

The theory is write-ahead logging (Mohan et al., "ARIES", 1992), turned from pages
to calls. The database may be away when a call must go out, and a call that went
out cannot be taken back; so what is made durable first is the intent, in a local
file, and the outcome follows when it is known. From the file, and not from
memory, follows what left:

* No intent, no call: when `intend` does not return, nothing left. A full disk
  therefore stops calls; it does not make them unrecorded.
* An intent without an outcome means: may have left, outcome unknown. A process
  that is killed leaves such intents and loses nothing else, because what
  `os.write` took survives the process. The next start's replay lists them.
* A machine that loses power may lose the last seconds that the system had not
  yet put on the disk, unless `fsync` is set; then many waiters share one sync
  (`group_commit`). A lost machine loses what was not drained. Because the
  sequence of a start has no gaps, the ledger shows where its record ends.

Sequence numbers are given by the writer: `next_seq` is the one that the next
intent must bear. An intent that was refused leaves it where it was, so that the
numbers on file have no gaps. Read it and call `intend` without awaiting between.

Files ("segments") rotate by size. One is deleted when every intent in it and in
those before it was drained, so that an outcome never goes before its intent.
Intents that are not drained are also bounded: at `most_undrained` new ones are
refused until the database follows. Outcomes are never refused: when an outcome
cannot be written, it still goes to the batcher, and only if the process dies
before the next drain does its call show as unknown.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from changeover.gateway.group_commit import GroupCommit
from changeover.gateway.model import CallOutcome, CallRecord, Intent
from changeover.gateway.segments import (
    Concluded,
    Intended,
    JournalError,
    Lock,
    Opened,
    Segment,
    line,
)
from changeover.metering.model import UNBILLED

SEGMENT_BYTES = 16 * 1024 * 1024
MOST_UNDRAINED = 20_000
_log = structlog.stdlib.get_logger()


class SegmentJournal:
    """One start's journal in a directory; use it as an async context manager.

    `start` is an id of letters, digits and `_`, new for every start. `fsync`
    makes `intend` wait for the disk. Entering raises `JournalError` when the
    directory cannot be written.
    """

    def __init__(
        self,
        directory: Path,
        start: str,
        *,
        fsync: bool = False,
        segment_bytes: int = SEGMENT_BYTES,
        most_undrained: int = MOST_UNDRAINED,
    ) -> None:
        self.directory = directory
        self.start = start
        self._commit = GroupCommit() if fsync else None
        self._segment_bytes = segment_bytes
        self._most_undrained = most_undrained
        self._next_seq = 1
        self._lock: Lock | None = None
        self._segment: Segment | None = None
        self._sealed: deque[Segment] = deque()
        self._open: dict[int, Intent] = {}
        # Which segment holds an intent, and how many intents of a segment are not drained.
        self._where: dict[int, int] = {}
        self._left: Counter[int] = Counter()
        self._takers: list[Callable[[CallRecord], None]] = []

    @property
    def next_seq(self) -> int:
        """The sequence number that the next intent must bear."""
        return self._next_seq

    @property
    def undrained(self) -> int:
        """How many intents, open or concluded, were not drained yet."""
        return len(self._where)

    def subscribe(self, taker: Callable[[CallRecord], None]) -> None:
        """Has every concluded call given to `taker`, at once and in this thread."""
        self._takers.append(taker)

    async def __aenter__(self) -> Self:
        try:
            self._begin()
        except OSError as error:
            raise self._refusal(error) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._segment is not None:
            self._seal(self._segment)
            self._segment = None
        if self._commit is not None:
            await self._commit.close()
        self._delete_drained()
        if self._lock is not None:
            self._lock.release(remove=not self._sealed)
            self._lock = None

    async def intend(self, intent: Intent) -> None:
        """Returns once the intent is written (and synced, by setting).

        `JournalError` when it is not: then nothing may leave, and its sequence
        number is still to be given, unless it was written and only not synced;
        then, and when this wait is cancelled, it is concluded as failed here.
        """
        self._check(intent)
        try:
            segment = self._with_room()
            segment.append(line(Intended(intent)))
        except OSError as error:
            raise self._refusal(error) from error
        self._next_seq += 1
        self._open[intent.seq] = intent
        self._where[intent.seq] = segment.number
        self._left[segment.number] += 1
        if self._commit is None:
            return
        try:
            await self._commit.synced(segment)
        except (JournalError, asyncio.CancelledError):
            self._withdraw(intent)
            raise

    def conclude(self, outcome: CallOutcome) -> None:
        """Appends the outcome of an intent; `JournalError` if no such intent is open."""
        intent = self._open.get(outcome.seq)
        if intent is None or outcome.start != self.start or self._segment is None:
            raise JournalError(
                f"The journal has no open intent {outcome.seq} of start {outcome.start}."
            )
        del self._open[outcome.seq]
        try:
            self._segment.append(line(Concluded(outcome)))
        except OSError as error:
            _log.error("outcome_not_journalled", seq=outcome.seq, why=error.strerror)
        call = CallRecord(intent=intent, outcome=outcome)
        for taker in self._takers:
            taker(call)

    def drained(self, calls: Iterable[CallRecord]) -> None:
        """Takes note that these calls are recorded; deletes the files that need no longer stay."""
        for call in calls:
            if call.intent.start == self.start and call.intent.seq in self._where:
                self._left[self._where.pop(call.intent.seq)] -= 1
        self._delete_drained()

    def _begin(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = Lock.take(self.directory, self.start)
        if lock is None:
            raise JournalError(
                f"The journal of start {self.start} is being written by another process.",
                do="Give every start an id of its own.",
            )
        try:
            opened = Opened(start=self.start, number=1, next_seq=self._next_seq)
            self._segment = Segment(self.directory, opened)
        except OSError:
            lock.release(remove=False)
            raise
        self._lock = lock

    def _check(self, intent: Intent) -> None:
        if self._segment is None:
            raise JournalError("The journal is closed.", means="Nothing leaves for a vendor.")
        if intent.start != self.start or intent.seq != self._next_seq:
            raise JournalError(
                f"Intent {intent.seq} of start {intent.start} is not the next one, "
                f"{self._next_seq} of {self.start}."
            )
        if self._commit is not None:
            self._commit.check()
        if len(self._where) >= self._most_undrained:
            raise JournalError(
                f"{len(self._where)} calls wait to be recorded in the database.",
                means="No further call leaves for a vendor until the record follows.",
                do="Check that the database can be reached.",
            )

    def _with_room(self) -> Segment:
        """The segment to write to, a new one if it is full; `OSError` leaves the old one."""
        full = self._segment
        assert full is not None
        if full.size < self._segment_bytes:
            return full
        opened = Opened(start=self.start, number=full.number + 1, next_seq=self._next_seq)
        self._segment = Segment(self.directory, opened)
        self._seal(full)
        return self._segment

    def _seal(self, segment: Segment) -> None:
        self._sealed.append(segment)
        if self._commit is None:
            segment.close()
        else:
            self._commit.retire(segment)

    def _withdraw(self, intent: Intent) -> None:
        with suppress(JournalError):  # closed meanwhile: the replay lists it as unknown
            self.conclude(
                CallOutcome(
                    start=intent.start,
                    seq=intent.seq,
                    at=intent.at,
                    result="failed",
                    error="nothing was sent: the intent was not known to be on the disk",
                    spent=UNBILLED,
                )
            )

    def _delete_drained(self) -> None:
        while self._sealed and not self._left[self._sealed[0].number]:
            segment = self._sealed.popleft()
            del self._left[segment.number]
            try:
                segment.path.unlink(missing_ok=True)
            except OSError as error:
                _log.warning("segment_not_deleted", file=segment.path.name, why=error.strerror)

    def _refusal(self, error: OSError) -> JournalError:
        return JournalError(
            f"The journal cannot be written ({error.strerror}).",
            means="Nothing leaves for a vendor until it can.",
            do=f"Make room in {self.directory} and check who may write there.",
        )
