"""Answers, the counts and the reasons for stopping.

* A whole answer and each piece of a stream are the same object
  (`GenerateContentResponse`), so that one reader takes both.
* `promptTokenCount` includes what was read from the cache. `candidatesTokenCount`
  excludes the tokens of thoughts, which are part of the answer all the same.
* An answer has no reason of its own for a call of tools: it ends with STOP.
* Why a vendor withheld an answer has many names here. They all mean that it was;
  a name other than SAFETY is reported. An answer of another vendor's that was
  withheld ends with SAFETY.
* A call whose arguments are no JSON object cannot be written. The answer then ends
  as the vendor's own does for one, with MALFORMED_FUNCTION_CALL.
"""

from typing import Annotated, Any, Literal, assert_never

import msgspec

from changeover.conversation.events import (
    Event,
    Finished,
    LossSeen,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import Loss, Reasoning, Reply, StopReason, Text, ToolCall, Usage
from changeover.wire.arguments import as_object
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.shapes import from_vendor

FinishReason = Literal["STOP", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL"]
REASONING = Loss(field="thought", why="The model's reasoning is not carried.")
SOURCES = Loss(field="groundingMetadata", why="Sources and citations are not carried.")
BLOCKED = Loss(field="promptFeedback", why="Why the vendor blocked the prompt is not carried.")
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**51)]
_NULL = msgspec.Raw(b"null")
_WITHHELD = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "OTHER",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
        "ESCALATION",
    }
)


class WireUsage(msgspec.Struct, rename="camel"):
    """The `usageMetadata` of an answer or a piece of one."""

    prompt_token_count: _Count | None = None
    tool_use_prompt_token_count: _Count | None = None
    candidates_token_count: _Count | None = None
    thoughts_token_count: _Count | None = None
    cached_content_token_count: _Count | None = None


class WireCall(msgspec.Struct, rename="camel"):
    name: str
    id: str | None = None
    args: msgspec.Raw = _NULL
    will_continue: bool | None = None


class WirePart(msgspec.Struct, rename="camel"):
    """A part of an answer; of those that are not carried it is enough that they are there."""

    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: WireCall | None = None
    inline_data: msgspec.Raw = _NULL
    file_data: msgspec.Raw = _NULL
    executable_code: msgspec.Raw = _NULL
    code_execution_result: msgspec.Raw = _NULL
    tool_call: msgspec.Raw = _NULL


class _Content(msgspec.Struct):
    parts: list[WirePart] | None = None


class _Candidate(msgspec.Struct, rename="camel"):
    content: _Content | None = None
    finish_reason: str | None = None
    index: int | None = None
    citation_metadata: msgspec.Raw = _NULL
    grounding_metadata: msgspec.Raw = _NULL
    url_context_metadata: msgspec.Raw = _NULL


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class WireResponse(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] | None = None
    prompt_feedback: _Feedback | None = None
    usage_metadata: WireUsage | None = None
    model_version: str | None = None
    response_id: str | None = None
    error: msgspec.Raw = _NULL


_decoder = msgspec.json.Decoder(WireResponse)


def response_from_vendor(body: bytes) -> WireResponse:
    return from_vendor(_decoder, body, "an answer")


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    reader = AnswerReader()
    return reader.take(response_from_vendor(body)) + reader.end()


class AnswerReader:
    """The vendor's pieces of one answer to events.

    A reason for stopping does not end it: some servers put one on every piece. The
    last one counts when the response is over.
    """

    def __init__(self) -> None:
        self._id: str | None = None
        self._in_text = False
        self._calls = 0
        self._losses: set[Loss] = set()
        self._finish: str | None = None

    def take(self, response: WireResponse) -> list[Event]:
        events: list[Event] = []
        if self._id is None:
            self._id = response.response_id or ""
            events.append(Started(id=self._id, model=response.model_version or ""))
        for candidate in response.candidates or ():
            self._candidate(candidate, events)
        if response.prompt_feedback is not None and response.prompt_feedback.block_reason:
            self._finish = "SAFETY"
            self._lose(BLOCKED, events)
        if response.usage_metadata is not None:
            events.append(UsageSeen(usage=usage_from_vendor(response.usage_metadata)))
        return events

    def end(self) -> list[Event]:
        """The last events; `VendorProtocolError` if the answer is not whole."""
        if self._finish is None:
            raise VendorProtocolError(
                "The vendor ended before its answer did.",
                means="No finishReason came, so the answer is cut short.",
            )
        events: list[Event] = []
        self._close_text(events)
        stop = stop_reason(self._finish, called=self._calls > 0)
        if self._finish not in {"STOP", "MAX_TOKENS", "SAFETY"}:
            why = f"The vendor's reason for stopping, {self._finish}, is not carried."
            self._lose(Loss(field="finishReason", why=why), events)
        return [*events, Finished(stop=stop)]

    def _candidate(self, candidate: _Candidate, events: list[Event]) -> None:
        if candidate.index:
            raise VendorProtocolError("The vendor sent a second answer beside the one asked for.")
        for part in (candidate.content and candidate.content.parts) or ():
            self._part(part, events)
        sources = (
            candidate.citation_metadata,
            candidate.grounding_metadata,
            candidate.url_context_metadata,
        )
        if any(is_given(source) for source in sources):
            self._lose(SOURCES, events)
        if candidate.finish_reason is not None:
            self._finish = candidate.finish_reason

    def _part(self, part: WirePart, events: list[Event]) -> None:
        if part.thought or part.thought_signature:
            self._lose(REASONING, events)
        if part.thought:
            return
        if part.function_call is not None:
            self._call(part.function_call, events)
        elif part.text:
            if not self._in_text:
                self._in_text = True
                events.append(TextStarted())
            events.append(TextDelta(text=part.text))
        else:
            _check_empty(part)

    def _call(self, call: WireCall, events: list[Event]) -> None:
        if call.will_continue:
            raise VendorProtocolError("The vendor sent a call in pieces, which was not asked for.")
        self._close_text(events)
        self._calls += 1
        arguments = _text(call.args) if is_given(call.args) else "{}"
        # An id of the answer's own, since a conversation may hold no id twice.
        minted = f"{self._id or 'call'}-{self._calls}"
        events.append(ToolCallStarted(id=call.id or minted, name=call.name))
        events += [ToolInputDelta(json=arguments), ToolCallEnded()]

    def _close_text(self, events: list[Event]) -> None:
        if self._in_text:
            self._in_text = False
            events.append(TextEnded())

    def _lose(self, loss: Loss, events: list[Event]) -> None:
        if loss not in self._losses:
            self._losses.add(loss)
            events.append(LossSeen(loss=loss))


