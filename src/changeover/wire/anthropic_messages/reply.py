"""Whole Messages answers, the counts and the reasons for stopping.

* `input_tokens` exclude what was read from and written to the vendor's cache;
  the canonical count includes both, so the three are added and taken apart.
* An answer may hold blocks of the model's reasoning that nobody asked for; they
  are reported as a loss. Blocks of tools that the vendor runs cannot be passed
  over: the answer would not be one.
* An answer that holds calls and stopped by itself stopped for them; a server that
  is compatible with this protocol may say `end_turn` all the same.
"""

from typing import Annotated, Any, Literal, assert_never

import msgspec

from changeover.conversation.events import Event, unfold
from changeover.conversation.model import (
    Loss,
    Reasoning,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    ToolCall,
    Usage,
)
from changeover.wire.anthropic_messages.content import call_block
from changeover.wire.arguments import is_object
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.shapes import from_vendor

StopWord = Literal["end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal"]
Kind = Literal["text", "tool_use", "reasoning"]
REASONING_LOSS = Loss(field="thinking", why="The model's reasoning is not carried.")
DETAILS_LOSS = Loss(field="stop_details", why="Why the vendor refused is not carried.")
CITATIONS_LOSS = Loss(field="citations", why="Citations are not carried.")
NO_INPUT = msgspec.Raw(b"{}")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**51)]


class OutputDetails(msgspec.Struct):
    thinking_tokens: _Count | None = None


class WireUsage(msgspec.Struct):
    """A vendor's `usage` object, of a message or (cumulative) of a `message_delta`."""

    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    cache_read_input_tokens: _Count | None = None
    cache_creation_input_tokens: _Count | None = None
    output_tokens_details: OutputDetails | None = None

    def over(self, old: "WireUsage") -> "WireUsage":
        """These counts, and the old ones where these say nothing."""
        merged = msgspec.structs.asdict(old)
        merged.update((k, v) for k, v in msgspec.structs.asdict(self).items() if v is not None)
        return WireUsage(**merged)


class Block(msgspec.Struct):
    """A content block."""

    type: str
    text: str = ""
    citations: list[msgspec.Raw] | None = None
    id: str = ""
    name: str = ""
    input: msgspec.Raw = NO_INPUT


class WireMessage(msgspec.Struct):
    """A `message` object; in a stream's first event it has no content yet."""

    id: str
    model: str
    content: list[Block]
    usage: WireUsage
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(WireMessage)


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    message = from_vendor(_decoder, body, "an answer")
    losses: dict[Loss, None] = {}
    parts: list[ReplyPart] = []
    for block in message.content:
        match kind_of(block):
            case "text":
                parts.append(Text(text=block.text))
            case "tool_use":
                parts.append(ToolCall(id=block.id, name=block.name, arguments=input_of(block)))
            case "reasoning":
                losses[REASONING_LOSS] = None
        if block.citations:
            losses[CITATIONS_LOSS] = None
    if message.stop_details:
        losses[DETAILS_LOSS] = None
    called = any(isinstance(part, ToolCall) for part in parts)
    return unfold(
        Reply(
            id=message.id,
            model=message.model,
            parts=tuple(parts),
            stop=stop_reason(message.stop_reason, called=called),
            stop_sequence=message.stop_sequence,
            usage=usage_from_vendor(message.usage),
            losses=tuple(losses),
        )
    )


def kind_of(block: Block) -> Kind:
    """What a block is; `VendorProtocolError` for one that no request asks for here."""
    match block.type:
        case "text":
            return "text"
        case "tool_use" if block.id and block.name:
            return "tool_use"
        case "thinking" | "redacted_thinking":
            return "reasoning"
        case _:
            raise VendorProtocolError(
                f"The vendor's answer holds a {block.type} block, which was not asked for.",
                means="Only text and calls of the client's tools, with id and name, are carried.",
            )


def input_of(block: Block) -> str:
    """The input of a call as the vendor wrote it."""
    try:
        written = bytes(block.input).decode()
    except UnicodeDecodeError:
        written = ""
    if not is_object(written):
        raise VendorProtocolError("The vendor's answer holds a call whose input is no object.")
    return written


def stop_reason(word: str | None, *, called: bool) -> StopReason:
    """The canonical reason; `VendorProtocolError` for one that cannot end this answer."""
    match word:
        case "tool_use" | "end_turn" if called:
            return "tool-use"
        case "end_turn":
            return "end"
        case "max_tokens" | "model_context_window_exceeded":
            return "length"
        case "stop_sequence":
            return "stop-sequence"
        case "refusal":
            return "refusal"
        case _:
            raise VendorProtocolError(
                f"The vendor's answer ends with stop_reason {word!r}.",
                means="An answer that holds what this one does cannot end so.",
            )


def stop_word(stop: StopReason) -> StopWord:
    """How the reason is written. A filter's stop is a refusal here."""
    match stop:
        case "end":
            return "end_turn"
        case "length":
            return "max_tokens"
        case "stop-sequence":
            return "stop_sequence"
        case "tool-use":
            return "tool_use"
        case "refusal" | "filtered":
            return "refusal"
        case _:
            assert_never(stop)


def usage_from_vendor(usage: WireUsage) -> Usage:
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    reasoned = usage.output_tokens_details or OutputDetails()
    counts = [n for n in (usage.input_tokens, read, written) if n is not None]
    return Usage(
        input_tokens=sum(counts) if counts else None,
        output_tokens=usage.output_tokens,
        cached_tokens=read,
        cache_written_tokens=written,
        reasoning_tokens=reasoned.thinking_tokens,
    )


def usage_for_client(usage: Usage) -> dict[str, Any]:
    """The `usage` object. Its two totals are never null: 0 where the vendor did not say."""
    read, written = usage.cached_tokens, usage.cache_written_tokens
    fresh = (usage.input_tokens or 0) - (read or 0) - (written or 0)
    counts: dict[str, Any] = {
        "input_tokens": max(fresh, 0),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "output_tokens": usage.output_tokens or 0,
    }
    if usage.reasoning_tokens is not None:
        counts["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    return counts


def message_object(context: ReplyContext, usage: Usage) -> dict[str, Any]:
    """A `message` without content that has not stopped."""
    return {
        "id": context.id,
        "type": "message",
        "role": "assistant",
        "model": context.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage_for_client(usage),
    }


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `message` object that answers a client."""
    message = message_object(context, reply.usage)
    message["content"] = [_block(part) for part in reply.parts]
    message["stop_reason"] = stop_word(reply.stop)
    message["stop_sequence"] = reply.stop_sequence
    return msgspec.json.encode(message)


def _block(part: ReplyPart) -> dict[str, Any]:
    match part:
        case Text():
            return {"type": "text", "text": part.text}
        case ToolCall():
            return call_block(part, part.id)[0]
        case Reasoning():
            raise NotImplementedError
        case _:
            assert_never(part)
