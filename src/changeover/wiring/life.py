"""Telling the ledger of this process's own start and end."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from changeover import __version__
from changeover.basics.errors import ChangeoverError
from changeover.gateway.journal import SegmentJournal
from changeover.wiring.clocks import told_clocks
from changeover.wiring.installation import Installation

_log = structlog.stdlib.get_logger()


@asynccontextmanager
async def told_life(installation: Installation, journal: SegmentJournal) -> AsyncIterator[None]:
    """The ledger is told that this start begins, and that it ended with nothing left to record.

    Enter it after the journal and before the batcher. Where something is left to
    record at the end, whoever replays the journal tells of it.
    """
    lives, start, host = installation.lives, journal.start, socket.gethostname()
    await asyncio.to_thread(lives.began, start, host=host, version=__version__)
    async with told_clocks(installation, start):
        yield
    if journal.undrained:
        return
    try:
        await asyncio.to_thread(lives.stopped, start, journal.next_seq - 1)
    except ChangeoverError as error:
        _log.warning("end_not_told", start=start, why=error.code)
