"""A Chat Completions request that OpenAI takes as it is written.

Source: the types of the `openai` SDK, `CompletionCreateParams`. Outside are what
`passing.py` refuses or leaves out (stored files and sounds, further models, reasoning in
messages), calls whose ids it would not take, and any JSON object asked for without the word.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from changeover.wire.as_written import NoFile
from changeover.wire.tool_names import FITTING

_Id = Annotated[str, Meta(min_length=1, max_length=40)]
_Name = Annotated[str, Meta(pattern=rf"\A{FITTING.pattern}\Z")]


class _Part(Struct, gc=False, forbid_unknown_fields=True):
    type: Literal["text", "image_url", "input_audio", "file", "refusal"]
    text: Raw = Raw()
    refusal: Raw = Raw()
    image_url: NoFile | None = None
    input_audio: NoFile | None = None
    file: NoFile | None = None


class _Call(Struct, gc=False):
    id: _Id
    function: NoFile | None = None


class _Said(Struct, gc=False, forbid_unknown_fields=True):
    role: str
    content: str | list[_Part] | None = None
    name: Raw = Raw()
    refusal: Raw = Raw()
    tool_calls: list[_Call] | None = None
    tool_call_id: _Id | None = None
    annotations: list[NoFile] | None = None
    audio: None = None


class _Function(Struct, gc=False):
    name: _Name


class _Tool(Struct, gc=False):
    function: _Function | None = None


class _Form(Struct, gc=False):
    type: Literal["text", "json_schema"]


class _Options(Struct, gc=False):
    include_usage: bool | None = None


class AsWritten(Struct, gc=False):
    """What a request may hold; settings that not all models take are told by `takes`."""

    model: str
    messages: list[_Said]
    stream: bool | None = None
    stream_options: _Options | UnsetType = UNSET
    tools: list[_Tool] | None = None
    response_format: _Form | None = None
    store: None = None
    moderation: None = None
    models: None = None
    fallbacks: None = None
    route: None = None
    temperature: Raw | UnsetType = UNSET
    top_p: Raw | UnsetType = UNSET
    frequency_penalty: Raw | UnsetType = UNSET
    presence_penalty: Raw | UnsetType = UNSET
    logprobs: Raw | UnsetType = UNSET
    top_logprobs: Raw | UnsetType = UNSET
    stop: Raw | UnsetType = UNSET
    verbosity: Raw | UnsetType = UNSET
    reasoning_effort: Raw | UnsetType = UNSET
    parallel_tool_calls: Raw | UnsetType = UNSET
    max_tokens: Raw | UnsetType = UNSET


as_written = msgspec.json.Decoder(AsWritten)
