"""Sharing conversations inside a party: `/shares`, and reading what is shared: `/shared`."""

from datetime import date
from typing import Annotated

import msgspec

from changeover.chat.shares import NewShare, Share
from changeover.chat.sharing import SharedConversation, Sharing
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF
from changeover.web.chat_exports import language_of


class BeginShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to which turn a conversation is shared, and the last day on which it can be read."""

    up_to: Annotated[str, msgspec.Meta(max_length=200)]
    last_day: date


def operations(sharing: Sharing) -> list[Operation | Stream]:
    """Sharing, ending that, and reading."""
    desk = _ShareDesk(sharing)
    one = "/shares/{id}"
    return [
        Operation("GET", "/shares", None, list[Share], STAFF, desk.all, "What one shares now."),
        Operation(
            "POST",
            "/conversations/{id}/shares",
            BeginShare,
            Share,
            STAFF,
            desk.begin,
            "Have others of one's party read a conversation.",
        ),
        Operation("DELETE", one, Done, Done, STAFF, desk.end, "End sharing at once."),
        Operation("POST", one + "/return", Done, Done, STAFF, desk.resume, "Take that back."),
        Operation(
            "GET",
            "/shared/{id}",
            None,
            SharedConversation,
            STAFF,
            desk.read,
            "What somebody shares, in words.",
            {"lang": str},
        ),
    ]


class _ShareDesk:
    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing

    async def all(self, caller: Caller, _: None, __: Params) -> list[Share]:
        return await self._sharing.all(caller.account)

    async def begin(self, caller: Caller, body: BeginShare, params: Params) -> Share:
        wanted = NewShare(up_to=body.up_to, last_day=body.last_day)
        return await self._sharing.begin(caller.account, params["id"], wanted)

    async def end(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._sharing.end(caller.account, params["id"])
        return Done()

    async def resume(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._sharing.resume(caller.account, params["id"])
        return Done()

    async def read(self, caller: Caller, _: None, params: Params) -> SharedConversation:
        language = language_of(params.get("lang"))
        return await self._sharing.read(caller.account, params["id"], language)
