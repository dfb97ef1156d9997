"""A generateContent request that Google takes as it is written.

Source: the types of the `google-genai` SDK. Outside are what `passing.py` refuses or leaves
out (state and files at the vendor, further models), calls and thoughts, which a signature
goes with, and texts without words.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct


class _Part(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1)] | None = None
    inline_data: Raw = Raw()
    inline_data_: Raw = msgspec.field(default=Raw(), name="inline_data")
    video_metadata: Raw = Raw()
    video_metadata_: Raw = msgspec.field(default=Raw(), name="video_metadata")


class _Content(Struct, gc=False, forbid_unknown_fields=True):
    parts: list[_Part]
    role: Raw = Raw()


class _Tool(Struct, gc=False, rename="camel"):
    retrieval: None = None
    file_search: None = None
    file_search_: None = msgspec.field(default=None, name="file_search")


class _Generation(Struct, gc=False, rename="camel"):
    model_selection_config: None = None
    model_selection_config_: None = msgspec.field(default=None, name="model_selection_config")
    routing_config: None = None
    routing_config_: None = msgspec.field(default=None, name="routing_config")


class AsWritten(Struct, gc=False, rename="camel"):
    """What a request may hold."""

    contents: list[_Content]
    tools: list[_Tool] | None = None
    generation_config: _Generation | None = None
    generation_config_: _Generation | None = msgspec.field(default=None, name="generation_config")
    model: None = None
    store: None = None
    cached_content: None = None
    cached_content_: None = msgspec.field(default=None, name="cached_content")
    continuation_token: None = None
    continuation_token_: None = msgspec.field(default=None, name="continuation_token")


as_written = msgspec.json.Decoder(AsWritten)
