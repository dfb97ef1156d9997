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


class Text(_Value, kw_only=True, tag="text"):
    """Words."""

    text: str


Part = Text


class Turn(_Value, kw_only=True):
    """What one side said."""

    role: Role
    parts: tuple[Part, ...]


class Sampling(_Value, kw_only=True):
    """How the model chooses words; None leaves it to the vendor."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()


class ChatRequest(_Value, kw_only=True):
    """What a client asks of a model. `model` is the name as the client wrote it."""

    model: str
    system: tuple[Part, ...]
    turns: tuple[Turn, ...]
    sampling: Sampling = Sampling()
    stream: bool = False
    stream_usage: bool = False


class Loss(_Value, kw_only=True):
    """Something in a request that the other side cannot express; `field` as the client wrote it."""

    field: str
    why: str


class Usage(_Value, kw_only=True):
    """Tokens counted by the vendor; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None


class Reply(_Value, kw_only=True):
    """A whole answer: the fold of its events."""

    id: str
    model: str
    parts: tuple[Part, ...]
    stop: StopReason
    stop_sequence: str | None = None
    usage: Usage = Usage()
