"""Temporary conversations: not listed, not searched, and not kept.

1. Who begins one is told until when it can last at most. The time is the machine's own, as for
   sessions: it passes also where a scenario clock stands still.
2. It is removed when its owner ends it, or at that time: its turns, files, events and what it is
   searched by. Nothing brings it back. That calls were made stays in the ledger, which never had
   what was said; that it was removed is told there (`chat.removing`).
3. Its owner may keep it instead; then it is a conversation like any other.
4. A legal hold beats all of this. While one holds for the owner's party none is begun, and those
   that there are become conversations like any other instead of being removed.
5. An installation may have none at all; those that were begun before end as they would have.

Nothing is removed while an answer is written in it: who ends it has that stopped first, and at its
time it is left for the next round.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Literal

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    NotAuthorisedError,
)
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent, Conversation
from changeover.chat.ports import ChatWork
from changeover.chat.removing import Holds, Removals
from changeover.chat.shelf import owned
from changeover.chat.sweeping import sweeping
from changeover.chat.usecases import Chats
from changeover.identity.people import Account

Fate = Literal["removed", "kept", "writing"]
"""What became of one: it is gone; a hold has it kept; an answer is being written in it."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one may be begun, and how many hours it lasts; `why` not, where not."""

    hours: int
    why_not: Literal["off", "held"] | None


class TemporaryParts(msgspec.Struct, frozen=True, kw_only=True):
    """What temporary conversations work with; `hours` is how long one lasts, 0 for none."""

    log: EventLog
    chats: Chats
    clock: Clock
    hours: int
    holds: Holds
    removals: Removals


class Temporaries:
    """Begins temporary conversations and ends them."""

    def __init__(self, parts: TemporaryParts) -> None:
        self._log = parts.log
        self._chats = parts.chats
        self._clock = parts.clock
        self._hours = parts.hours
        self._holds = parts.holds
        self._removals = parts.removals

    async def offer(self, account: Account) -> Offer:
        """Whether the account may begin one now."""
        if self._hours == 0:
            return Offer(hours=0, why_not="off")
        held = await asyncio.to_thread(self._holds.held, account.party)
        return Offer(hours=self._hours, why_not="held" if held else None)

    async def begin(self, account: Account) -> Conversation:
        """A new one; `NotAuthorisedError` where there are none, `ConflictError` under a hold."""
        offered = await self.offer(account)
        if offered.why_not == "off":
            raise NotAuthorisedError(
                "Temporary conversations are turned off here.",
                means="Nothing was begun, and nothing was sent.",
                do="Begin a conversation that is kept.",
            )
        if offered.why_not == "held":
            raise ConflictError(
                "A legal hold applies to your party, so everything is kept.",
                means="Nothing was begun, and nothing was sent.",
                do="Begin a conversation that is kept.",
            )
        until = self._clock.now() + timedelta(hours=self._hours)
        return await self._chats.create(account, temporary_until=until)

    async def end(self, account: Account, conversation: str) -> Fate:
        """Removes one's own, or has it kept where a hold wants that; `NotFoundError`."""
        await self._chats.stop(account, conversation)
        return await self._settle(conversation, account.party, owner=account)

    async def keep(self, account: Account, conversation: str) -> None:
        """Makes one's own a conversation like any other; `NotFoundError`."""

        def keep(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            _own(work, account, conversation)
            work.temporaries.keep(conversation)
            return None, ()

        await self._log.write(conversation, keep)

    async def sweep(self) -> None:
        """Removes those whose time has come, and has those kept that a hold reaches."""
        now = self._clock.now()
        for one in await self._log.read(lambda work: work.temporaries.all()):
            if one.until <= now or await asyncio.to_thread(self._holds.held, one.party):
                await self._settle(one.conversation, one.party)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps now and then, until the block ends."""
        return sweeping(self.sweep)

    async def _settle(self, conversation: str, party: str, *, owner: Account | None = None) -> Fate:
        held = await asyncio.to_thread(self._holds.held, party)

        def settle(work: ChatWork) -> tuple[Fate, Sequence[ChatEvent]]:
            if owner is not None:
                _own(work, owner, conversation)
            elif conversation not in {one.conversation for one in work.temporaries.all()}:
                return "removed", ()  # another process was here first
            if held:
                work.temporaries.keep(conversation)
                return "kept", ()
            if any(turn.state == "generating" for turn in work.conversations.turns(conversation)):
                return "writing", ()
            self._removals.remove(work, conversation, party, "temporary")
            return "removed", ()

        fate = await self._log.write(conversation, settle)
        if fate == "removed":
            self._removals.sequence()
        return fate


def _own(work: ChatWork, account: Account, conversation: str) -> None:
    if owned(work, account.id, conversation).temporary_until is None:
        raise ConflictError(
            "This conversation is not temporary.", means="It is kept, and nothing was removed."
        )
