"""The ledger's checkpoints while a server runs: made on time, and vouched for by others."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from changeover.wiring.installation import Installation
from changeover.wiring.timekeeping import keep_time
from changeover.wiring.vouching import vouch


@asynccontextmanager
async def kept_checkpoints(installation: Installation, start: str) -> AsyncIterator[None]:
    """Keeps the ledger's time and has it vouched for, in the block."""
    tasks = [asyncio.create_task(keep_time(installation, start))]
    tasks.append(asyncio.create_task(vouch(installation)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
