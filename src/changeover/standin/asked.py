"""What both protocols are read into and written from, and how they refuse.

These values are the stand-in's own: it shares none with the gateway's codecs, so
that a misunderstanding of a protocol on one side shows as a failure between them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from changeover.standin.tokens import Stop

Role = Literal["system", "user", "assistant", "tool"]
Choice = Literal["auto", "none", "required", "named"]
MAX_BODY = 32 * 1024 * 1024


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one side said: instructions, a person's message, a reply or a tool's result.

    `calls` says that a reply called tools.
    """

    role: Role
    text: str
    calls: bool = False


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that the model may call, and the JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a tool; its arguments are the text of a JSON object."""

    name: str
    arguments: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that passed the vendor's checks."""

    model: str
    conversation: tuple[Said, ...]
    stream: bool = False
    stream_usage: bool = False
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    tools: tuple[Offered, ...] = ()
    choice: Choice = "auto"
    named: str = ""
    parallel: bool = True


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, cut to its limits, with its figures in tokens."""

    text: str
    stop: Stop
    stop_sequence: str | None
    calls: tuple[Called, ...] = ()
    input_tokens: int
    output_tokens: int


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What one exchange is marked with: a random secret for its ids, and Unix seconds."""

    secret: str
    created: int


class RefusalError(Exception):
    """The vendor's refusal: HTTP status, error type and message, and OpenAI's param and code."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.param = param
        self.code = code


class Dialect(Protocol):
    """One vendor protocol, as bytes."""

    def key(self, headers: Mapping[str, str]) -> str:
        """The key that the caller presents; `RefusalError` when the vendor would not let it in."""
        ...

    def read(self, payload: bytes, headers: Mapping[str, str], /) -> Asked:
        """The request; `RefusalError` in the vendor's words when it would not take it."""
        ...

    def unknown_model(self, model: str) -> RefusalError:
        """The refusal of a model that this host does not serve."""
        ...

    def no_such_path(self, method: str, path: str, /) -> RefusalError:
        """The refusal of a path (without the host's prefix) that the vendor does not have."""
        ...

    def wrong_method(self, method: str, path: str, /) -> RefusalError:
        """The refusal of a method on a path that takes another."""
        ...

    def oversized(self) -> RefusalError:
        """The refusal of a body over the vendor's limit."""
        ...

    def fault(self, status: int) -> RefusalError:
        """The vendor's own error for a status, as when it is overloaded."""
        ...

    def headers(self, mark: Mark) -> dict[str, str]:
        """What the vendor puts on every response: its request id above all."""
        ...

    def refused(self, refusal: RefusalError, mark: Mark, /) -> bytes:
        """The body of a refusal."""
        ...

    def whole(self, asked: Asked, answered: Answered, mark: Mark) -> bytes:
        """The body of an answer that was not streamed."""
        ...

    def events(self, asked: Asked, answered: Answered, mark: Mark) -> list[bytes]:
        """The stream of an answer, event by event, in the vendor's order."""
        ...

    def catalogue(self, host: str, models: Sequence[str], /) -> bytes:
        """The list of models."""
        ...

    def entry(self, host: str, model: str, /) -> bytes:
        """One model of the list."""
        ...


def is_object_schema(schema: Mapping[str, Any]) -> bool:
    """Whether a JSON schema says that it is an object's."""
    return schema.get("type") == "object"


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Whether a JSON value is an integer."""
    return isinstance(value, int) and not isinstance(value, bool)
