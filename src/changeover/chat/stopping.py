"""Stopping an answer, whichever process writes it.

The writer is told by a signal, and again every second, since a signal may be lost.
That it stopped is seen in the conversation's log, as every follower sees it. A
writer that lives no more is not waited for: its turn is interrupted (`recovery`).
"""

import asyncio
from collections.abc import Sequence

from changeover.basics.errors import ConflictError
from changeover.chat.elsewhere import Stop, payload
from changeover.chat.generation import Generations
from changeover.chat.locks import Locks
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent, Ended, StoredTurn
from changeover.chat.ports import ChatWork
from changeover.chat.recovery import Recovery
from changeover.chat.subscription import Subscription

_EACH_SECONDS = 1.0
_TIMES = 12


class StillWritingError(ConflictError):
    """The process that writes an answer was told to stop and did not in time."""

    code = "still_writing"

    def __init__(self) -> None:
        super().__init__(
            "The answer has not stopped yet.",
            means="The server that writes it was told to and has not confirmed it.",
            do="Wait a few seconds: it ends by itself if that server is gone.",
        )


class Stopping:
    """Stops answers, and returns when that is stored."""

    def __init__(
        self, log: EventLog, generations: Generations, recovery: Recovery, locks: Locks
    ) -> None:
        self._log = log
        self._generations = generations
        self._recovery = recovery
        self._locks = locks

    async def stop(self, turn: StoredTurn, after: int) -> None:
        """Stops a turn that was generating at the event `after`; `StillWritingError`."""
        async with self._locks.of(turn.conversation):
            freed = await self._recovery.free(turn)
        if freed:
            return
        if self._generations.running(turn.conversation) == turn.id:
            self._generations.end(turn.conversation, turn.id, "stopped")
            await self._generations.settled(turn.conversation)
            return
        reader = self._log.subscribe(turn.conversation, after)
        ended = asyncio.create_task(_until_ended(reader, turn.id))
        try:
            await self._tell(turn, ended)
        finally:
            reader.close()
            ended.cancel()
            await asyncio.wait({ended})

    async def _tell(self, turn: StoredTurn, ended: asyncio.Task[None]) -> None:
        told = payload(Stop(conversation=turn.conversation, turn=turn.id))

        def tell(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            work.notify("chat", told)
            return None, ()

        for _ in range(_TIMES):
            await self._log.write(turn.conversation, tell)
            await asyncio.wait({ended}, timeout=_EACH_SECONDS)
            if ended.done():
                return await ended
        raise StillWritingError


async def _until_ended(reader: Subscription, turn: str) -> None:
    async for sending in reader.events():
        if isinstance(sending.event, Ended) and sending.event.turn == turn:
            return
