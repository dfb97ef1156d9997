"""Removing conversations, and what may never be removed.

1. An owner removes a conversation: it is out of their lists, their search and whatever they shared
   of it, and can be brought back for `DAYS` days. Then it is removed for good.
2. A party may say that its people remove nothing, and after how many days without change their
   conversations are removed.
3. A legal hold beats all of this. While one reaches a party, its people remove nothing, and
   nothing of theirs is removed by time, what they removed before included.
4. What is removed for good is told to the ledger in the same unit of work, by the digest of the
   conversation's random id and the number of its turns. Nothing is removed because a vendor went.

Nothing is removed while an answer is written in it: at its time it is left for the next round.
Which day it is is the organisation's clock's to say, as that is how conversations are dated.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent
from changeover.chat.ports import ChatWork
from changeover.chat.removed_store import Due
from changeover.chat.shelf import owned
from changeover.chat.sweeping import sweeping
from changeover.chat.usecases import Chats
from changeover.identity.people import Account
from changeover.ledger.entries import fact_entry
from changeover.ledger.facts import ConversationRemoved, RemovedWhy

DAYS = 30
"""For how many days an owner can bring a conversation back."""
_AT_ONCE = 100


class Holds(Protocol):
    """Legal holds."""

    def held(self, party: str) -> bool:
        """Whether nothing of the party's people may be removed. It may block."""
        ...


class Keeping(Holds, Protocol):
    """What parties say of how long conversations are kept. Each may block."""

    def days(self, party: str) -> int | None:
        """After how many days without change a conversation is removed; None: not by time."""
        ...

    def staff_may_remove(self, party: str) -> bool:
        """Whether the party's people may remove their own conversations."""
        ...


class Removals:
    """Removes conversations for good and tells the ledger; `sequence` has that put in its tree."""

    def __init__(self, clock: Clock, sequence: Callable[[], None], *, demonstration: bool) -> None:
        self._clock = clock
        self._demonstration = demonstration
        self.sequence = sequence

    def remove(self, work: ChatWork, conversation: str, party: str, why: RemovedWhy) -> None:
        """Removes it with all that is its; whoever calls has made sure that it may go."""
        told = ConversationRemoved(
            conversation=hashlib.sha256(conversation.encode()).hexdigest(),
            turns=work.removed.remove(conversation),
            party=party,
            why=why,
        )
        at = self._clock.now()
        work.queue.add([fact_entry(told, at=at, demonstration=self._demonstration)])


class RemovedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that can be brought back until it is removed for good, at the earliest."""

    id: str
    title: str
    removed: datetime
    until: datetime
    turns: int


class MayRemove(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one may remove conversations, and `why_not`; what of one's own was removed.

    `days` is after how many days without change one's conversations are removed, if ever.
    """

    why_not: Literal["held", "rule"] | None
    days: int | None
    removed: tuple[RemovedLine, ...]


class RemovingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What removing works with; `clock` is the organisation's."""

    log: EventLog
    chats: Chats
    keeping: Keeping
    removals: Removals
    clock: Clock


class Removing:
    """Removes conversations at their owners' word and at their parties'."""

    def __init__(self, parts: RemovingParts) -> None:
        self._parts = parts

    async def standing(self, account: Account) -> MayRemove:
        """What the account may do, and what it removed."""
        keeping, party = self._parts.keeping, account.party
        why_not, days = await asyncio.to_thread(
            lambda: (_why_not(keeping, party), keeping.days(party))
        )
        found = await self._parts.log.read(lambda work: work.removed.of(account.id))
        return MayRemove(
            why_not=why_not,
            days=days,
            removed=tuple(
                RemovedLine(
                    id=one.id,
                    title=one.title,
                    removed=one.removed,
                    until=one.removed + timedelta(days=DAYS),
                    turns=one.turns,
                )
                for one in found
            ),
        )

    async def remove(self, account: Account, conversation: str) -> None:
        """Removes one's own; `NotFoundError`, `NotAuthorisedError`, `ConflictError` if held."""
        parts = self._parts
        why_not = await asyncio.to_thread(_why_not, parts.keeping, account.party)
        if why_not == "held":
            raise ConflictError(
                "A legal hold applies to your party, so everything is kept.",
                means="Nothing was removed.",
                do="Archive the conversation, if it is in your way.",
            )
        if why_not == "rule":
            raise NotAuthorisedError(
                "Your party keeps all conversations.",
                means="Nothing was removed.",
                do="Archive the conversation, if it is in your way.",
            )
        await parts.chats.stop(account, conversation)
        now = parts.clock.now()

        def remove(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            if owned(work, account.id, conversation).temporary_until is not None:
                raise ConflictError(
                    "This conversation is temporary.",
                    means="Nothing was removed.",
                    do="End it: it is removed then.",
                )
            work.removed.mark(conversation, now)
            return None, ()

        await parts.log.write(conversation, remove)

    async def bring_back(self, account: Account, conversation: str) -> None:
        """Undoes a removal; `NotFoundError` where nothing of one's own was removed."""

        def bring_back(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            found = work.conversations.get(conversation)
            if found.account != account.id or found.removed is None:
                raise NotFoundError(f"You removed no conversation {conversation}.")
            work.removed.mark(conversation, None)
            return None, ()

        await self._parts.log.write(conversation, bring_back)

    async def sweep(self) -> None:
        """Removes for good what is due, some at once; the next round takes the rest."""
        parts = self._parts
        for party in await parts.log.read(lambda work: work.removed.parties()):
            if not await asyncio.to_thread(parts.keeping.held, party):
                await self._sweep_party(party)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps now and then, until the block ends."""
        return sweeping(self.sweep)

    async def _sweep_party(self, party: str) -> None:
        parts, now = self._parts, self._parts.clock.now()
        days = await asyncio.to_thread(parts.keeping.days, party)
        removed_before = now - timedelta(days=DAYS)
        changed_before = None if days is None else now - timedelta(days=days)
        found = await parts.log.read(
            lambda work: work.removed.due(
                party, removed_before=removed_before, changed_before=changed_before, most=_AT_ONCE
            )
        )
        removed = 0
        for due in found:

            def settle(work: ChatWork, due: Due = due) -> tuple[bool, Sequence[ChatEvent]]:
                if not work.removed.is_due(
                    due, removed_before=removed_before, changed_before=changed_before
                ):
                    return False, ()
                why: RemovedWhy = "owner" if due.by_owner else "retention"
                parts.removals.remove(work, due.conversation, party, why)
                return True, ()

            # A hold may have begun since.
            if not await asyncio.to_thread(parts.keeping.held, party):
                removed += await parts.log.write(due.conversation, settle)
        if removed:
            parts.removals.sequence()


def _why_not(keeping: Keeping, party: str) -> Literal["held", "rule"] | None:
    if keeping.held(party):
        return "held"
    return None if keeping.staff_may_remove(party) else "rule"
