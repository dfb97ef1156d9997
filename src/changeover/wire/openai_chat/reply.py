"""Whole Chat Completions answers, the counts and the reasons for stopping.

* An answer has one string of content; canonical parts are joined in it. A
  refusal is a string of its own, and the reason for stopping is then `stop`.
* Reasoning stands beside the content (`thinking.py`), whether the client asked for it or not:
  programs of this protocol read `content` and pass over what they do not know.
* Calls of tools are a list beside the text. With a forced function OpenAI says
  `stop`, and so do some compatible servers with any; an answer that holds calls
  and stopped by itself stopped for them.
* A stop without a refusal text, which other vendors have, is written as
  `content_filter`: nothing else here tells a client that the answer was withheld.
* A server's own reasons are in its profile. One that says it broke off is a failure.
* `prompt_tokens` include the cached ones, as the canonical count does.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, assert_never

import msgspec

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    Started,
    UsageSeen,
)
from changeover.conversation.model import (
    Reasoning,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    TokenChance,
    ToolCall,
    Usage,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_chat.chances import WireChances, written_chances
from changeover.wire.openai_chat.citations import annotations
from changeover.wire.openai_chat.ordering import Ordering
from changeover.wire.openai_chat.profile import Profile
from changeover.wire.openai_chat.saying import Listener, Said
from changeover.wire.openai_chat.thinking import DETAILS, detail_of, joined
from changeover.wire.openai_chat.writing import call_object
from changeover.wire.shapes import from_vendor

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class PromptDetails(msgspec.Struct):
    cached_tokens: _Count | None = None
    cache_write_tokens: _Count | None = None


class CompletionDetails(msgspec.Struct):
    reasoning_tokens: _Count | None = None


class WireUsage(msgspec.Struct):
    """A vendor's `usage` object."""

    prompt_tokens: _Count | None = None
    completion_tokens: _Count | None = None
    prompt_tokens_details: PromptDetails | None = None
    completion_tokens_details: CompletionDetails | None = None


class _Choice(msgspec.Struct):
    message: Said
    finish_reason: str | None = None
    logprobs: WireChances | None = None


class _Completion(msgspec.Struct):
    id: str
    model: str
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1, max_length=1)]
    usage: WireUsage | None = None


_decoder = msgspec.json.Decoder(_Completion)


def decode_reply(body: bytes, profile: Profile) -> list[Event]:
    """A server's whole answer as the events of a stream."""
    completion = from_vendor(_decoder, body, "an answer")
    choice = completion.choices[0]
    said = choice.message
    calls = [
        msgspec.structs.replace(call, index=index)
        for index, call in enumerate(said.tool_calls or ())
    ]
    events: list[Event] = [Started(id=completion.id, model=completion.model)]
    listener = Listener()
    listener.hear(msgspec.structs.replace(said, tool_calls=calls), choice.logprobs, events)
    listener.end(events)
    events.append(UsageSeen(usage=usage_from_vendor(completion.usage)))
    events.append(ending(choice.finish_reason or "stop", listener.parts, profile))
    return events


def ending(finish: str, answer: Ordering, profile: Profile) -> Finished | Failed:
    """The last event; `VendorProtocolError` for a reason that cannot end this answer."""
    own = profile.finishes.get(finish)
    if own == "failed":
        message = f"The vendor broke off its answer: finish_reason {finish}."
        return Failed(kind=finish, message=message)
    return Finished(stop=own or stop_reason(finish, answer))


def stop_reason(finish: str, answer: Ordering) -> StopReason:
    """The canonical reason; `VendorProtocolError` for one that cannot end this answer."""
    match finish:
        case "stop" | "tool_calls" | "function_call" if answer.called:
            return "tool-use"
        case "stop":
            return "refusal" if answer.refused else "end"
        case "length":
            return "length"
        case "content_filter":
            return "filtered"
        case _:
            raise VendorProtocolError(
                f"The vendor's answer ends with finish_reason {finish!r}.",
                means="An answer that holds what this one does cannot end so.",
            )


def finish_reason(stop: StopReason, *, refused: bool) -> FinishReason:
    """How the reason is written; `refused` says that a refusal text was."""
    match stop:
        case "end" | "stop-sequence":
            return "stop"
        case "length":
            return "length"
        case "tool-use":
            return "tool_calls"
        case "filtered":
            return "content_filter"
        case "refusal":
            return "stop" if refused else "content_filter"
        case _:
            assert_never(stop)


