"""What of a canonical value Converse can say of a model it knows nothing of: the declared losses."""

import json
import re
from collections.abc import Iterable, Sequence

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Part,
    Reply,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.bedrock_converse.sending import BEGINNING
from changeover.wire.call_ids import CallIds

replaced = msgspec.structs.replace


def bedrock_request(request: ChatRequest, model: str) -> ChatRequest:
    ids = CallIds(re.compile(r"[a-zA-Z0-9_-]{1,64}"))
    system = tuple(Text(text=p.text) for p in request.system if p.text.strip())
    turns = in_turns(
        Turn(role=turn.role, parts=tuple(_parts(turn.parts, ids))) for turn in request.turns
    )
    if not turns and system:
        turns, system = (Turn(role="user", parts=system),), ()
    elif turns and turns[0].role == "assistant":
        turns = (Turn(role="user", parts=(Text(text=BEGINNING),)), *turns)
    if turns and turns[-1].role == "assistant" and not request.prefill:
        *before, last = turns[-1].parts
        end = Text(text=last.text.rstrip()) if isinstance(last, Text) else last
        turns = (*turns[:-1], Turn(role="assistant", parts=(*before, end)))
    asked = request.sampling
    hidden = request.tool_choice is not None and request.tool_choice.mode == "none"
    called = any(isinstance(part, ToolCall | ToolResult) for turn in turns for part in turn.parts)
    return replaced(
        request,
        model=model,
        system=system,
        turns=turns,
        sampling=replaced(
            asked,
            max_tokens=None if asked.max_tokens is None else max(asked.max_tokens, 1),
            temperature=None if asked.temperature is None else min(asked.temperature, 1.0),
            top_k=None,
            stop=tuple(s for s in asked.stop if s.strip()),
        ),
        stream_usage=request.stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
        tools=() if hidden and not called else tuple(_tool(tool) for tool in request.tools),
        tool_choice=None if hidden else request.tool_choice,
        parallel_calls=None,
    )


def _tool(tool: Tool) -> Tool:
    return replaced(tool, parameters={"type": "object", **(tool.parameters or {})})


def in_turns(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns that say something, those of one side that follow one another as one."""
    found: list[Turn] = []
    for turn in turns:
        if not turn.parts:
            continue
        if found and found[-1].role == turn.role:
            found[-1] = Turn(role=turn.role, parts=(*found[-1].parts, *turn.parts))
        else:
            found.append(turn)
    return tuple(found)


def _parts(parts: Sequence[Part], ids: CallIds) -> Iterable[Part]:
    for part in sorted(parts, key=lambda part: not isinstance(part, ToolResult)):
        match part:
            case Text():
                yield from [Text(text=part.text)] if part.text.strip() else []
            case Image(url=""):
                yield replaced(part, detail=None)
            case Image():
                yield Text(text=f"An image at {part.url}")
            case ToolCall():
                compact = msgspec.json.encode(json.loads(part.arguments)).decode()
                yield replaced(part, id=ids.of_call(part.id), arguments=compact)
            case ToolResult():
                inner = tuple(p for p in _parts(part.parts, ids) if isinstance(p, Text | Image))
                if part.is_error and not inner:
                    inner = (Text(text="The tool failed."),)
                yield ToolResult(call=ids.of_result(part.call), parts=inner, is_error=part.is_error)


def bedrock_reply(reply: Reply) -> Reply:
    usage = reply.usage
    aside = (usage.cached_tokens or 0) + (usage.cache_written_tokens or 0)
    return Reply(
        id="",
        model="",
        parts=tuple(
            part if isinstance(part, ToolCall) else Text(text=part.text)
            for part in reply.parts
            if isinstance(part, ToolCall) or (isinstance(part, Text) and part.text)
        ),
        stop="filtered" if reply.stop == "refusal" else reply.stop,
        stop_sequence=reply.stop_sequence,
        usage=replaced(
            usage,
            input_tokens=max(usage.input_tokens or 0, aside),
            output_tokens=usage.output_tokens or 0,
            reasoning_tokens=None,
        ),
    )
