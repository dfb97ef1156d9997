"""Drains concluded calls from the journal into the database.

* A drain begins when `every` seconds have passed since a call was concluded, or
  when `most` calls wait; it takes at most `most` calls, in a worker thread, and
  only one runs at a time.
* When the database is away, everything is kept and tried again after a growing
  delay, at most `longest_delay` seconds. The queue is bounded by the journal:
  it refuses new intents at its `most_undrained`, so that calls stop before
  memory does; calls under way are still taken.
* A drain whose end was not seen is repeated; the sink passes over what it has.
* At the start, what dead starts left is drained first, and their files are
  removed when the database has it and was told that they ended. Until then no
  other process takes them up. At the stop, what cannot be drained stays in
  the journal for the next start.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Self

import msgspec
import structlog

from changeover.basics.errors import ChangeoverError
from changeover.gateway.journal import SegmentJournal
from changeover.gateway.model import CallRecord
from changeover.gateway.ports import CallSink
from changeover.gateway.replay import Replay, forget, replay
from changeover.gateway.segments import Lock

_log = structlog.stdlib.get_logger()


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When to drain: seconds, calls at once, and the longest delay between attempts in seconds."""

    every: float = 0.2
    most: int = 500
    longest_delay: float = 30


class Batcher:
    """Takes every call that the journal concludes and drains it; an async context manager.

    Enter it after the journal and leave it before: leaving drains what is left.
    """

    def __init__(
        self,
        journal: SegmentJournal,
        sink: CallSink,
        pace: Pace | None = None,
        *,
        killed: Callable[[Mapping[str, int]], None] | None = None,
    ) -> None:
        """`killed` is told of dead starts, once their calls are in the sink, in a worker thread."""
        self._journal = journal
        self._sink = sink
        self._pace = pace or Pace()
        self._queue: deque[CallRecord] = deque()
        self._one_at_a_time = asyncio.Lock()
        self._some = asyncio.Event()
        self._full = asyncio.Event()
        self._stopping = asyncio.Event()
        self._killed = killed
        self._found = Replay()
        self._locks: list[Lock] = []
        self._of_dead_starts = 0
        self._running: asyncio.Task[None] | None = None
        journal.subscribe(self.take)

    @property
    def waiting(self) -> int:
        """How many concluded calls wait to be drained."""
        return len(self._queue)

    def take(self, call: CallRecord) -> None:
        """Queues a concluded call; never waits and never refuses."""
        self._queue.append(call)
        self._mark()

    async def drain_now(self) -> None:
        """Returns once every call that waits now is in the sink; raises the sink's error if not."""
        async with self._one_at_a_time:
            left = len(self._queue)
            while left > 0:
                left -= await self._drain_some(min(left, self._pace.most))
            await self._forget_dead_starts()
        self._mark()

    async def __aenter__(self) -> Self:
        """Reads what dead starts left; `OSError` if the journal's directory cannot be read."""
        self._found = await asyncio.to_thread(replay, self._journal.directory, self._locks)
        calls = self._found.calls
        self._queue.extendleft(reversed(calls))
        self._of_dead_starts = len(calls)
        self._report()
        # Files may be left that hold no call.
        self._some.set()
        self._running = asyncio.create_task(self._run())
        self._running.add_done_callback(_report_death)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._running is not None
        for event in (self._stopping, self._some, self._full):
            event.set()
        await asyncio.wait({self._running})
        try:
            await self.drain_now()
        except (ChangeoverError, OSError) as failure:
            _log.warning("calls_left_in_journal", calls=len(self._queue), why=_why(failure))
        self._release()
        self._running.result()

    async def _run(self) -> None:
        delay = 0.0
        while not self._stopping.is_set():
            await self._until_due(delay)
            if self._stopping.is_set():
                return
            try:
                await self.drain_now()
            except (ChangeoverError, OSError) as error:
                delay = min(max(2 * delay, self._pace.every), self._pace.longest_delay)
                waiting = len(self._queue)
                _log.warning("drain_failed", waiting=waiting, again_in=delay, why=_why(error))
            else:
                delay = 0.0

    async def _until_due(self, delay: float) -> None:
        """Waits for a drain to be due: after a failure the delay, whatever comes meanwhile."""
        event, seconds = (self._stopping, delay) if delay else (self._full, self._pace.every)
        await self._some.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()

    async def _drain_some(self, count: int) -> int:
        batch = list(islice(self._queue, count))
        await asyncio.to_thread(self._sink.drain, batch)
        for _ in batch:
            self._queue.popleft()
        self._of_dead_starts = max(0, self._of_dead_starts - len(batch))
        self._journal.drained(batch)
        return len(batch)

    async def _forget_dead_starts(self) -> None:
        if self._found.files and not self._of_dead_starts:
            if self._killed is not None:
                await asyncio.to_thread(self._killed, self._found.last)
            await asyncio.to_thread(forget, self._found)
            self._found = Replay()
            self._release()

    def _release(self) -> None:
        for lock in self._locks:
            lock.release(remove=False)
        self._locks.clear()

    def _mark(self) -> None:
        """Sets the events by what waits; a stop leaves them set."""
        for event, is_so in (
            (self._some, bool(self._queue)),
            (self._full, len(self._queue) >= self._pace.most),
        ):
            if is_so or self._stopping.is_set():
                event.set()
            else:
                event.clear()

    def _report(self) -> None:
        for fault in self._found.faults:
            _log.warning(
                "journal_fault",
                file=fault.file, offset=fault.offset, what=fault.what, torn=fault.torn,
            )  # fmt: skip
        if self._found.files:
            _log.info(
                "journal_replayed",
                concluded=len(self._found.concluded),
                unknown=len(self._found.unfinished),
            )


def _why(error: ChangeoverError | OSError) -> str:
    """The error in a word for the log: what a library says may hold contents."""
    return error.code if isinstance(error, ChangeoverError) else type(error).__name__


def _report_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.critical("batcher_died", why=type(task.exception()).__name__)