def usage_from_vendor(usage: WireUsage | None) -> Usage:
    if usage is None:
        return Usage()
    details = usage.prompt_tokens_details or PromptDetails()
    reasoned = usage.completion_tokens_details or CompletionDetails()
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=details.cached_tokens,
        cache_written_tokens=details.cache_write_tokens,
        reasoning_tokens=reasoned.reasoning_tokens,
    )


def usage_for_client(usage: Usage) -> dict[str, Any] | None:
    """The `usage` object; None where the vendor gave no counts at all."""
    if usage.input_tokens is None and usage.output_tokens is None:
        return None
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    written: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    details = {
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_written_tokens,
    }
    if told := {name: count for name, count in details.items() if count is not None}:
        written["prompt_tokens_details"] = told
    if usage.reasoning_tokens is not None:
        written["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning_tokens}
    return written


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `chat.completion` object that answers a client."""
    refusal = _joined(reply.parts, refusal=True)
    content = _joined(reply.parts, refusal=False)
    calls = [call_object(part, part.id) for part in reply.parts if isinstance(part, ToolCall)]
    thought = _reasoning(reply.parts)
    if content is None and refusal is None and not calls:
        content = ""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal}
    message |= thought
    if cited := _annotations(reply.parts):
        message["annotations"] = cited
    if calls:
        message["tool_calls"] = calls
    choice = {
        "index": 0,
        "message": message,
        "logprobs": _logprobs(reply.parts),
        "finish_reason": finish_reason(reply.stop, refused=refusal is not None),
    }
    completion = {
        "id": context.id,
        "object": "chat.completion",
        "created": context.created,
        "model": context.model,
        "choices": [choice],
        "usage": usage_for_client(reply.usage),
        "system_fingerprint": context.system_fingerprint,
    }
    return msgspec.json.encode(completion)


def _joined(parts: tuple[ReplyPart, ...], *, refusal: bool) -> str | None:
    """The words of the texts that are (or are not) refusals; None where there is none."""
    texts = [part for part in parts if isinstance(part, Text)]
    words = [part.text for part in texts if part.refusal is refusal]
    return "".join(words) or None


def _reasoning(parts: tuple[ReplyPart, ...]) -> dict[str, Any]:
    """The fields that hold the reasoning, and which call each seal belongs to."""
    thoughts = [part for part in parts if isinstance(part, Reasoning)]
    fields: dict[str, Any] = {"reasoning_content": words} if (words := joined(thoughts)) else {}
    if all(thought.sealed is None for thought in thoughts):
        return fields
    details: list[dict[str, Any]] = []
    for index, part in enumerate(parts):
        if isinstance(part, Reasoning):
            details.append(detail_of(part, len(details), _call_after(parts, index)))
    return {**fields, DETAILS: details}


def _call_after(parts: tuple[ReplyPart, ...], index: int) -> str:
    """The call that a seal stands before, where it belongs to its next neighbour."""
    part = parts[index]
    after = parts[index + 1] if index + 1 < len(parts) else None
    if not isinstance(part, Reasoning) or part.sealed is None or part.sealed.on != "next":
        return ""
    return after.id if isinstance(after, ToolCall) else ""


def _annotations(parts: tuple[ReplyPart, ...]) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    begin = 0
    for part in parts:
        if isinstance(part, Text) and not part.refusal:
            written += annotations(part.citations, begin, len(part.text))
            begin += len(part.text)
    return written


def _logprobs(parts: tuple[ReplyPart, ...]) -> dict[str, Any] | None:
    texts = [part for part in parts if isinstance(part, Text)]
    said = [one for part in texts if not part.refusal for one in part.chances]
    refused = [one for part in texts if part.refusal for one in part.chances]
    return logprobs(said, refused)


def logprobs(said: Sequence[TokenChance], refused: Sequence[TokenChance]) -> dict[str, Any] | None:
    """A choice's `logprobs`; None where there are none."""
    if not said and not refused:
        return None
    return {
        "content": written_chances(said) or None,
        "refusal": written_chances(refused) or None,
    }
