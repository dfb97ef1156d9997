"""A request and a reply, canonically.

Every protocol is read into these values and written from them. A part is one
member of the `Part` union; code that handles parts matches exhaustively, so a
new kind of part shows every place that must know it.
"""

from typing import Literal

import msgspec

Role = Literal["user", "assistant"]
StopReason = Literal["end", "length", "stop-sequence", "refusal", "filtered"]


class _Value(msgspec.Struct, frozen=True):
    """Base of the conversation's values."""


class Text(_Value, frozen=True, kw_only=True, tag="text"):
    """Words; `refusal` where a protocol marks them as the model declining to answer."""

    text: str
    refusal: bool = False


Part = Text


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


class ChatRequest(_Value, frozen=True, kw_only=True):
    """What a client asks of a model. `model` is the name as the client wrote it.

    `prefill` says that the last turn is an assistant's and that the answer is
    to continue it, not to follow it.
    """

    model: str
    system: tuple[Part, ...]
    turns: tuple[Turn, ...]
    sampling: Sampling = Sampling()
    stream: bool = False
    stream_usage: bool = False
    prefill: bool = False


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
    parts: tuple[Part, ...]
    stop: StopReason
    stop_sequence: str | None = None
    usage: Usage = Usage()
    losses: tuple[Loss, ...] = ()
