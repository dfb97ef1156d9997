"""Whole Responses answers from vendors, the counts and the reasons for stopping.

* An answer is a list of items: messages, which hold parts of text and refusals,
  and calls of functions, which stand beside the messages. Canonical parts keep
  the order; texts that follow one another are parts of one message.
* There is no word for why an answer stopped: it is `completed`, which with a
  call means that the client is to act, and with a refusal that the model
  declined, or `incomplete` with a reason.
* Items of the model's reasoning that nobody asked for are reported as a loss.
  Items that ask for something else to be done cannot be passed over.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from changeover.conversation.events import Event, unfold
from changeover.conversation.model import Loss, Reply, ReplyPart, StopReason, Text, ToolCall, Usage
from changeover.wire.errors import VendorProtocolError
from changeover.wire.shapes import from_vendor

REASONING_LOSS = Loss(field="reasoning", why="The model's reasoning is not carried.")
CITATIONS_LOSS = Loss(field="annotations", why="Citations are not carried.")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


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
    """A part of a message."""

    type: str
    text: str = ""
    refusal: str = ""
    annotations: list[msgspec.Raw] | None = None


class WireItem(msgspec.Struct):
    """An item of an answer: a message, a call, or something else by its type."""

    type: str
    content: list[WirePart] | None = None
    call_id: str = ""
    name: str = ""
    arguments: str = ""


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


_decoder = msgspec.json.Decoder(WireResponse)


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    response = from_vendor(_decoder, body, "an answer")
    losses: dict[Loss, None] = {}
    parts: list[ReplyPart] = []
    for item in response.output or ():
        parts += parts_of(item, losses)
    return unfold(
        Reply(
            id=response.id,
            model=response.model,
            parts=tuple(parts),
            stop=stop_reason(response, parts),
            usage=usage_from_vendor(response.usage),
            losses=tuple(losses),
        )
    )


def parts_of(item: WireItem, losses: dict[Loss, None]) -> list[ReplyPart]:
    """The canonical parts of an item; what of it is not carried is added to `losses`."""
    check_item(item)
    if item.type == "function_call":
        return [ToolCall(id=item.call_id, name=item.name, arguments=item.arguments or "{}")]
    if item.type == "reasoning":
        losses[REASONING_LOSS] = None
        return []
    parts: list[ReplyPart] = []
    for part in item.content or ():
        if part.annotations:
            losses[CITATIONS_LOSS] = None
        refusal = is_refusal(part)
        parts.append(Text(text=part.refusal if refusal else part.text, refusal=refusal))
    return parts


def check_item(item: WireItem) -> None:
    """Refuses what a vendor may not answer to a request for text or calls."""
    if item.type not in {"message", "reasoning", "function_call"}:
        raise VendorProtocolError(
            f"The vendor's answer holds an item of the type {item.type}, which was not asked for.",
            means="Only text and calls of functions are carried.",
        )
    if item.type == "function_call" and not (item.call_id and item.name):
        raise VendorProtocolError("The vendor's answer calls a function without an id or a name.")


def is_refusal(part: WirePart) -> bool:
    """Whether the part is a refusal (else text); `VendorProtocolError` for any other."""
    if part.type not in {"output_text", "refusal"}:
        raise VendorProtocolError(
            f"The vendor's answer holds a part of the type {part.type}, which was not asked for.",
            means="Only text is carried.",
        )
    return part.type == "refusal"


def stop_reason(response: WireResponse, parts: Iterable[ReplyPart]) -> StopReason:
    """The canonical reason; `VendorProtocolError` for an answer that failed or goes on."""
    match response.status:
        case "completed" | None:
            return _completed(parts)
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


def _completed(parts: Iterable[ReplyPart]) -> StopReason:
    said = tuple(parts)
    if any(isinstance(part, ToolCall) for part in said):
        return "tool-use"
    refused = any(isinstance(part, Text) and part.refusal for part in said)
    return "refusal" if refused else "end"


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
