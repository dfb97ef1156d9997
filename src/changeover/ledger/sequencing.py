"""The one sequencer: entries that wait become leaves of the tree.

Whatever is told is queued in the unit of work that it tells of, by any process.
A sequencing is one unit of work of its own, which

1. ends at once when nothing waits;
2. holds the tree to its end, or leaves it to the process that holds it;
3. takes the entries that wait longest, at most `BATCH`;
4. appends them to the tree that was signed last, and signs the longer one.

It commits or it never was: a process that dies in the middle leaves the queue and
the tree as they were. There is no leader to elect and none that could be fenced
too late: the tree is held for one transaction only.

A process without the ledger's key queues and does not sequence. Sequencing never
undoes what was told: when it fails (the tree was altered, the database is away),
entries wait, and `trouble` says why.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Protocol, Self

import structlog

from changeover.basics.errors import ChangeoverError
from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.ports import LedgerQueue
from changeover.ledger.usecases import GrowingStore, Ledger

BATCH = 2000
_EVERY_SECONDS = 0.2
_PATIENCE = 1.0
_log = structlog.stdlib.get_logger()


class SequencedStore(GrowingStore, Protocol):
    """A ledger's store that many processes may want to append to."""

    def hold(self) -> bool:
        """Holds the tree until the unit of work ends; False when another process holds it."""
        ...


class SequencingWork(Protocol):
    """A unit of work that moves entries from the queue to the tree."""

    @property
    def ledger(self) -> SequencedStore: ...
    @property
    def queue(self) -> LedgerQueue: ...


class SequencingWorks(Protocol):
    """Opens such units; one that is not `alone` may run beside others."""

    def begin(self, *, alone: bool = True) -> AbstractContextManager[SequencingWork]: ...


class Sequencer:
    """Moves entries that wait into the tree. One per process; any thread may use it."""

    def __init__(self, works: SequencingWorks, ledger: Ledger | None) -> None:
        """`ledger` None is a process without the key, which leaves sequencing to others."""
        self._works = works
        self._ledger = ledger
        self._one_at_a_time = threading.Lock()
        self._trouble: ChangeoverError | None = None

    @property
    def verifier(self) -> VerifierKey | None:
        """The public key of what this process signs; None when it signs nothing."""
        return None if self._ledger is None else self._ledger.verifier

    @property
    def trouble(self) -> ChangeoverError | None:
        """Why the last sequencing failed; None when it did not."""
        return self._trouble

    def run_once(self, *, patience: float = -1) -> int:
        """One sequencing; returns how many entries entered the tree.

        Another thread's is waited for, at most `patience` seconds where that is given.
        Raises `LedgerError` when the tree is not the one that this key signed last,
        and what the store raises when it fails; then nothing was moved.
        """
        if self._ledger is None or not self._one_at_a_time.acquire(timeout=patience):
            return 0
        try:
            with self._works.begin(alone=False) as work:
                return self._move(self._ledger, work)
        finally:
            self._one_at_a_time.release()

    def _move(self, ledger: Ledger, work: SequencingWork) -> int:
        if work.queue.empty() or not work.ledger.hold():
            return 0
        entries = work.queue.take(BATCH)
        if entries:
            ledger.append(work.ledger, entries)
        return len(entries)

    def catch_up(self) -> None:
        """Sequences until nothing is left to this process; trouble is kept, not raised."""
        with self._keeping_trouble():
            while self.run_once() == BATCH:
                pass

    def begin_to_catch_up(self) -> None:
        """As `catch_up`, one sequencing at most.

        For those who have committed what waits and have more to do: where much waits,
        as when the key was away for hours, a `SequencerLoop` does the rest.
        """
        with self._keeping_trouble():
            self.run_once(patience=_PATIENCE)

    @contextmanager
    def _keeping_trouble(self) -> Iterator[None]:
        try:
            yield
        except ChangeoverError as error:
            if self._trouble is None or self._trouble.code != error.code:
                _log.error("sequencing_failed", code=error.code, why=error.what)
            self._trouble = error
        else:
            self._trouble = None


class SequencerLoop:
    """Has a sequencer catch up again and again, in a thread, between `start` and `close`."""

    def __init__(self, sequencer: Sequencer, *, every: float = _EVERY_SECONDS) -> None:
        self._sequencer = sequencer
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Catches up once more; returns when the thread has ended."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._sequencer.catch_up()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            self._sequencer.catch_up()
