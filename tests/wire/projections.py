"""What of a canonical value each protocol can say: the declared losses, as functions.

A value that crossed a protocol equals its projection; a projection of a
projection is itself.
"""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Part,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
    Usage,
)
from changeover.wire.anthropic_messages.sampling import DEFAULT_MAX_TOKENS
from changeover.wire.anthropic_messages.schemas import fitted
from changeover.wire.call_ids import CallIds
from changeover.wire.codec import ReplyContext

replaced = msgspec.structs.replace


def openai_request(request: ChatRequest, model: str) -> ChatRequest:
    ids = CallIds(re.compile(r".{1,40}", re.DOTALL))
    asked = replaced(request.sampling, top_k=None, stop=request.sampling.stop[:4])
    reasons = re.match(r"o\d", model) is not None
    if reasons:
        asked = replaced(asked, temperature=None, top_p=None, stop=())
    return replaced(
        request,
        model=model,
        sampling=asked,
        turns=tuple(one for turn in request.turns for one in _openai_turns(turn, ids)),
        stream_usage=request.stream,
        prefill=False,
        tools=tuple(replaced(tool, strict=_openai_strict(tool)) for tool in request.tools),
        parallel_calls=None if reasons else request.parallel_calls,
    )


def _openai_strict(tool: Tool) -> bool | None:
    """A schema that is not closed is none to be strict about; these require no key."""
    schema = tool.parameters
    open_ = schema is not None and schema.get("additionalProperties") is not False
    return False if tool.strict and open_ else tool.strict


def _openai_turns(turn: Turn, ids: CallIds) -> Iterable[Turn]:
    if turn.role == "assistant":
        calls = [replaced(p, id=ids.of_call(p.id)) for p in turn.parts if isinstance(p, ToolCall)]
        words = [p for p in turn.parts if isinstance(p, Text) and (p.text or not calls)]
        yield Turn(role="assistant", parts=(*words, *calls))
        return
    results = [p for p in turn.parts if isinstance(p, ToolResult)]
    answers = [
        ToolResult(
            call=ids.of_result(result.call),
            parts=tuple(p for p in result.parts if isinstance(p, Text)),
        )
        for result in results
    ]
    pictures = [p for result in results for p in result.parts if isinstance(p, Image)]
    said: list[Part] = [p for p in turn.parts if not isinstance(p, ToolResult)]
    if results:
        said = [p for p in said if not isinstance(p, Text) or p.text]
    for parts in (answers, pictures, said):
        if parts:
            yield Turn(role="user", parts=tuple(parts))


def anthropic_request(request: ChatRequest, model: str) -> ChatRequest:
    turns = _anthropic_turns(request)
    system = tuple(Text(text=p.text) for p in request.system if p.text.strip())
    if not turns and system:
        turns, system = (Turn(role="user", parts=system),), ()
    asked = request.sampling
    warm = None if asked.temperature is None else min(asked.temperature, 1.0)
    return ChatRequest(
        model=model,
        system=system,
        turns=turns,
        sampling=replaced(
            asked,
            max_tokens=DEFAULT_MAX_TOKENS if asked.max_tokens is None else asked.max_tokens,
            temperature=warm,
            top_p=asked.top_p if warm is None else None,
            stop=tuple(s for s in asked.stop if s.strip()),
        ),
        stream=request.stream,
        stream_usage=request.stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
        **_anthropic_tools(request),
    )


def _anthropic_tools(request: ChatRequest) -> dict[str, Any]:
    if not request.tools:
        return {}
    choice = request.tool_choice
    alone = request.parallel_calls is False and (choice is None or choice.mode != "none")
    return {
        "tools": tuple(
            Tool(
                name=tool.name,
                description=tool.description,
                parameters=_anthropic_schema(tool),
                strict=tool.strict,
            )
            for tool in request.tools
        ),
        "tool_choice": ToolChoice(mode="auto") if alone and choice is None else choice,
        "parallel_calls": False if alone else None,
    }


