"""What of a canonical value each protocol can say: the declared losses, as functions.

A value that crossed a protocol equals its projection; a projection of a
projection is itself.
"""

from collections.abc import Iterable

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Part,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    ToolCall,
    Turn,
    Usage,
)
from changeover.wire.anthropic_messages.request import DEFAULT_MAX_TOKENS
from changeover.wire.codec import ReplyContext


def openai_request(request: ChatRequest, model: str) -> ChatRequest:
    return msgspec.structs.replace(
        request,
        model=model,
        sampling=msgspec.structs.replace(
            request.sampling, top_k=None, stop=request.sampling.stop[:4]
        ),
        stream_usage=request.stream,
        prefill=False,
    )


def anthropic_request(request: ChatRequest, model: str) -> ChatRequest:
    turns = _anthropic_turns(request)
    system = tuple(Text(text=p.text) for p in request.system if p.text)
    if not turns and system:
        turns, system = (Turn(role="user", parts=system),), ()
    asked = request.sampling
    warm = None if asked.temperature is None else min(asked.temperature, 1.0)
    return ChatRequest(
        model=model,
        system=system,
        turns=turns,
        sampling=msgspec.structs.replace(
            asked,
            max_tokens=DEFAULT_MAX_TOKENS if asked.max_tokens is None else asked.max_tokens,
            temperature=warm,
            top_p=asked.top_p if warm is None else None,
            stop=tuple(s for s in asked.stop if s.strip()),
        ),
        stream=request.stream,
        stream_usage=request.stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
    )


def _anthropic_turns(request: ChatRequest) -> tuple[Turn, ...]:
    said = [(t.role, [p.text for p in t.parts if p.text]) for t in request.turns]
    said = [(role, words) for role, words in said if words]
    if said and said[-1][0] == "assistant" and not request.prefill:
        role, words = said.pop()
        words = [w for w in (*words[:-1], words[-1].rstrip()) if w]
        said += [(role, words)] if words else []
    return tuple(Turn(role=role, parts=tuple(Text(text=w) for w in words)) for role, words in said)


def gemini_request(request: ChatRequest, model: str) -> ChatRequest:
    system = tuple(part for part in request.system if part.text)
    turns = [
        (t.role, [p for p in t.parts if not isinstance(p, Text) or p.text]) for t in request.turns
    ]
    spoken = [(role, parts) for role, parts in turns if parts]
    if not spoken and system:
        spoken, system = [("user", list(system))], ()
    return msgspec.structs.replace(
        request,
        model=model,
        system=system,
        turns=in_one_turn(
            Turn(role=role, parts=tuple(_unmarked(part) for part in parts))
            for role, parts in spoken
        ),
        sampling=msgspec.structs.replace(
            request.sampling, stop=tuple(s for s in request.sampling.stop if s)[:5]
        ),
        stream_usage=request.stream,
        prefill=False,
    )


def _unmarked(part: Part) -> Part:
    return Text(text=part.text) if isinstance(part, Text) else part


def in_one_turn(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns with those of the assistant's that follow one another put together."""
    found: list[Turn] = []
    for turn in turns:
        alone = turn.role == "user" or not found or found[-1].role == "user"
        if alone or not turn.parts or not found[-1].parts:
            found.append(turn)
            continue
        parts = [*found[-1].parts, *turn.parts]
        at = len(found[-1].parts)
        last, first = parts[at - 1], parts[at]
        alike = isinstance(last, Text) and isinstance(first, Text)
        if alike and last.refusal == first.refusal:
            parts[at - 1 : at + 1] = [Text(text=last.text + first.text, refusal=first.refusal)]
        found[-1] = Turn(role="assistant", parts=tuple(parts))
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
        usage=msgspec.structs.replace(reply.usage, cache_written_tokens=None),
    )


def openai_reply(reply: Reply, context: ReplyContext, *, counted: bool = True) -> Reply:
    said = "".join(p.text for p in reply.parts if not p.refusal)
    refused = "".join(p.text for p in reply.parts if p.refusal)
    parts = [Text(text=said)] if said else []
    parts += [Text(text=refused, refusal=True)] if refused else []
    usage = reply.usage
    told = counted and (usage.input_tokens, usage.output_tokens) != (None, None)
    stop: dict[StopReason, StopReason] = {
        "end": "refusal" if refused else "end",
        "stop-sequence": "refusal" if refused else "end",
        "length": "length",
        "filtered": "filtered",
        "refusal": "refusal" if refused else "filtered",
    }
    return Reply(
        id=context.id,
        model=context.model,
        parts=tuple(parts),
        stop=stop[reply.stop],
        usage=msgspec.structs.replace(
            usage, input_tokens=usage.input_tokens or 0, output_tokens=usage.output_tokens or 0
        )
        if told
        else Usage(),
    )


def anthropic_reply(reply: Reply, context: ReplyContext) -> Reply:
    usage = reply.usage
    aside = (usage.cached_tokens or 0) + (usage.cache_written_tokens or 0)
    return Reply(
        id=context.id,
        model=context.model,
        parts=tuple(Text(text=p.text) for p in reply.parts),
        stop="refusal" if reply.stop == "filtered" else reply.stop,
        stop_sequence=reply.stop_sequence,
        usage=msgspec.structs.replace(
            usage,
            input_tokens=max(usage.input_tokens or 0, aside),
            output_tokens=usage.output_tokens or 0,
        ),
    )
