"""A Messages request that Anthropic takes as it is written.

Source: the types of the `anthropic` SDK, `MessageCreateParams`. Outside are what
`passing.py` refuses or leaves out (state at the vendor, further models, reasoning that was
sealed), calls whose ids it would not take, and blocks of kinds that are not named here.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from changeover.wire.anthropic_messages.content import FITTING_ID
from changeover.wire.as_written import NoFile

_Id = Annotated[str, Meta(pattern=rf"\A{FITTING_ID.pattern}\Z")]


class _Source(Struct, gc=False, forbid_unknown_fields=True):
    type: Literal["base64", "url", "text", "content"]
    media_type: Raw = Raw()
    data: Raw = Raw()
    url: Raw = Raw()
    content: "str | list[_Block] | None" = None


class _Block(Struct, gc=False, forbid_unknown_fields=True):
    type: Literal["text", "image", "document", "search_result", "tool_use", "tool_result"]
    cache_control: NoFile | None = None
    text: Raw = Raw()
    citations: NoFile | list[NoFile] | None = None
    source: str | _Source | None = None
    title: Raw = Raw()
    context: Raw = Raw()
    id: _Id | None = None
    name: Raw = Raw()
    input: Raw = Raw()
    caller: NoFile | None = None
    tool_use_id: _Id | None = None
    content: "str | list[_Block] | None" = None
    is_error: Raw = Raw()


class Said(Struct, gc=False, forbid_unknown_fields=True):
    """A message."""

    role: str
    content: str | list[_Block]


class _Tool(Struct, gc=False):
    model: None = None


class AsWritten(Struct, gc=False):
    """What a request may hold; settings that not all models take are told by `takes`."""

    model: str
    messages: list[Said]
    stream: bool | None = None
    tools: list[_Tool] | None = None
    thread: None = None
    container: None = None
    fallback_credit_token: None = None
    fallbacks: None = None
    thinking: Raw | UnsetType = UNSET
    output_config: Raw | UnsetType = UNSET
    temperature: Raw | UnsetType = UNSET
    top_p: Raw | UnsetType = UNSET
    top_k: Raw | UnsetType = UNSET
    tool_choice: Raw | UnsetType = UNSET

    @property
    def calls(self) -> bool:
        """Whether a tool was called."""
        return any(
            block.type == "tool_use"
            for said in self.messages
            if not isinstance(said.content, str)
            for block in said.content
        )


as_written = msgspec.json.Decoder(AsWritten)
SETTINGS = ("thinking", "output_config", "temperature", "top_p", "top_k", "tool_choice")
"""The settings that not all models take."""
