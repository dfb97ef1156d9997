"""Whole Messages answers, the counts and the reasons for stopping.

* `input_tokens` exclude what was read from and written to the vendor's cache;
  the canonical count includes both, so the three are added and taken apart.
* Those written to the cache are told with how many of them are kept for an hour, where
  the vendor says it (`cache_creation`): they cost more.
* What the model thought comes as `thinking`, signed, or as `redacted_thinking`, which only
  the vendor can read. Its words are a summary of what it thought. Blocks of tools that the
  vendor runs cannot be passed over: the answer would not be one.
* A client that did not ask for reasoning gets none: its program may read the first block
  as text. What is sealed for a call that follows is given all the same, since the call
  needs it when it comes back.
* `pause_turn` and `compaction` end no answer that is asked for here.
* An answer that holds calls and stopped by itself stopped for them; a server that
  is compatible with this protocol may say `end_turn` all the same.
"""

from typing import Annotated, Any, Literal, assert_never

import msgspec

from changeover.conversation.events import Event, unfold
from changeover.conversation.model import (
    Citation,
    Loss,
    Reasoning,
    Reply,
    ReplyPart,
    Sealed,
    StopReason,
    Text,
    ToolCall,
    Usage,
)
from changeover.wire.anthropic_messages.citations import (
    UNKNOWN_LOSS,
    WireCitation,
    citation,
    citation_for_client,
)
from changeover.wire.anthropic_messages.content import call_block
from changeover.wire.arguments import is_object
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.shapes import from_vendor

StopWord = Literal["end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal"]
Kind = Literal["text", "tool_use", "thinking", "redacted_thinking"]
DETAILS_LOSS = Loss(field="stop_details", why="Why the vendor refused is not carried.")
NO_INPUT = msgspec.Raw(b"{}")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**51)]


class OutputDetails(msgspec.Struct):
    thinking_tokens: _Count | None = None


class CacheCreation(msgspec.Struct):
    ephemeral_5m_input_tokens: _Count | None = None
    ephemeral_1h_input_tokens: _Count | None = None


class WireUsage(msgspec.Struct):
    """A vendor's `usage` object, of a message or (cumulative) of a `message_delta`."""

    input_tokens: _Count | None = None
    output_tokens: _Count | None = None
    cache_read_input_tokens: _Count | None = None
    cache_creation_input_tokens: _Count | None = None
    cache_creation: CacheCreation | None = None
    output_tokens_details: OutputDetails | None = None

    def over(self, old: "WireUsage") -> "WireUsage":
        """These counts, and the old ones where these say nothing."""
        counts = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(old), strict=True)
        return WireUsage(*(old if new is None else new for new, old in counts))


class Block(msgspec.Struct):
    """A content block."""

    type: str
    text: str = ""
    citations: list[WireCitation] | None = None
    thinking: str = ""
    signature: str = ""
    data: str = ""
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
    parts = tuple(_part(block, losses) for block in message.content)
    if message.stop_details:
        losses[DETAILS_LOSS] = None
    called = any(isinstance(part, ToolCall) for part in parts)
    return unfold(
        Reply(
            id=message.id,
            model=message.model,
            parts=parts,
            stop=stop_reason(message.stop_reason, called=called),
            stop_sequence=message.stop_sequence,
            usage=usage_from_vendor(message.usage),
            losses=tuple(losses),
        )
    )


def _part(block: Block, losses: dict[Loss, None]) -> ReplyPart:
    match kind_of(block):
        case "text":
            return Text(text=block.text, citations=cited_in(block, losses))
        case "tool_use":
            return ToolCall(id=block.id, name=block.name, arguments=input_of(block))
        case "thinking":
            return Reasoning(text=block.thinking, summary=True, sealed=signature(block.signature))
        case "redacted_thinking":
            return Reasoning(summary=True, sealed=redaction(block.data))


def cited_in(block: Block, losses: dict[Loss, None]) -> tuple[Citation, ...]:
    """The citations of a block of text."""
    found = [citation(one) for one in block.citations or ()]
    if None in found:
        losses[UNKNOWN_LOSS] = None
    return tuple(one for one in found if one is not None)


def signature(value: str) -> Sealed | None:
    """What the vendor signed, if it did."""
    return Sealed(form="signature", value=value, bound="model") if value else None


def redaction(value: str) -> Sealed | None:
    """What the vendor encrypted, if it did."""
    return Sealed(form="redacted", value=value, bound="model") if value else None


def kind_of(block: Block) -> Kind:
    """What a block is; `VendorProtocolError` for one that no request asks for here."""
    match block.type:
        case "text":
            return "text"
        case "tool_use" if block.id and block.name:
            return "tool_use"
        case "thinking":
            return "thinking"
        case "redacted_thinking":
            return "redacted_thinking"
        case _:
            raise VendorProtocolError(
                f"The vendor's answer holds a {block.type} block, which was not asked for.",
                means="Only text, reasoning and calls of the client's tools, with id and name, are "
                "carried.",
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
    created = usage.cache_creation or CacheCreation()
    if written is None:
        both = (created.ephemeral_5m_input_tokens, created.ephemeral_1h_input_tokens)
        written = None if both == (None, None) else sum(n for n in both if n is not None)
    reasoned = usage.output_tokens_details or OutputDetails()
    counts = [n for n in (usage.input_tokens, read, written) if n is not None]
    return Usage(
        input_tokens=sum(counts) if counts else None,
        output_tokens=usage.output_tokens,
        cached_tokens=read,
        cache_written_tokens=written,
        cache_written_hour_tokens=created.ephemeral_1h_input_tokens,
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
    if written is not None and usage.cache_written_hour_tokens is not None:
        hour = usage.cache_written_hour_tokens
        counts["cache_creation"] = {
            "ephemeral_5m_input_tokens": max(written - hour, 0),
            "ephemeral_1h_input_tokens": hour,
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
    blocks = [_block(part, asked=context.thinking) for part in reply.parts]
    message["content"] = [block for block in blocks if block is not None]
    message["stop_reason"] = stop_word(reply.stop)
    message["stop_sequence"] = reply.stop_sequence
    return msgspec.json.encode(message)


def _block(part: ReplyPart, *, asked: bool) -> dict[str, Any] | None:
    match part:
        case Text():
            told = [citation_for_client(one) for one in part.citations]
            cited = [one for one in told if one is not None]
            return {"type": "text", "text": part.text} | ({"citations": cited} if cited else {})
        case ToolCall():
            return call_block(part, part.id)[0]
        case Reasoning():
            opaque = opaque_for_client(part.sealed, asked=asked)
            if asked and part.text:
                return {"type": "thinking", "thinking": part.text, "signature": opaque}
            return {"type": "redacted_thinking", "data": opaque} if opaque else None
        case _:
            assert_never(part)


def opaque_for_client(sealed: Sealed | None, *, asked: bool) -> str:
    """What a client is to give back of a sealed value; empty where it gets none."""
    if sealed is None or not (asked or sealed.on == "next"):
        return ""
    return sealed.value
