"""Calls that are made once, over the database; what is over is removed every ten minutes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.gateway.door import Door
from changeover.gateway.once import Claim, Claimed, Once
from changeover.storage.database import Database
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME

_EVERY = 600.0
_HOURS = BY_NAME["idempotency_hours"]
_log = structlog.stdlib.get_logger()


class DatabaseKeptAnswers:
    """Implements `gateway.once.KeptAnswers`, each act a unit of work of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, claim: Claim) -> Claimed:
        with self._database.begin(alone=False) as work:
            return work.kept_answers.claim(claim)

    def keep(self, claim: Claim, sealed: bytes, until: int) -> None:
        with self._database.begin(alone=False) as work:
            work.kept_answers.keep(claim, sealed, until)

    def release(self, claim: Claim) -> None:
        with self._database.begin(alone=False) as work:
            work.kept_answers.release(claim)

    def forget(self, now: int) -> None:
        with self._database.begin(alone=False) as work:
            work.kept_answers.forget(now)


@asynccontextmanager
async def making_once(
    installation: Installation, environment: Mapping[str, str], start: str
) -> AsyncIterator[Once | None]:
    """What makes calls once in the process `start`, until the block ends; None where it is off."""
    hours = int(environment.get(_HOURS.variable) or str(_HOURS.default))
    if not hours:
        yield None
        return
    kept = DatabaseKeptAnswers(installation.database)
    door = Door(installation.ring, installation.clock)
    once = Once(kept, door, SystemClock(), start, hours)
    forgetting = asyncio.create_task(_forget(once))
    try:
        yield once
    finally:
        forgetting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await forgetting


async def _forget(once: Once) -> None:
    while True:
        try:
            await once.forget()
        except ChangeoverError as error:
            # They are removed at the next turn.
            _log.warning("kept_answers_not_removed", why=error.code)
        await asyncio.sleep(_EVERY)
