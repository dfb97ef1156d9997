"""Whole Converse answers, the counts and the reasons for stopping.

Source: the service model `bedrock-runtime`, shapes `ConverseResponse`, `StopReason` and
`TokenUsage`.

* An answer bears neither an id nor the model's name; the id of the request is in a header.
* `inputTokens` exclude what was read from and written to the vendor's cache, and
  `totalTokens` include it; the canonical count of the input includes both.
* How long the model took is not known here: `latencyMs` is required, and 0.
* An answer that holds calls and stopped by itself stopped for them.
* Reasoning that the client did not ask for is left out, so that `content[0]` is what
  its program expects; what is sealed for a call that follows is given all the same.
"""

from typing import Annotated, Any, assert_never

import msgspec

from changeover.conversation.events import Event, unfold
from changeover.conversation.model import (
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
from changeover.wire.arguments import as_object, is_object
from changeover.wire.bedrock_converse.citations import WireCited, cited_block, read_citation
from changeover.wire.bedrock_converse.content import written_opaque
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.shapes import from_vendor

_HOUR = "1h"
NO_INPUT = msgspec.Raw(b"{}")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**51)]
TRACE_LOSS = Loss(field="trace", why="What a guardrail or a router did is not carried.")


class _CacheDetail(msgspec.Struct):
    ttl: str = ""
    inputTokens: _Count = 0  # noqa: N815 (the vendor's names)


class WireUsage(msgspec.Struct):
    """The counts of an answer; older models leave out those of the cache."""

    inputTokens: _Count | None = None  # noqa: N815 (the vendor's names)
    outputTokens: _Count | None = None  # noqa: N815
    cacheReadInputTokens: _Count | None = None  # noqa: N815
    cacheWriteInputTokens: _Count | None = None  # noqa: N815
    cacheDetails: list[_CacheDetail] | None = None  # noqa: N815


class _ToolUse(msgspec.Struct):
    toolUseId: str  # noqa: N815
    name: str
    input: msgspec.Raw = NO_INPUT
    type: str | None = None


class _ReasoningText(msgspec.Struct):
    text: str
    signature: str | None = None


class _Reasoning(msgspec.Struct):
    reasoningText: _ReasoningText | None = None  # noqa: N815
    redactedContent: str | None = None  # noqa: N815


class Block(msgspec.Struct):
    """A content block of an answer."""

    text: str | None = None
    toolUse: _ToolUse | None = None  # noqa: N815
    reasoningContent: _Reasoning | None = None  # noqa: N815
    citationsContent: WireCited | None = None  # noqa: N815


class _Message(msgspec.Struct):
    content: list[Block]


class _Output(msgspec.Struct):
    message: _Message


class Additional(msgspec.Struct):
    """The model's own fields of an answer that are read."""

    stop_sequence: str | None = None


class _Response(msgspec.Struct):
    output: _Output
    stopReason: str  # noqa: N815
    usage: WireUsage | None = None
    additionalModelResponseFields: Additional | None = None  # noqa: N815
    trace: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(_Response)


def decode_reply(body: bytes) -> list[Event]:
    """Bedrock's whole answer as the events of a stream."""
    given = from_vendor(_decoder, body, "an answer")
    parts = tuple(_part(block) for block in given.output.message.content)
    spoken = tuple(part for part in parts if not isinstance(part, Text) or part.text)
    called = any(isinstance(part, ToolCall) for part in spoken)
    additional = given.additionalModelResponseFields or Additional()
    stop = stop_reason(given.stopReason, called=called)
    return unfold(
        Reply(
            id="",
            model="",
            parts=spoken,
            stop=stop,
            stop_sequence=additional.stop_sequence if stop == "stop-sequence" else None,
            usage=usage_from_vendor(given.usage or WireUsage()),
            losses=(TRACE_LOSS,) if given.trace else (),
        )
    )


def _part(block: Block) -> ReplyPart:
    if block.text is not None:
        return Text(text=block.text)
    if (call := block.toolUse) is not None:
        check_call(call.toolUseId, call.name, call.type)
        return ToolCall(id=call.toolUseId, name=call.name, arguments=_input(call.input))
    if block.reasoningContent is not None:
        return _reasoning(block.reasoningContent)
    if (cited := block.citationsContent) is not None:
        return Text(
            text="".join(piece.text for piece in cited.content or ()),
            citations=tuple(read_citation(each) for each in cited.citations or ()),
        )
    raise VendorProtocolError(
        "The vendor's answer holds a block that was not asked for.",
        means="Text, reasoning, citations and calls of the client's tools are carried.",
    )


def _reasoning(given: _Reasoning) -> Reasoning:
    if (said := given.reasoningText) is not None:
        return Reasoning(text=said.text, sealed=signed(said.signature or ""))
    return Reasoning(sealed=redacted(given.redactedContent or ""))


