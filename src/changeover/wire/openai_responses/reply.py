"""Responses answers from vendors: their shapes, how they end, and the counts.

* An answer is a list of items: reasoning, messages, which hold parts of text and refusals,
  and calls of tools, which stand beside the messages. Canonical parts keep the order; texts
  that follow one another are parts of one message.
* A whole answer is read as the last events of a stream would be, item by item.
* There is no word for why an answer stopped: it is `completed`, which with a
  call means that the client is to act, and with a refusal that the model
  declined, or `incomplete` with a reason.
* Items that ask for something else to be done cannot be passed over.
"""

from typing import Annotated

import msgspec

from changeover.conversation.model import Loss, StopReason, Usage
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_responses.chances import WireChance
from changeover.wire.openai_responses.citing import WireAnnotation

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
CITATION_LOSS = Loss(field="annotations", why="A citation came after its text was whole.")
_ITEMS = frozenset({"message", "reasoning", "function_call", "custom_tool_call"})
_CALLS = frozenset({"function_call", "custom_tool_call"})


class InputDetails(msgspec.Struct):
    cached_tokens: _Count | None = None
    cache_write_tokens: _Count | None = None


class OutputDetails(msgspec.Struct):
    reasoning_tokens: _Count | None = None


class WireUsage(msgspec.Struct):
    """A vendor's `usage` object."""

    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    input_tokens_details: InputDetails | None = None
    output_tokens_details: OutputDetails | None = None


class WirePart(msgspec.Struct):
    """A part of a message, or of reasoning."""

    type: str
    text: str = ""
    refusal: str = ""
    annotations: list[WireAnnotation] | None = None
    logprobs: list[WireChance] | None = None


class WireItem(msgspec.Struct):
    """An item of an answer: reasoning, a message, a call, or something else by its type."""

    type: str
    id: str | None = None
    content: list[WirePart] | None = None
    summary: list[WirePart] | None = None
    encrypted_content: str | None = None
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    input: str = ""


class Incomplete(msgspec.Struct):
    reason: str | None = None


class WireError(msgspec.Struct):
    """Why an answer failed. `code` is one of a few, `type` the kind in more detail."""

    code: str | None = None
    message: str | None = None
    type: str | None = None


class WireResponse(msgspec.Struct):
    """A `response` object; in a stream's first events it has no output yet."""

    id: str
    model: str
    status: str | None = None
    output: list[WireItem] | None = None
    usage: WireUsage | None = None
    incomplete_details: Incomplete | None = None
    error: WireError | None = None


def check_item(item: WireItem) -> None:
    """Refuses what a vendor may not answer to a request for text or calls."""
    if item.type not in _ITEMS:
        raise VendorProtocolError(
            f"The vendor's answer holds an item of the type {item.type}, which was not asked for.",
            means="Only text, reasoning and calls of the client's own tools are carried.",
        )
    if item.type in _CALLS and not (item.call_id and item.name):
        raise VendorProtocolError("The vendor's answer calls a function without an id or a name.")


def is_refusal(part: WirePart) -> bool:
    """Whether the part is a refusal (else text); `VendorProtocolError` for any other."""
    if part.type not in {"output_text", "refusal"}:
        raise VendorProtocolError(
            f"The vendor's answer holds a part of the type {part.type}, which was not asked for.",
            means="Only text is carried.",
        )
    return part.type == "refusal"


def stop_reason(response: WireResponse, *, called: bool, refused: bool) -> StopReason:
    """The canonical reason; `VendorProtocolError` for an answer that failed or goes on.

    `called` and `refused` say whether calls or refusals are in the answer.
    """
    match response.status:
        case "completed" | None if called:
            return "tool-use"
        case "completed" | None:
            return "refusal" if refused else "end"
        case "incomplete":
            return _incomplete(response.incomplete_details or Incomplete())
        case "failed":
            kind, message = failure_of(response.error or WireError())
            raise VendorProtocolError(f"The vendor's answer failed: {message} ({kind})")
        case status:
            raise VendorProtocolError(
                f"The vendor's answer has the status {status!r}.",
                means="It is not whole, and nothing more of it will come.",
            )


def _incomplete(details: Incomplete) -> StopReason:
    match details.reason:
        case "max_output_tokens":
            return "length"
        case "content_filter":
            return "filtered"
        case reason:
            raise VendorProtocolError(
                f"The vendor's answer is incomplete for the reason {reason!r}.",
                means="It does not end as an answer does, so it cannot be carried.",
            )


def failure_of(error: WireError) -> tuple[str, str]:
    """The kind and the message of a failed answer."""
    kind = error.type or error.code or "server_error"
    return kind, error.message or "The vendor does not say what failed."


def usage_from_vendor(usage: WireUsage | None) -> Usage:
    if usage is None:
        return Usage()
    read = usage.input_tokens_details or InputDetails()
    written = usage.output_tokens_details or OutputDetails()
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_tokens=read.cached_tokens,
        cache_written_tokens=read.cache_write_tokens,
        reasoning_tokens=written.reasoning_tokens,
    )
