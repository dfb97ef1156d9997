"""What of a canonical value Responses can say: the declared losses, as functions."""

import re

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Part,
    Reasoning,
    Reply,
    StopReason,
    Text,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
)
from changeover.wire.call_ids import CallIds
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.sending import MIN_TOKENS


def responses_request(request: ChatRequest, model: str) -> ChatRequest:
    asked = request.sampling
    limit = None if asked.max_tokens is None else max(asked.max_tokens, MIN_TOKENS)
    return msgspec.structs.replace(
        request,
        model=model,
        turns=_turns(request),
        sampling=msgspec.structs.replace(asked, max_tokens=limit, top_k=None, stop=()),
        stream_usage=request.stream,
        prefill=False,
        tools=tuple(
            msgspec.structs.replace(tool, strict=bool(tool.strict)) for tool in request.tools
        ),
    )


def _turns(request: ChatRequest) -> tuple[Turn, ...]:
    """The turns as their items make them: what one answer said and called is one turn."""
    ids = CallIds(re.compile(r".{1,64}", re.DOTALL))
    items = [
        (turn.role, _said(part, ids), position if _is_said(part) else None)
        for position, turn in enumerate(request.turns)
        for part in turn.parts
    ]
    turns: list[Turn] = []
    before: tuple[str, Part, int | None] | None = None
    for item in items:
        role, part, message = item
        same = before is not None and before[0] == role
        in_message = before is not None and message is not None and before[2] == message
        after_tool = before is not None and before[2] is None
        if turns and same and (in_message or after_tool or isinstance(part, ToolCall | Reasoning)):
            turns[-1] = Turn(role=role, parts=(*turns[-1].parts, part))
        else:
            turns.append(Turn(role=role, parts=(part,)))
        before = item
    return tuple(turns)


def _is_said(part: Part) -> bool:
    return not isinstance(part, Reasoning | ToolCall | ToolResult)


def _said(part: Part, ids: CallIds) -> Part:
    if isinstance(part, ToolCall):
        return msgspec.structs.replace(part, id=ids.of_call(part.id))
    if isinstance(part, ToolResult):
        kept = tuple(p for p in part.parts if not isinstance(p, Text) or p.text)
        return ToolResult(call=ids.of_result(part.call), parts=kept)
    return part


def responses_reply(reply: Reply, context: ReplyContext) -> Reply:
    usage = reply.usage
    ids = CallIds(re.compile(r".{1,64}", re.DOTALL))
    told = (usage.input_tokens, usage.output_tokens) != (None, None)
    called = any(isinstance(part, ToolCall) for part in reply.parts)
    refused = any(isinstance(part, Text) and part.refusal for part in reply.parts)
    completed: StopReason = "tool-use" if called else "refusal" if refused else "end"
    stop: dict[StopReason, StopReason] = {
        "end": completed,
        "stop-sequence": completed,
        "tool-use": completed,
        "length": "length",
        "filtered": "filtered",
        "refusal": completed if refused else "filtered",
    }
    return Reply(
        id=context.id,
        model=context.model,
        parts=tuple(
            msgspec.structs.replace(part, id=ids.of_call(part.id))
            if isinstance(part, ToolCall)
            else part
            for part in reply.parts
        ),
        stop=stop[reply.stop],
        usage=Usage(
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cached_tokens=usage.cached_tokens or 0,
            cache_written_tokens=usage.cache_written_tokens or 0,
            reasoning_tokens=usage.reasoning_tokens or 0,
        )
        if told
        else Usage(),
    )
