"""What of a canonical value each protocol can say: the declared losses, as functions.

A value that crossed a protocol equals its projection; a projection of a
projection is itself.
"""

import msgspec

from changeover.conversation.model import ChatRequest, Reply, StopReason, Text, Turn, Usage
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
