"""The meter of a serving process, from its first call to its last record."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.metering.allowance import MinuteAllowances
from changeover.metering.meter import Meter
from changeover.storage.process_allowances import ProcessAllowances
from changeover.wiring.installation import Installation
from changeover.wiring.spending import RecordedSpending

_EVERY = 1.0
_log = structlog.stdlib.get_logger()


class Metering:
    """What a process reserves by, and how what processes were let out comes back."""

    def __init__(self, installation: Installation, start: str) -> None:
        self._installation = installation
        self._allowances = ProcessAllowances(
            installation.database, start, RecordedSpending(installation).covers
        )
        near = None if installation.database.shared else MinuteAllowances()
        self.meter = Meter(installation.limits.book, self._allowances, near)

    def killed(self, last: Mapping[str, int]) -> None:
        """Tells that processes are dead, and takes back what they did not spend.

        Their journals were read, and what they did is recorded.
        """
        self._installation.lives.killed(last)
        self._allowances.close(last)

    async def keep(self) -> None:
        """Gives back what is not needed; never returns."""
        clock = SystemClock()
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.meter.tidy(clock.now())
            except ChangeoverError as error:
                # Kept, and tried again: what is out counts as spent, which errs on the safe side.
                _log.warning("allowances_not_given_back", why=error.code)

    async def close(self) -> None:
        """Takes back what this process did not spend, once all its calls are recorded."""
        try:
            await asyncio.to_thread(self._allowances.close)
        except ChangeoverError as error:
            _log.warning("allowances_not_closed", why=error.code)


@asynccontextmanager
async def metering(installation: Installation, start: str) -> AsyncIterator[Metering]:
    """Meters from here to the end of the block, which ends when every call is recorded."""
    found = Metering(installation, start)
    keeping = asyncio.create_task(found.keep())
    try:
        yield found
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        await found.close()
