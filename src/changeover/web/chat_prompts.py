"""Prompts to use again, one's own and one's party's: `/chat/prompts`."""

from typing import Annotated

import msgspec

from changeover.chat.prompting import Prompting, Wording
from changeover.chat.prompts import Prompt, PromptLibrary
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.chat import STAFF


class PromptWording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A prompt's name and text, with places to fill in between double braces.

    `shared` has everybody in one's party use it.
    """

    name: Annotated[str, msgspec.Meta(max_length=1000)]
    text: str
    shared: bool = False


def operations(prompting: Prompting) -> list[Operation | Stream]:
    """Reading, keeping, changing and removing prompts, and bringing a removed one back."""
    desk = _PromptDesk(prompting)
    all_, one = "/chat/prompts", "/chat/prompts/{id}"
    return [
        Operation("GET", all_, None, PromptLibrary, STAFF, desk.all, "Prompts one may use."),
        Operation("POST", all_, PromptWording, Prompt, STAFF, desk.add, "Keep a prompt."),
        Operation("PUT", one, PromptWording, Prompt, STAFF, desk.change, "Word it anew."),
        Operation("DELETE", one, Done, Done, STAFF, desk.remove, "Remove it."),
        Operation(
            "POST",
            one + "/return",
            Done,
            Prompt,
            STAFF,
            desk.bring_back,
            "Bring a removed prompt back.",
        ),
    ]


class _PromptDesk:
    def __init__(self, prompting: Prompting) -> None:
        self._prompting = prompting

    async def all(self, caller: Caller, _: None, __: Params) -> PromptLibrary:
        return await self._prompting.all(caller.account)

    async def add(self, caller: Caller, body: PromptWording, _: Params) -> Prompt:
        return await self._prompting.add(caller.account, _wording(body))

    async def change(self, caller: Caller, body: PromptWording, params: Params) -> Prompt:
        return await self._prompting.change(caller.account, params["id"], _wording(body))

    async def remove(self, caller: Caller, _: Done, params: Params) -> Done:
        await self._prompting.remove(caller.account, params["id"])
        return Done()

    async def bring_back(self, caller: Caller, _: Done, params: Params) -> Prompt:
        return await self._prompting.bring_back(caller.account, params["id"])


def _wording(body: PromptWording) -> Wording:
    return Wording(name=body.name, text=body.text, shared=body.shared)
