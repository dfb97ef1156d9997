"""Bringing conversations in: `/conversation-imports`."""

from typing import Annotated

import msgspec

from changeover.basics.progress import HowFar
from changeover.chat.imports.containers import MOST_BYTES
from changeover.chat.imports.usecases import (
    FilePreview,
    ImportReport,
    Imports,
    ImportUndone,
    KeptImport,
)
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF

GREATEST_BODY = MOST_BYTES * 4 // 3 + 4 * 1024 * 1024
"""The greatest file in base64, and room for the names of what is chosen of it."""
_Name = Annotated[str, msgspec.Meta(max_length=1000)]


class LookIntoFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to look into: its name and its bytes (base64 in JSON)."""

    name: _Name
    content: bytes


class TakeConversations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to take conversations from: all, or those of its entries whose digests `only` has.

    `ticket` is any text by which `/conversation-imports/progress` tells how far it is.
    """

    name: _Name
    content: bytes
    only: tuple[str, ...] | None = None
    ticket: Annotated[str, msgspec.Meta(max_length=100)] = ""


def operations(imports: Imports) -> list[Operation | Stream]:
    """Looking into a file, taking from it, and taking that back."""
    desk = _ImportDesk(imports)
    all_ = "/conversation-imports"
    return [
        Operation(
            "GET",
            all_,
            None,
            list[KeptImport],
            STAFF,
            desk.all,
            "One's imports that can be undone.",
        ),
        Operation(
            "POST",
            all_,
            TakeConversations,
            ImportReport,
            STAFF,
            desk.take,
            "Take conversations in from a file.",
            greatest_body=GREATEST_BODY,
        ),
        Operation(
            "POST",
            all_ + "/preview",
            LookIntoFile,
            FilePreview,
            STAFF,
            desk.preview,
            "What a file holds; nothing is kept of it.",
            greatest_body=GREATEST_BODY,
        ),
        Operation(
            "GET",
            all_ + "/progress",
            None,
            HowFar,
            STAFF,
            desk.progress,
            "How far an import has got.",
            {"ticket": str},
        ),
        Operation(
            "POST",
            all_ + "/{id}/undoing",
            Done,
            ImportUndone,
            STAFF,
            desk.undo,
            "Take an import back.",
        ),
    ]


class _ImportDesk:
    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    async def all(self, caller: Caller, _: None, __: Params) -> list[KeptImport]:
        return await self._imports.all(caller.account)

    async def preview(self, caller: Caller, body: LookIntoFile, _: Params) -> FilePreview:
        return await self._imports.preview(caller.account, body.name, body.content)

    async def take(self, caller: Caller, body: TakeConversations, _: Params) -> ImportReport:
        return await self._imports.take(
            caller.account, body.name, body.content, only=body.only, ticket=body.ticket
        )

    async def progress(self, caller: Caller, _: None, params: Params) -> HowFar:
        return self._imports.progress(caller.account, params.get("ticket", ""))

    async def undo(self, caller: Caller, _: Done, params: Params) -> ImportUndone:
        return await self._imports.undo(caller.account, params["id"])