def _check_empty(part: WirePart) -> None:
    """Refuses a part that holds what is not carried; an empty one is nothing."""
    others = {
        "inlineData": part.inline_data,
        "fileData": part.file_data,
        "executableCode": part.executable_code,
        "codeExecutionResult": part.code_execution_result,
        "toolCall": part.tool_call,
    }
    for name, value in others.items():
        if is_given(value):
            raise VendorProtocolError(
                f"The vendor's answer holds {name}, which was not asked for.",
                means="Only text and calls of tools are carried.",
            )


def _text(raw: msgspec.Raw) -> str:
    """The JSON as it was written; `VendorProtocolError` where it is no UTF-8."""
    try:
        return bytes(raw).decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor's call holds bytes that are not UTF-8.") from error


def is_given(raw: msgspec.Raw) -> bool:
    return bytes(raw) not in {b"null", b"[]", b"{}"}


def stop_reason(finish: str, *, called: bool) -> StopReason:
    """The canonical reason; `VendorProtocolError` for one that ends no answer."""
    if finish == "STOP":
        return "tool-use" if called else "end"
    if finish in {"MAX_TOKENS", "CONTINUATION"}:
        return "length"
    if finish in _WITHHELD:
        return "filtered"
    raise VendorProtocolError(
        f"The vendor's answer ends with finishReason {finish!r}.",
        means="It does not end as an answer does, so it cannot be carried.",
    )


def finish_reason(stop: StopReason) -> FinishReason:
    """How the reason is written."""
    match stop:
        case "end" | "stop-sequence" | "tool-use":
            return "STOP"
        case "length":
            return "MAX_TOKENS"
        case "refusal" | "filtered":
            return "SAFETY"
        case _:
            assert_never(stop)


def usage_from_vendor(usage: WireUsage) -> Usage:
    return Usage(
        input_tokens=_sum(usage.prompt_token_count, usage.tool_use_prompt_token_count),
        output_tokens=_sum(usage.candidates_token_count, usage.thoughts_token_count),
        cached_tokens=usage.cached_content_token_count,
        reasoning_tokens=usage.thoughts_token_count,
    )


def _sum(*counts: int | None) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def usage_for_client(usage: Usage) -> dict[str, int] | None:
    """The `usageMetadata`; None where the vendor gave no counts."""
    said = usage.output_tokens
    thought = None if said is None else usage.reasoning_tokens
    counts = {
        "promptTokenCount": usage.input_tokens,
        "candidatesTokenCount": None if said is None else max(said - (thought or 0), 0),
        "thoughtsTokenCount": thought,
        "cachedContentTokenCount": usage.cached_tokens,
    }
    told = {name: count for name, count in counts.items() if count is not None}
    if not told:
        return None
    return {**told, "totalTokenCount": (usage.input_tokens or 0) + (usage.output_tokens or 0)}


def encode_reply(reply: Reply, context: ReplyContext) -> bytes:
    """The `GenerateContentResponse` that answers a client."""
    parts: list[dict[str, Any]] = []
    ending = Ending()
    for part in reply.parts:
        match part:
            case Text() if parts and "text" in parts[-1]:
                parts[-1]["text"] += part.text
            case Text():
                parts.append({"text": part.text})
            case ToolCall():
                parts += ending.call(part)
            case Reasoning():
                raise NotImplementedError
            case _:
                assert_never(part)
    candidate = {"content": content(parts), **ending.finish(reply.stop), "index": 0}
    return msgspec.json.encode(response([candidate], context, reply.usage))


class Ending:
    """The calls of an answer, and how it ends when one of them could not be written."""

    def __init__(self) -> None:
        self._malformed = ""

    def call(self, call: ToolCall) -> list[dict[str, Any]]:
        """The part for a call; none for one whose arguments are no JSON object."""
        arguments, whole = as_object(call.arguments)
        if not whole:
            self._malformed = f"Malformed function call: {call.name}({call.arguments})"
            return []
        written = {"id": call.id, "name": call.name, "args": arguments}
        return [{"functionCall": written}]

    def finish(self, stop: StopReason) -> dict[str, str]:
        if self._malformed and stop != "length":
            return {
                "finishReason": "MALFORMED_FUNCTION_CALL",
                "finishMessage": self._malformed,
            }
        return {"finishReason": finish_reason(stop)}


def content(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"role": "model", "parts": parts or [{"text": ""}]}


def response(
    candidates: list[dict[str, Any]], context: ReplyContext, usage: Usage | None = None
) -> dict[str, Any]:
    written: dict[str, Any] = {"candidates": candidates}
    counts = None if usage is None else usage_for_client(usage)
    if counts is not None:
        written["usageMetadata"] = counts
    return {**written, "modelVersion": context.model, "responseId": context.id}
