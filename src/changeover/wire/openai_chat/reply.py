"""Whole Chat Completions answers, the counts and the reasons for stopping.

* An answer has one string of content; canonical parts are joined in it. A
  refusal is a string of its own, and the reason for stopping is then `stop`.
* Calls of tools are a list beside the text. With a forced function OpenAI says
  `stop`, and so do some compatible servers with any; an answer that holds calls
  and stopped by itself stopped for them.
* A stop without a refusal text, which other vendors have, is written as
  `content_filter`: nothing else here tells a client that the answer was withheld.
* `prompt_tokens` include the cached ones, as the canonical count does.
"""

from typing import Annotated, Any, Literal, assert_never

import msgspec

from changeover.conversation.events import Event, Finished, LossSeen, Started, UsageSeen
from changeover.conversation.model import (
    Loss,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    ToolCall,
    Usage,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_chat.messages import call_object
from changeover.wire.openai_chat.ordering import CallPiece, Ordering
from changeover.wire.shapes import from_vendor

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
REASONING = Loss(field="reasoning", why="The model's reasoning is not carried.")
NULL = msgspec.Raw(b"null")
_NOTHING = frozenset({b"null", b'""', b"[]", b"{}"})
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class PromptDetails(msgspec.Struct):
    cached_tokens: _Count | None = None
    cache_write_tokens: _Count | None = None


class WireUsage(msgspec.Struct):
    """A vendor's `usage` object."""

    prompt_tokens: _Count | None = None
    completion_tokens: _Count | None = None
    prompt_tokens_details: PromptDetails | None = None


class Said(msgspec.Struct):
    """A message, or what a chunk adds to one. Compatible servers name reasoning in two ways."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: list[CallPiece] | None = None
    function_call: msgspec.Raw = NULL
    audio: msgspec.Raw = NULL
    reasoning: msgspec.Raw = NULL
    reasoning_content: msgspec.Raw = NULL


class _Choice(msgspec.Struct):
    message: Said
    finish_reason: str


class _Completion(msgspec.Struct):
    id: str
    model: str
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1, max_length=1)]
    usage: WireUsage | None = None


_decoder = msgspec.json.Decoder(_Completion)


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    completion = from_vendor(_decoder, body, "an answer")
    choice = completion.choices[0]
    said = choice.message
    check_said(said)
    calls = [
        msgspec.structs.replace(call, index=index)
        for index, call in enumerate(said.tool_calls or ())
    ]
    events: list[Event] = [Started(id=completion.id, model=completion.model)]
    ordering = Ordering()
    add_said(msgspec.structs.replace(said, tool_calls=calls), ordering, events)
    ordering.end(events)
    if has_reasoning(said):
        events.append(LossSeen(loss=REASONING))
    events.append(UsageSeen(usage=usage_from_vendor(completion.usage)))
    events.append(Finished(stop=stop_reason(choice.finish_reason, ordering)))
    return events


def check_said(said: Said) -> None:
    """Refuses what a vendor may not answer to anything that is asked here."""
    for name, given in (("function_call", said.function_call), ("audio", said.audio)):
        if is_given(given):
            raise VendorProtocolError(
                f"The vendor's answer holds {name}, which was not asked for.",
                means="Only text and calls of tools are carried.",
            )


def add_said(said: Said, ordering: Ordering, events: list[Event]) -> None:
    """Adds the pieces that a message holds to the answer."""
    if said.content:
        ordering.text(said.content, refusal=False, events=events)
    if said.refusal:
        ordering.text(said.refusal, refusal=True, events=events)
    for call in said.tool_calls or ():
        ordering.call(call, events)


def has_reasoning(said: Said) -> bool:
    return is_given(said.reasoning) or is_given(said.reasoning_content)


def is_given(raw: msgspec.Raw) -> bool:
    return raw is not NULL and bytes(raw) not in _NOTHING


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
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=details.cached_tokens,
        cache_written_tokens=details.cache_write_tokens,
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
    return written


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `chat.completion` object that answers a client."""
    refusal = _joined(reply.parts, refusal=True)
    content = _joined(reply.parts, refusal=False)
    calls = [call_object(part, part.id) for part in reply.parts if isinstance(part, ToolCall)]
    if content is None and refusal is None and not calls:
        content = ""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal}
    if calls:
        message["tool_calls"] = calls
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
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
