"""A request and a reply, canonically.

Every protocol is read into these values and written from them. A part is one
member of the `Part` union; code that handles parts matches exhaustively, so a
new kind of part shows every place that must know it.
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

Role = Literal["user", "assistant"]
StopReason = Literal["end", "length", "stop-sequence", "tool-use", "refusal", "filtered"]


class _Value(msgspec.Struct, frozen=True):
    """Base of the conversation's values."""


class Text(_Value, frozen=True, kw_only=True, tag="text"):
    """Words; `refusal` where a protocol marks them as the model declining to answer."""

    text: str
    refusal: bool = False


class Image(_Value, frozen=True, kw_only=True, tag="image"):
    """A picture: its bytes in base64 (`data`, of a `media_type`), or else where it is (`url`).

    `detail` is how closely to look, in the words of the protocol that asks it.
    """

    media_type: str = ""
    data: str = ""
    url: str = ""
    detail: str | None = None


class ToolCall(_Value, frozen=True, kw_only=True, tag="tool-call"):
    """The model wants a tool of the client's to be called.

    `arguments` are the JSON text as its writer wrote it, `{}` where there are
    none. A model may write text that is no JSON, or be cut off in the middle.
    """

    id: str
    name: str
    arguments: str


class ToolResult(_Value, frozen=True, kw_only=True, tag="tool-result"):
    """What the client's tool gave; `call` is the call's id. It stands in a user's turn."""

    call: str
    parts: "tuple[Text | Image, ...]"
    is_error: bool = False


Part = Text | Image | ToolCall | ToolResult
ReplyPart = Text | ToolCall


def words_of(parts: Iterable[Part]) -> str:
    """The words among the parts, those of tools' results with them."""
    words: list[str] = []
    for part in parts:
        match part:
            case Text():
                words.append(part.text)
            case ToolResult():
                words.append(words_of(part.parts))
            case Image() | ToolCall():
                pass
    return "".join(words)


class Turn(_Value, frozen=True, kw_only=True):
    """What one side said."""

    role: Role
    parts: tuple[Part, ...]


class Sampling(_Value, frozen=True, kw_only=True):
    """How the model chooses words; None leaves it to the vendor."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()


class Tool(_Value, frozen=True, kw_only=True):
    """A function of the client's that the model may ask to be called.

    `parameters` is the JSON schema as given, None where there is none.
    `strict` asks that arguments fit the schema without exception.
    """

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ToolChoice(_Value, frozen=True, kw_only=True):
    """Whether the model may, must not or must call a tool; `name` is set where it is `named`."""

    mode: Literal["auto", "none", "required", "named"]
    name: str = ""


class ChatRequest(_Value, frozen=True, kw_only=True):
    """What a client asks of a model. `model` is the name as the client wrote it.

    `prefill` says that the last turn is an assistant's and that the answer is
    to continue it, not to follow it. Without `tools` there is neither a choice
    among them nor `parallel_calls`, which is whether one answer may hold
    several calls; None leaves it to the vendor.
    """

    model: str
    system: tuple[Text, ...]
    turns: tuple[Turn, ...]
    sampling: Sampling = Sampling()
    stream: bool = False
    stream_usage: bool = False
    prefill: bool = False
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_calls: bool | None = None


class Loss(_Value, frozen=True, kw_only=True):
    """Something that was not carried over as it was; `field` as its writer named it."""

    field: str
    why: str


class Usage(_Value, frozen=True, kw_only=True):
    """Tokens counted by the vendor; None where it did not say.

    `input_tokens` are all of the input; `cached_tokens` (read from the
    vendor's cache) and `cache_written_tokens` (written to it) are parts of it.
    `reasoning_tokens` are the part of the output that was not shown.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_written_tokens: int | None = None
    reasoning_tokens: int | None = None


class Reply(_Value, frozen=True, kw_only=True):
    """A whole answer: the fold of its events. `losses` are what of it was not carried."""

    id: str
    model: str
    parts: tuple[ReplyPart, ...]
    stop: StopReason
    stop_sequence: str | None = None
    usage: Usage = Usage()
    losses: tuple[Loss, ...] = ()
