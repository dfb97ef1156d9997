"""The chat over an installation and its way to models."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from changeover.chat.choices import Endpoints
from changeover.chat.generation import Generations
from changeover.chat.generation import Parts as GenerationParts
from changeover.chat.log import EventLog
from changeover.chat.titles import Titling
from changeover.chat.usecases import Chats, Parts
from changeover.gateway.conversing import Conversing
from changeover.gateway.serving import Serving
from changeover.wiring.installation import Installation

SERVICE = "statechat"
"""The service that people chat with."""


@asynccontextmanager
async def chatting(
    installation: Installation, serving: Serving, endpoints: Endpoints, start: str
) -> AsyncGenerator[Chats]:
    """The chat of the process `start`, running, until the block ends.

    It listens for itself: what others write never delays what they change.
    """
    chats, signals = (
        _chats(installation, serving, endpoints, start),
        installation.database.signals(),
    )
    async with chats.running():
        if signals is None:
            yield chats
            return
        signals.subscribe("chat", chats.heard)
        signals.start()
        try:
            yield chats
        finally:
            await asyncio.to_thread(signals.close)


def _chats(installation: Installation, serving: Serving, endpoints: Endpoints, start: str) -> Chats:
    rules, clock = installation.office.rules, installation.clock
    log, models = EventLog(installation.database, clock, start=start), Conversing(serving)
    generations = Generations(
        GenerationParts(
            log=log,
            models=models,
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            demonstration=installation.demonstration,
        )
    )
    return Chats(
        Parts(
            log=log,
            generations=generations,
            titling=Titling(log, models),
            rules=rules,
            endpoints=endpoints,
            clock=clock,
            service=SERVICE,
        )
    )
