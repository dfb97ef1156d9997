"""A browser's page that follows a conversation, and holds what it is sent to the rules."""

import asyncio
import contextlib

from changeover.chat.log import EventLog
from changeover.chat.model import Delta, Ended, after_units, units
from changeover.chat.subscription import Subscription


class Page:
    """It follows, loses the connection, and comes back where it stopped, here or elsewhere."""

    def __init__(self, conversation: str) -> None:
        self._conversation = conversation
        self._task: asyncio.Task[None] | None = None
        self._reader: Subscription | None = None
        self.last = 0
        self.texts: dict[str, str] = {}
        self.ended: list[str] = []
        self.numbers: list[int] = []

    async def connect(self, log: EventLog) -> None:
        if self._task is None or self._task.done():
            await self.leave()
            self._reader = log.subscribe(self._conversation, self.last)
            self._task = asyncio.create_task(self._follow(self._reader))

    async def leave(self) -> None:
        if self._task is not None and self._reader is not None:
            self._reader.close()
            if not self._task.done():
                self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @property
    def connected(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _follow(self, reader: Subscription) -> None:
        reached: dict[str, int] = {}
        async for sending in reader.events():
            if sending.id is not None:
                assert sending.id == self.last + 1, "an event is missing or comes twice"
                self.last = sending.id
                self.numbers.append(sending.id)
            match sending.event:
                case Delta(turn=turn, text=text, at=at):
                    held = self.texts.get(turn, "")
                    assert at <= units(held), "a gap"
                    assert reached.get(turn, at) == at, "twice on one connection"
                    reached[turn] = at + units(text)
                    self.texts[turn] = held + after_units(text, units(held) - at)
                case Ended(turn=turn):
                    self.ended.append(turn)
            # What arrived may be followed by a lost connection at once.
            await asyncio.sleep(0)
