"""Many waiters, one fsync.

Whoever needs a segment on the disk waits; a thread syncs once for all who
waited when it began, and then for those who came meanwhile (group commit:
DeWitt et al., "Implementation Techniques for Main Memory Database Systems",
1984). After a failed fsync the kernel may have dropped the pages and forgotten
the error, so that a second try would succeed and prove nothing: the journal
then refuses for good, until a restart reads what is really there.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import structlog

from changeover.gateway.segments import JournalError, Segment

_log = structlog.stdlib.get_logger()


class GroupCommit:
    """Syncs segments in a thread of its own, and closes those that were retired."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal-sync")
        self._waiting: list[asyncio.Future[None]] = []
        self._dirty: list[Segment] = []
        self._retired: list[Segment] = []
        self._running: asyncio.Task[None] | None = None
        self._broken: OSError | None = None

    def check(self) -> None:
        """`JournalError` once a sync has failed."""
        if self._broken is not None:
            raise JournalError(
                f"The journal could not be synced ({self._broken.strerror}).",
                means="What was written may not be on the disk, so nothing leaves for a vendor.",
                do="Check the disk, then restart: the journal is read again.",
            ) from self._broken

    async def synced(self, segment: Segment) -> None:
        """Returns once all that the segment holds now is on the disk; else `JournalError`."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._soon(segment)
        await done
        self.check()

    def retire(self, segment: Segment) -> None:
        """Syncs the segment a last time and closes it."""
        self._retired.append(segment)
        self._soon(segment)

    async def close(self) -> None:
        """Waits for what is under way and ends the thread."""
        if self._running is not None:
            await self._running
        self._executor.shutdown()

    def _soon(self, segment: Segment) -> None:
        if segment not in self._dirty:
            self._dirty.append(segment)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._dirty:
            waiting, self._waiting = self._waiting, []
            dirty, self._dirty = self._dirty, []
            retired, self._retired = self._retired, []
            try:
                await loop.run_in_executor(self._executor, _sync, dirty)
            except OSError as error:
                self._broken = error
                _log.critical("journal_not_synced", why=error.strerror)
            for done in waiting:
                if not done.cancelled():
                    done.set_result(None)
            for segment in retired:
                segment.close()


def _sync(segments: list[Segment]) -> None:
    for segment in segments:
        segment.sync()
