"""Rounds in which what is over is looked for, as long as the chat runs."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from changeover.basics.errors import ChangeoverError

ROUND_SECONDS = 60.0


@asynccontextmanager
async def sweeping(sweep: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    """Sweeps at once and then now and again, until the block ends.

    A round that fails, as while the database is away, is logged; the next one tries again.
    """
    task = asyncio.create_task(_rounds(sweep))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _rounds(sweep: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await sweep()
        except ChangeoverError as error:
            structlog.get_logger("changeover.chat").error("no sweep", why=str(error))
        await asyncio.sleep(ROUND_SECONDS)
