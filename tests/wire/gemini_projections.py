"""What of a canonical value generateContent can say: the declared losses, as functions."""

import json
from collections.abc import Iterable, Sequence

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Part,
    Reply,
    ReplyPart,
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
        yield replaced(result, parts=tuple(p for p in result.parts if isinstance(p, Text)))
    for result in results:
        yield from (_unlooked(part) for part in result.parts if isinstance(part, Image))
    for part in parts:
        match part:
            case Text():
                yield from [Text(text=part.text)] if part.text else []
            case Image():
                yield _unlooked(part)
            case ToolCall():
                compact = msgspec.json.encode(json.loads(part.arguments)).decode()
                yield replaced(part, arguments=compact)
            case ToolResult():
                pass


def _unlooked(image: Image) -> Image:
    return replaced(image, detail=None)


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
        if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
            parts[-1] = Text(text=parts[-1].text + part.text)
        elif not isinstance(part, Text) or part.text:
            parts.append(Text(text=part.text) if isinstance(part, Text) else part)
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
        parts=tuple(parts),
        stop=stop[reply.stop],
        usage=replaced(
            reply.usage,
            cache_written_tokens=None,
            reasoning_tokens=None
            if reply.usage.output_tokens is None
            else reply.usage.reasoning_tokens,
        ),
    )
