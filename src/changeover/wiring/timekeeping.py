"""Keeping the ledger's time while a server runs."""

import asyncio
from collections.abc import Mapping

import structlog

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.ledger.timekeeping import Timekeeper
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME

_EVERY_SECONDS = 5.0
_SETTING = BY_NAME["checkpoint_every"]
_log = structlog.stdlib.get_logger()


def seconds_between(environment: Mapping[str, str]) -> int:
    """How far apart the clock's checkpoints are; 0 where there are none."""
    return int(environment.get(_SETTING.variable, "").strip() or str(_SETTING.default))


async def keep_time(installation: Installation, start: str) -> None:
    """Tells the ledger the time when it is due, until it is cancelled."""
    every = seconds_between(installation.environment)
    if not every:
        return
    machine = SystemClock()
    keeper = Timekeeper(installation.works, installation.clock, machine, every=every, start=start)
    while True:
        await asyncio.sleep(min(every, _EVERY_SECONDS))
        try:
            await asyncio.to_thread(keeper.round)
        except ChangeoverError as error:
            _log.warning("time_not_told", why=error.code)
