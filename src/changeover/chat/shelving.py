"""Where people keep their conversations: at hand, out of the way, in a folder."""

from collections.abc import Sequence

import msgspec

from changeover.basics.clock import Clock
from changeover.chat.folders import named
from changeover.chat.log import EventLog
from changeover.chat.model import ChatEvent, Place
from changeover.chat.ports import ChatWork
from changeover.chat.shelf import owned
from changeover.identity.people import Account


class Shelving:
    """Puts conversations where their owners want them."""

    def __init__(self, log: EventLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def put(self, account: Account, conversation: str, place: Place) -> None:
        """Puts one's own conversation there; `NotFoundError` for another's too.

        What is archived is not pinned any more. The folder must be one's own, too.
        """
        if place.archived:
            place = msgspec.structs.replace(place, pinned=False)
        now = self._clock.now()

        def put(work: ChatWork) -> tuple[None, Sequence[ChatEvent]]:
            owned(work, account.id, conversation)
            if place.folder:
                named(work.folders.of(account.id), place.folder)
            work.conversations.shelve(conversation, now, place)
            return None, ()

        await self._log.write(conversation, put)
