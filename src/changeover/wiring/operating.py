"""What operators see of an installation, and what each process tells the others for that."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec
import structlog

from changeover import __version__
from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.basics.instants import microseconds
from changeover.chat.choices import Endpoints
from changeover.gateway.told_health import ProcessHealth
from changeover.storage.database import Database
from changeover.web import operations
from changeover.web.api import Operation, Stream
from changeover.web.limits import LimitParts, limit_lines
from changeover.wiring.installation import Installation
from changeover.wiring.monitoring import Watched
from changeover.wiring.spending import RecordedSpending

_EVERY = 5.0
_LATELY = timedelta(seconds=15)
_GONE = timedelta(hours=1)
_log = structlog.stdlib.get_logger()


class _Dated(msgspec.Struct):
    """When an entry of the ledger is from."""

    at: str


class RecordedOperations:
    """Implements `web.operations.Recorded` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ledger(self) -> tuple[int, datetime | None, int]:
        with self._database.reading() as work:
            last, waiting = work.ledger.last_checkpoint(), work.queue.count()
            if last is None or not last.size:
                return 0, None, waiting
            newest = next(work.ledger.entries(last.size - 1), None)
        if newest is None:
            return last.size, None, waiting
        at = msgspec.json.decode(newest.body, type=_Dated).at
        return last.size, read_instant(at, zone("UTC")), waiting

    def letters(self) -> int:
        with self._database.reading() as work:
            return work.deliveries.unsent()

    def processes(self) -> Sequence[ProcessHealth]:
        since = microseconds(SystemClock().now() - _LATELY)
        with self._database.reading() as work:
            told = work.process_health.since(since)
        return [msgspec.json.decode(each, type=ProcessHealth) for each in told]


class Operating:
    """How the process `start` is doing."""

    def __init__(self, installation: Installation, watched: Watched, start: str) -> None:
        self._installation = installation
        self._watched = watched
        self._start = start

    def own(self) -> ProcessHealth:
        """What this process tells; from any thread."""
        return ProcessHealth(
            start=self._start,
            in_flight=len(self._watched.serving.in_flight),
            undrained=self._watched.journal.undrained,
            routes=tuple(self._watched.serving.health.told()),
        )

    def operations(self, endpoints: Endpoints) -> list[Operation | Stream]:
        """The operators' page, as the API has it."""
        installation = self._installation
        limits = LimitParts(
            limits=installation.limits,
            keys=installation.keys,
            office=installation.office,
            clock=installation.clock,
            machine=SystemClock(),
            standing=RecordedSpending(installation).standing,
            demonstration=installation.demonstration,
        )
        parts = operations.OperationsParts(
            office=installation.office,
            clock=installation.clock,
            endpoints=endpoints,
            recorded=RecordedOperations(installation.database),
            own=self.own,
            lapsed=self._watched.lease.lapsed,
            limits=lambda: limit_lines(limits),
            replicas=installation.replicas,
            version=__version__,
            demonstration=installation.demonstration,
        )
        return operations.operations(parts)

    def tell(self) -> None:
        """Tells the other processes."""
        now = SystemClock().now()
        with self._installation.database.begin(alone=False) as work:
            told = msgspec.json.encode(self.own())
            work.process_health.tell(self._start, microseconds(now), told)
            work.process_health.forget_before(microseconds(now - _GONE))

    def withdraw(self) -> None:
        """Takes back what was told, since the process ends."""
        with self._installation.database.begin(alone=False) as work:
            work.process_health.forget(self._start)


@asynccontextmanager
async def operating(
    installation: Installation, watched: Watched, start: str
) -> AsyncIterator[Operating]:
    """The operators' view of this process, told to the others until the block ends."""
    found = Operating(installation, watched, start)
    if not installation.database.shared:
        yield found
        return
    telling = asyncio.create_task(_tell(found))
    try:
        yield found
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling
        with contextlib.suppress(ChangeoverError):
            # What stands is too old to be read in seconds.
            await asyncio.to_thread(found.withdraw)


async def _tell(found: Operating) -> None:
    while True:
        try:
            await asyncio.to_thread(found.tell)
        except ChangeoverError as error:
            _log.warning("health_not_told", why=error.code)
        await asyncio.sleep(_EVERY)
