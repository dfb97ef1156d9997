"""Ends what nobody writes any more.

An answer is written by one process, which its turn names. It is nobody's when that
process has no lease (it was killed, or stopped, or cut off from the database) and,
where it is this process, when no task writes it. Then it is *interrupted*: what was
stored of it is kept and can be gone on from.

Every process looks for such turns when it begins and every few seconds. Two that
find the same one end it once. A process whose lease ran out and that comes back
finds its answers ended and gives them up; text that it had not stored is dropped by
the log, so that an ended turn never grows.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from changeover.basics.errors import ChangeoverError
from changeover.chat.generation import Generations
from changeover.chat.locks import Locks
from changeover.chat.log import EventLog
from changeover.chat.model import StoredTurn
from changeover.chat.ports import ChatWork
from changeover.chat.shelf import interrupt

EVERY = 2.0
"""Seconds between two looks."""


class Recovery:
    """Looks after the turns of all processes, and has followers look at the store."""

    def __init__(self, log: EventLog, generations: Generations, locks: Locks) -> None:
        self._log = log
        self._generations = generations
        self._locks = locks
        self._due = asyncio.Event()

    async def run(self) -> None:
        """Looks again and again, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._due.wait()
            self._due.clear()
            try:
                await self._log.look_at_all()
                await self.look()
            except ChangeoverError as error:
                structlog.get_logger("changeover.chat").warning(
                    "unfinished answers were not looked for", error=str(error)
                )

    def soon(self) -> None:
        """Has the next look at once."""
        self._due.set()

    async def look(self) -> None:
        """Interrupts the turns that are nobody's, and gives up those that others ended."""
        here = self._generations.written()
        turns, alive = await self._log.read(_generating)
        for turn in turns:
            if self._is_nobodys(turn, alive):
                async with self._locks.of(turn.conversation):
                    await self._free(turn, alive)
        standing = {turn.id for turn in turns}
        for conversation, turn_ in here.items():
            if turn_ not in standing:
                self._generations.end(conversation, turn_, "interrupted")

    async def free(self, turn: StoredTurn) -> bool:
        """Interrupts the turn if it is nobody's, and says so; its conversation is locked."""
        return await self._free(turn, await self._log.read(lambda work: work.alive.starts()))

    async def _free(self, turn: StoredTurn, alive: frozenset[str]) -> bool:
        if not self._is_nobodys(turn, alive):
            return False
        await self._log.write(turn.conversation, lambda work: (None, interrupt(work, turn)))
        return True

    def _is_nobodys(self, turn: StoredTurn, alive: frozenset[str]) -> bool:
        if turn.start == self._log.start:
            return self._generations.running(turn.conversation) != turn.id
        return turn.start not in alive


def _generating(work: ChatWork) -> tuple[Sequence[StoredTurn], frozenset[str]]:
    return work.conversations.generating(), work.alive.starts()
