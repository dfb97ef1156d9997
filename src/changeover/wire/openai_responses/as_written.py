"""A Responses request that OpenAI takes as it is written.

Source: the types of the `openai` SDK, `ResponseCreateParams`. Outside are what `passing.py`
refuses or leaves out (state at the vendor, further models, sealed items, what the SDK
adds), calls whose ids it would not take, and items of kinds that are not named here.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from changeover.wire.as_written import NoFile


class _Part(Struct, gc=False, forbid_unknown_fields=True):
    type: Literal["input_text", "output_text", "input_image", "input_file", "refusal"]
    text: Raw = Raw()
    refusal: Raw = Raw()
    annotations: list[NoFile] | None = None
    logprobs: Raw = Raw()
    detail: Raw = Raw()
    image_url: Raw = Raw()
    file_data: Raw = Raw()
    file_url: Raw = Raw()
    filename: Raw = Raw()
    file_id: None = None


class _Item(Struct, gc=False, forbid_unknown_fields=True):
    type: Literal[
        "message",
        "function_call",
        "function_call_output",
        "custom_tool_call",
        "custom_tool_call_output",
    ] = "message"
    id: Raw = Raw()
    status: Raw = Raw()
    role: Raw = Raw()
    phase: Raw = Raw()
    content: str | list[_Part] | None = None
    call_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    name: Raw = Raw()
    namespace: Raw = Raw()
    arguments: Raw = Raw()
    input: Raw = Raw()
    output: str | list[_Part] | None = None


class _Container(Struct, gc=False):
    file_ids: None = None


class _Tool(Struct, gc=False):
    model: None = None
    vector_store_ids: None = None
    container: _Container | None = None


class AsWritten(Struct, gc=False):
    """What a request may hold; settings that not all models take are told by `takes`."""

    model: str
    input: str | list[_Item] = ""
    stream: bool | None = None
    store: bool | UnsetType = UNSET
    tools: list[_Tool] | None = None
    background: None = None
    background_options: None = None
    conversation: None = None
    moderation: None = None
    previous_response_id: None = None
    prompt: None = None
    reasoning: Raw | UnsetType = UNSET
    text: Raw | UnsetType = UNSET
    temperature: Raw | UnsetType = UNSET
    top_p: Raw | UnsetType = UNSET
    top_logprobs: Raw | UnsetType = UNSET


as_written = msgspec.json.Decoder(AsWritten)
SETTINGS = ("reasoning", "text", "temperature", "top_p", "top_logprobs")
"""The settings that not all models take."""
