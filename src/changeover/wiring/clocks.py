"""Telling the ledger how far this machine's clock stands from others: at first, and each hour."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import msgspec
import structlog

from changeover.basics.clock import this_moment
from changeover.basics.errors import ChangeoverError
from changeover.ledger.controls import ClockCompared
from changeover.wiring.installation import Installation
from changeover.wiring.kernel_clock import kernel_clock

_EVERY = 3600.0
_log = structlog.stdlib.get_logger()


@asynccontextmanager
async def told_clocks(installation: Installation, start: str) -> AsyncIterator[None]:
    """Compares and tells when it is entered, and each hour until it is left."""
    await _tell(installation, start)
    telling = asyncio.create_task(_each_hour(installation, start))
    try:
        yield
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling


async def _each_hour(installation: Installation, start: str) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        await _tell(installation, start)


async def _tell(installation: Installation, start: str) -> None:
    try:
        await asyncio.to_thread(tell_clocks, installation, start)
    except ChangeoverError as error:
        _log.warning("clocks_not_told", start=start, why=error.code)


def tell_clocks(installation: Installation, start: str) -> None:
    """An entry for each clock that this machine's can be compared with."""
    compared = [*_compared(installation, start)]
    with installation.works.begin() as work:
        for one in compared:
            work.tell("clock-offset", installation.clock.now(), msgspec.structs.asdict(one))


def _compared(installation: Installation, start: str) -> Iterator[ClockCompared]:
    host = socket.gethostname()
    if (kernel := kernel_clock()) is not None:
        told = msgspec.structs.asdict(kernel)
        yield ClockCompared(start=start, host=host, against="kernel", **told)
    with installation.database.reading() as work:
        before = this_moment().wall
        theirs = work.clock()
        after = this_moment().wall
    if theirs is not None:
        offset, error = (before + after) // 2 - theirs, (after - before + 1) // 2
        yield ClockCompared(
            start=start, host=host, against="database",
            offset=offset, error=error, synchronised=True,
        )  # fmt: skip