def _anthropic_schema(tool: Tool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", **(tool.parameters or {})}
    fit = fitted(schema) if tool.strict else None
    return schema if fit is None else fit.schema


def _anthropic_turns(request: ChatRequest) -> tuple[Turn, ...]:
    ids = CallIds(re.compile(r"[a-zA-Z0-9_-]{1,64}"))
    turns = [Turn(role=t.role, parts=_anthropic_parts(t.parts, ids)) for t in request.turns]
    turns = [turn for turn in turns if turn.parts]
    if turns and turns[-1].role == "assistant" and not request.prefill:
        *before, last = turns[-1].parts
        end = Text(text=last.text.rstrip()) if isinstance(last, Text) else last
        turns[-1] = Turn(role="assistant", parts=(*before, end))
    return tuple(turns)


def _anthropic_parts(parts: Sequence[Part], ids: CallIds) -> tuple[Part, ...]:
    kept: list[Part] = []
    for part in sorted(parts, key=lambda part: not isinstance(part, ToolResult)):
        match part:
            case Text(text=text):
                kept += [Text(text=text)] if text.strip() else []
            case Image():
                kept.append(replaced(part, detail=None))
            case ToolCall():
                written = json.dumps(json.loads(part.arguments), separators=(",", ":"))
                compact = msgspec.json.encode(json.loads(written)).decode()
                kept.append(replaced(part, id=ids.of_call(part.id), arguments=compact))
            case ToolResult():
                call, inner = ids.of_result(part.call), _anthropic_parts(part.parts, ids)
                kept.append(ToolResult(call=call, parts=kept_of(inner), is_error=part.is_error))
    return tuple(kept)


def kept_of(parts: Sequence[Part]) -> tuple[Text | Image, ...]:
    return tuple(part for part in parts if isinstance(part, Text | Image))


def openai_reply(
    reply: Reply, context: ReplyContext, *, counted: bool = True, streamed: bool = False
) -> Reply:
    usage = reply.usage
    told = counted and (usage.input_tokens, usage.output_tokens) != (None, None)
    parts = _in_order(reply.parts) if streamed else _text_first(reply.parts)
    refused = any(isinstance(p, Text) and p.refusal for p in parts)
    stop: dict[StopReason, StopReason] = {
        "end": "refusal" if refused else "end",
        "stop-sequence": "refusal" if refused else "end",
        "length": "length",
        "tool-use": "tool-use",
        "filtered": "filtered",
        "refusal": "refusal" if refused else "filtered",
    }
    return Reply(
        id=context.id,
        model=context.model,
        parts=parts,
        stop=stop[reply.stop],
        usage=replaced(
            usage, input_tokens=usage.input_tokens or 0, output_tokens=usage.output_tokens or 0
        )
        if told
        else Usage(),
    )


def _text_first(parts: Sequence[ReplyPart]) -> tuple[ReplyPart, ...]:
    """A whole answer has one text, one refusal, and calls."""
    texts = [p for p in parts if isinstance(p, Text)]
    said = "".join(p.text for p in texts if not p.refusal)
    refused = "".join(p.text for p in texts if p.refusal)
    joined = [Text(text=said)] if said else []
    joined += [Text(text=refused, refusal=True)] if refused else []
    return (*joined, *(p for p in parts if isinstance(p, ToolCall)))


def _in_order(parts: Sequence[ReplyPart]) -> tuple[ReplyPart, ...]:
    """A stream keeps the order; neighbouring texts of one kind become one."""
    kept: list[ReplyPart] = []
    told = [p for p in parts if isinstance(p, Text | ToolCall)]
    spoken = [p for p in told if isinstance(p, ToolCall) or p.text]
    for kind, group in groupby(spoken, lambda p: None if isinstance(p, ToolCall) else p.refusal):
        if kind is None:
            kept += group
        else:
            words = "".join(p.text for p in group if isinstance(p, Text))
            kept.append(Text(text=words, refusal=kind))
    return tuple(kept)


def anthropic_reply(reply: Reply, context: ReplyContext) -> Reply:
    usage = reply.usage
    aside = (usage.cached_tokens or 0) + (usage.cache_written_tokens or 0)
    return Reply(
        id=context.id,
        model=context.model,
        parts=tuple(p if isinstance(p, ToolCall) else Text(text=p.text) for p in reply.parts),
        stop="refusal" if reply.stop == "filtered" else reply.stop,
        stop_sequence=reply.stop_sequence,
        usage=replaced(
            usage,
            input_tokens=max(usage.input_tokens or 0, aside),
            output_tokens=usage.output_tokens or 0,
        ),
    )
