"""What of a canonical value generateContent can say: the declared losses, as functions.

A client reads what a vendor sealed as what it is for it: something wrapped, that it can
only send back. A model of an unknown name is taken for one of the newest.
"""

import base64
import json
from collections.abc import Iterable, Sequence

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Part,
    Reasoning,
    Reply,
    ReplyPart,
    Sealed,
    StopReason,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.codec import ReplyContext

replaced = msgspec.structs.replace


def gemini_request(request: ChatRequest, model: str) -> ChatRequest:
    system = tuple(part for part in request.system if part.text)
    turns = [replaced(turn, parts=tuple(_parts(turn.parts))) for turn in request.turns]
    spoken = tuple(turn for turn in turns if turn.parts)
    if not spoken and system:
        spoken, system = (Turn(role="user", parts=system),), ()
    return replaced(
        request,
        model=model,
        system=system,
        turns=in_one_turn(spoken),
        sampling=replaced(request.sampling, stop=tuple(s for s in request.sampling.stop if s)[:5]),
        tools=tuple(replaced(tool, strict=None) for tool in request.tools),
        parallel_calls=None,
        stream_usage=request.stream,
        prefill=False,
    )


def _parts(parts: Sequence[Part]) -> Iterable[Part]:
    results = [part for part in parts if isinstance(part, ToolResult)]
    for result in results:
        words = [part for part in result.parts if isinstance(part, Text)]
        media = [_unlooked(part) for part in _media(result) if not part.url]
        yield replaced(result, parts=(*words, *media))
    for result in results:
        yield from (_unlooked(part) for part in _media(result) if part.url)
    for part in parts:
        match part:
            case Text():
                yield from [Text(text=part.text)] if part.text else []
            case Image() | File():
                yield _unlooked(part)
            case ToolCall():
                compact = msgspec.json.encode(json.loads(part.arguments)).decode()
                yield replaced(part, arguments=compact)
            case Reasoning():
                yield _handed_out(part)
            case ToolResult():
                pass


def _media(result: ToolResult) -> list[Image | File]:
    return [part for part in result.parts if isinstance(part, Image | File)]


def _unlooked(part: Image | File) -> Image | File:
    return replaced(part, detail=None) if isinstance(part, Image) else part


def _handed_out(part: Reasoning) -> Reasoning:
    if part.sealed is None:
        return part
    text = base64.b64decode(part.sealed.value).decode()
    return replaced(part, sealed=Sealed(form="wrapped", value=text, on=part.sealed.on))


def in_one_turn(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns with those of the assistant's that follow one another put together."""
    found: list[Turn] = []
    for turn in turns:
        if turn.role == "user" or not found or found[-1].role == "user":
            found.append(turn)
            continue
        match found[-1].parts, turn.parts:
            case (*before, Text(text=str(last))), (Text(text=str(first)), *after):
                parts = (*before, Text(text=last + first), *after)
            case before, after:
                parts = (*before, *after)
        found[-1] = Turn(role="assistant", parts=parts)
    return tuple(found)


def gemini_reply(reply: Reply, context: ReplyContext) -> Reply:
    parts: list[ReplyPart] = []
    for part in reply.parts:
        match part:
            case Reasoning():
                parts += _given(part, context)
            case Text() if parts and isinstance(parts[-1], Text):
                parts[-1] = _one_text(parts[-1], part)
            case Text():
                parts += [replaced(part, refusal=False)] if part.text else []
            case ToolCall():
                parts.append(part)
    called = any(isinstance(part, ToolCall) for part in parts)
    stop: dict[StopReason, StopReason] = {
        "end": "tool-use" if called else "end",
        "stop-sequence": "tool-use" if called else "end",
        "tool-use": "tool-use" if called else "end",
        "length": "length",
        "filtered": "filtered",
        "refusal": "filtered",
    }
    return Reply(
        id=context.id,
        model=context.model,
        parts=tuple(_in_order(part) for part in parts),
        stop=stop[reply.stop],
        usage=replaced(
            reply.usage,
            cache_written_tokens=None,
            reasoning_tokens=None
            if reply.usage.output_tokens is None
            else reply.usage.reasoning_tokens,
        ),
    )


def _given(part: Reasoning, context: ReplyContext) -> list[Reasoning]:
    """Thoughts where they were asked for; a vendor's codec reads back what it can."""
    on_itself = part.sealed is None or part.sealed.on == "self"
    if on_itself and not context.thinking:
        return []
    if part.sealed is None:
        return [part] if part.text else []
    value = part.sealed.value
    if part.sealed.form != "thought":
        value = base64.b64encode(value.encode()).decode()
    sealed = Sealed(form="thought", value=value, bound="model", on=part.sealed.on)
    return [replaced(part, sealed=sealed)]


def _in_order(part: ReplyPart) -> ReplyPart:
    """Sources of some words are told before those of the whole text."""
    if not isinstance(part, Text):
        return part
    return replaced(part, citations=tuple(sorted(part.citations, key=lambda c: c.start is None)))


def _one_text(first: Text, second: Text) -> Text:
    length = len(first.text)
    moved = [
        each
        if each.start is None
        else replaced(each, start=each.start + length, end=(each.end or 0) + length)
        for each in second.citations
    ]
    return Text(
        text=first.text + second.text,
        citations=(*first.citations, *moved),
        chances=(*first.chances, *second.chances),
    )
