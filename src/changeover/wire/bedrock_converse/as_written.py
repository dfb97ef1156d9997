"""A Converse request that Bedrock takes as it is written.

Source: the service model `bedrock-runtime`, shape `ConverseRequest`. Outside are what
`passing.py` refuses or leaves out (state in an account, reasoning that was sealed), a
model's own fields, marks for a cache, and blocks of kinds that are not named here.
"""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from changeover.wire.bedrock_converse.outline import Block, Called, Said


class _Source(Struct, gc=False, forbid_unknown_fields=True):
    bytes: Raw = Raw()
    text: Raw = Raw()


class _File(Struct, gc=False, forbid_unknown_fields=True):
    format: Raw = Raw()
    name: Raw = Raw()
    context: Raw = Raw()
    citations: Raw = Raw()
    source: _Source | None = None


class _Given(Struct, gc=False, forbid_unknown_fields=True):
    """A block of a tool's result."""

    text: Raw = Raw()
    json: Raw = Raw()
    image: _File | None = None
    document: _File | None = None


class _Result(Called, gc=False, kw_only=True):
    content: list[_Given]


class _Block(Block, gc=False, forbid_unknown_fields=True):
    reasoningContent: None = None  # noqa: N815 (the vendor's names)
    cachePoint: None = None  # noqa: N815
    toolResult: _Result | None = None  # noqa: N815
    image: _File | None = None
    document: _File | None = None


class _Said(Said, gc=False, forbid_unknown_fields=True):
    content: Sequence[_Block]


class _System(Struct, gc=False, forbid_unknown_fields=True):
    text: Raw


class _Tool(Struct, gc=False, forbid_unknown_fields=True):
    toolSpec: Raw  # noqa: N815


class _ToolConfig(Struct, gc=False):
    tools: list[_Tool]
    toolChoice: Raw = Raw(b"null")  # noqa: N815


class _Inference(Struct, gc=False):
    temperature: Raw | UnsetType = UNSET
    topP: Raw | UnsetType = UNSET  # noqa: N815


class AsWritten(Struct, gc=False):
    """What a request may hold; what not all models take is told by `takes`."""

    messages: list[_Said] = []
    system: list[_System] | None = None
    inferenceConfig: _Inference | None = None  # noqa: N815
    toolConfig: _ToolConfig | None = None  # noqa: N815
    outputConfig: None = None  # noqa: N815
    additionalModelRequestFields: None = None  # noqa: N815
    guardrailConfig: None = None  # noqa: N815
    promptVariables: None = None  # noqa: N815
    projectIdentifier: None = None  # noqa: N815


as_written = msgspec.json.Decoder(AsWritten)
