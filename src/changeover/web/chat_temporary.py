"""Temporary conversations: `/temporary-conversations`. In all else they are `/conversations`."""

import msgspec

from changeover.chat.model import Conversation
from changeover.chat.temporary import Fate, Offer, Temporaries
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF


class TemporaryEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it: removed, kept because of a legal hold, or still being written in."""

    ended: Fate


def operations(temporaries: Temporaries) -> list[Operation | Stream]:
    """Beginning, ending and keeping temporary conversations."""
    desk = _TemporaryDesk(temporaries)
    all_, one = "/temporary-conversations", "/temporary-conversations/{id}"
    return [
        Operation("GET", all_, None, Offer, STAFF, desk.offer, "Whether one may be begun."),
        Operation("POST", all_, Done, Conversation, STAFF, desk.begin, "Begin one."),
        Operation("DELETE", one, Done, TemporaryEnded, STAFF, desk.end, "End and remove it."),
        Operation(
            "POST", one + "/keeping", Done, Done, STAFF, desk.keep, "Keep it like any other."
        ),
    ]


class _TemporaryDesk:
    def __init__(self, temporaries: Temporaries) -> None:
        self._temporaries = temporaries

    async def offer(self, caller: Caller, _: None, __: Params) -> Offer:
        return await self._temporaries.offer(caller.account)

    async def begin(self, caller: Caller, _: Done, __: Params) -> Conversation:
        return await self._temporaries.begin(caller.account)

    async def end(self, caller: Caller, _: Done, params: Params) -> TemporaryEnded:
        return TemporaryEnded(ended=await self._temporaries.end(caller.account, params["id"]))

    async def keep(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._temporaries.keep(caller.account, params["id"])
        return Done()