def signed(signature: str) -> Sealed | None:
    """The signature of reasoning that can be read, where there is one."""
    return Sealed(form="signature", value=signature, bound="model") if signature else None


def redacted(content: str) -> Sealed:
    """Reasoning of which no words are shown."""
    return Sealed(form="redacted", value=content, bound="model")


def check_call(call: str, name: str, kind: str | None) -> None:
    """`VendorProtocolError` for a call that is none of a tool of the client's."""
    if kind is not None or not call or not name:
        raise VendorProtocolError(
            "The vendor's answer holds a call of a tool that is not the client's, or unnamed.",
            means="Only calls of the client's tools, with id and name, are carried.",
        )


def _input(given: msgspec.Raw) -> str:
    """The input of a call as the vendor wrote it."""
    try:
        written = bytes(given).decode()
    except UnicodeDecodeError:
        written = ""
    if not is_object(written):
        raise VendorProtocolError("The vendor's answer holds a call whose input is no object.")
    return written


def stop_reason(word: str, *, called: bool) -> StopReason:
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
        case "guardrail_intervened" | "content_filtered":
            return "filtered"
        case "refusal":
            return "refusal"
        case _:
            raise VendorProtocolError(
                f"The vendor's answer ends with stopReason {word!r}.",
                means="An answer that holds what this one does cannot end so.",
            )


def stop_word(stop: StopReason) -> str:
    """How the reason is written. A refusal is content that was filtered here."""
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
            return "content_filtered"
        case _:
            assert_never(stop)


def usage_from_vendor(usage: WireUsage) -> Usage:
    read, written = usage.cacheReadInputTokens, usage.cacheWriteInputTokens
    counts = [n for n in (usage.inputTokens, read, written) if n is not None]
    details = usage.cacheDetails
    return Usage(
        input_tokens=sum(counts) if counts else None,
        output_tokens=usage.outputTokens,
        cached_tokens=read,
        cache_written_tokens=written,
        cache_written_hour_tokens=sum(each.inputTokens for each in details if each.ttl == _HOUR)
        if details
        else None,
    )


def usage_for_client(usage: Usage) -> dict[str, Any]:
    """The `usage` object. Its three totals are never null: 0 where the vendor did not say."""
    read, written = usage.cached_tokens, usage.cache_written_tokens
    aside = (read or 0) + (written or 0)
    fresh, said = max((usage.input_tokens or 0) - aside, 0), usage.output_tokens or 0
    counts: dict[str, Any] = {
        "inputTokens": fresh,
        "outputTokens": said,
        "totalTokens": fresh + aside + said,
    }
    if read is not None:
        counts["cacheReadInputTokens"] = read
    if written is not None:
        counts["cacheWriteInputTokens"] = written
    if (hour := usage.cache_written_hour_tokens) is not None:
        details = {_HOUR: hour, "5m": max((written or 0) - hour, 0)}
        told = [{"ttl": ttl, "inputTokens": count} for ttl, count in details.items()]
        counts["cacheDetails"] = told
    return counts


def is_given(part: ReplyPart, context: ReplyContext) -> bool:
    """Whether the client gets the part."""
    match part:
        case Text():
            return bool(part.text)
        case Reasoning():
            bound = part.sealed is not None and part.sealed.on == "next"
            return bound or (context.thinking and bool(part.text or part.sealed))
        case ToolCall():
            return True
        case _:
            assert_never(part)


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The answer to a client."""
    content = [_block(part, context) for part in reply.parts if is_given(part, context)]
    written: dict[str, Any] = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop_word(reply.stop),
        "usage": usage_for_client(reply.usage),
        "metrics": {"latencyMs": 0},
    }
    if reply.stop_sequence is not None:
        written["additionalModelResponseFields"] = {"stop_sequence": reply.stop_sequence}
    return msgspec.json.encode(written)


def _block(part: ReplyPart, context: ReplyContext) -> dict[str, Any]:
    match part:
        case Text():
            return cited_block(part.text, part.citations) if part.citations else {"text": part.text}
        case ToolCall():
            given, _ = as_object(part.arguments)
            return {"toolUse": {"toolUseId": part.id, "name": part.name, "input": given}}
        case Reasoning():
            return {"reasoningContent": _reasoning_block(part, context)}
        case _:
            assert_never(part)


def _reasoning_block(part: Reasoning, context: ReplyContext) -> dict[str, Any]:
    value = "" if part.sealed is None else part.sealed.value
    if not part.text or not context.thinking:
        return {"redactedContent": written_opaque(value)}
    return {"reasoningText": {"text": part.text} | ({"signature": value} if value else {})}
