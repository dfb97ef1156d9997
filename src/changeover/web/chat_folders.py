"""Folders of conversations: `/chat/folders`. The chat opens with them (`/chat`)."""

from typing import Annotated

import msgspec

from changeover.chat.filing import Filing
from changeover.chat.folders import Folder
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF


class FolderName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder's name."""

    name: Annotated[str, msgspec.Meta(max_length=1000)]


def operations(filing: Filing) -> list[Operation | Stream]:
    """Making, renaming and removing folders, and bringing a removed one back."""
    desk = _FolderDesk(filing)
    all_, one = "/chat/folders", "/chat/folders/{id}"
    return [
        Operation("POST", all_, FolderName, Folder, STAFF, desk.make, "Make a folder."),
        Operation("PATCH", one, FolderName, Folder, STAFF, desk.rename, "Rename it."),
        Operation(
            "DELETE", one, Done, Done, STAFF, desk.remove, "Remove it; its conversations stay."
        ),
        Operation(
            "POST",
            one + "/return",
            Done,
            Folder,
            STAFF,
            desk.bring_back,
            "Bring a removed folder back, with what was in it.",
        ),
    ]


class _FolderDesk:
    def __init__(self, filing: Filing) -> None:
        self._filing = filing

    async def make(self, caller: Caller, body: FolderName, _: Params) -> Folder:
        return await self._filing.make(caller.account, body.name)

    async def rename(self, caller: Caller, body: FolderName, params: Params) -> Folder:
        return await self._filing.rename(caller.account, params["id"], body.name)

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._filing.remove(caller.account, params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> Folder:
        return await self._filing.bring_back(caller.account, params["id"])
