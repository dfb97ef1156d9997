"""Keeping up with the uses that calls show, whichever process recorded them.

A process notes at once what it records itself (`storage.drain`). What others record
is no change that an act made, so no revision tells of it, and it is in no hurry: a
day with calls counts for an order only when the order begins after that day.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from changeover.basics.errors import ChangeoverError
from changeover.orders.usecases import Office

_EVERY_SECONDS = 30.0
_log = structlog.stdlib.get_logger()


@asynccontextmanager
async def looking_at_calls(office: Office, *, every: float = _EVERY_SECONDS) -> AsyncIterator[None]:
    """Has the office look at recorded calls again and again, until the block ends."""
    looking = asyncio.create_task(_look(office, every))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look(office: Office, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await asyncio.to_thread(office.look_at_calls)
        except ChangeoverError as error:
            _log.warning("calls_not_looked_at", why=error.code)
