"""Streamed Chat Completions answers: chunks of one choice, then `[DONE]`.

What vendors of this protocol do, and what follows:

* The first chunk names the role; Azure sends one before it that has no choice
  and an empty id. The answer starts with the first chunk that has a choice.
* Content and refusal arrive as deltas of two strings, calls as deltas of a list's
  members; `ordering.py` makes parts of them.
* `finish_reason` comes before the counts, which stand in a last chunk without a
  choice (or in the same one, or in every one). So the end is held back until
  `[DONE]`; a server that leaves `[DONE]` out has still given a whole answer.
* An error mid-stream is an object with `error` where a chunk would be. The
  response was 200, and nothing proper follows.
"""

from collections.abc import Mapping
from typing import Any, assert_never

import msgspec

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Failed,
    Finished,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextEvent,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolEvent,
    ToolInputDelta,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import StopReason, Usage
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.openai_chat.errors import error_object
from changeover.wire.openai_chat.ordering import Ordering
from changeover.wire.openai_chat.reply import (
    NULL,
    REASONING,
    Said,
    WireUsage,
    add_said,
    check_said,
    finish_reason,
    has_reasoning,
    is_given,
    stop_reason,
    usage_for_client,
    usage_from_vendor,
)
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser, encode_event

DONE = b"[DONE]"


class _Choice(msgspec.Struct):
    index: int = 0
    delta: Said | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: WireUsage | None = None
    error: msgspec.Raw = NULL


_decoder = msgspec.json.Decoder(_Chunk)


class ChatStreamDecoder:
    """A vendor's chunks to events."""

    def __init__(self) -> None:
        self._frames = EventStreamParser()
        self._started = False
        self._ordering = Ordering()
        self._lossy = False
        self._stop: StopReason | None = None
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended:
                self._frame(frame.data, events)
        return events

    def close(self) -> list[Event]:
        if self._ended:
            return []
        if self._stop is None:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No finish_reason came, so the answer is cut short.",
            )
        self._ended = True
        return [Finished(stop=self._stop)]

    def _frame(self, data: bytes, events: list[Event]) -> None:
        if data.strip() == DONE:
            events += self.close()
        else:
            self._chunk(from_vendor(_decoder, data, "a chunk"), events)

    def _chunk(self, chunk: _Chunk, events: list[Event]) -> None:
        if is_given(chunk.error):
            events.append(read_failure(bytes(chunk.error), "stream_error"))
            self._ended = True
            return
        for choice in chunk.choices or ():
            if not self._started:
                events.append(Started(id=chunk.id or "", model=chunk.model or ""))
                self._started = True
            self._choice(choice, events)
        if chunk.usage is not None and self._started:
            events.append(UsageSeen(usage=usage_from_vendor(chunk.usage)))

    def _choice(self, choice: _Choice, events: list[Event]) -> None:
        if choice.index != 0:
            raise VendorProtocolError("The vendor sent a second answer beside the one asked for.")
        if choice.delta is not None:
            self._delta(choice.delta, events)
        if choice.finish_reason is not None and self._stop is None:
            self._ordering.end(events)
            self._stop = stop_reason(choice.finish_reason, self._ordering)

    def _delta(self, said: Said, events: list[Event]) -> None:
        check_said(said)
        if has_reasoning(said) and not self._lossy:
            self._lossy = True
            events.append(LossSeen(loss=REASONING))
        if self._stop is None:
            add_said(said, self._ordering, events)
        elif said.content or said.refusal or said.tool_calls:
            raise VendorProtocolError("The vendor's answer goes on after its finish_reason.")


class ChatStreamEncoder:
    """Events to the chunks that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._usage = Usage()
        self._refusal = False
        self._refused = False
        self._calls = 0
        self._input = False

    def encode(self, event: Event) -> bytes:
        match event:
            case Started():
                return self._delta({"role": "assistant", "content": "", "refusal": None})
            case TextStarted() | TextDelta() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._text(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
                return b""
            case LossSeen():
                return b""
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                raise NotImplementedError
            case Finished() | Failed():
                return self._end(event)
            case _:
                assert_never(event)

    def _text(self, event: TextEvent) -> bytes:
        match event:
            case TextStarted():
                self._refusal = event.refusal
                return b""
            case TextDelta():
                self._refused = self._refused or (self._refusal and bool(event.text))
                return self._delta({"refusal" if self._refusal else "content": event.text})
            case TextEnded():
                return b""
            case CitationSeen() | ChancesSeen():
                return b""
            case _:
                assert_never(event)

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                self._input = False
                function = {"name": event.name, "arguments": ""}
                return self._call(id=event.id, type="function", function=function)
            case ToolInputDelta():
                self._input = self._input or bool(event.json)
                return self._call(function={"arguments": event.json}) if event.json else b""
            case ToolCallEnded():
                missing = b"" if self._input else self._call(function={"arguments": "{}"})
                self._calls += 1
                return missing
            case _:
                assert_never(event)

    def _call(self, **fields: str | dict[str, str]) -> bytes:
        return self._delta({"tool_calls": [{"index": self._calls, **fields}]})

    def _end(self, event: Finished | Failed) -> bytes:
        match event:
            case Finished():
                finish = finish_reason(event.stop, refused=self._refused)
                return self._delta({}, finish) + self._counts() + encode_event(DONE)
            case Failed():
                error = error_object("server_error", event.kind, event.message)
                return encode_event(msgspec.json.encode({"error": error}))
            case _:
                assert_never(event)

    def _delta(self, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._chunk([choice], None)

    def _counts(self) -> bytes:
        usage = usage_for_client(self._usage)
        if not self._context.include_usage or usage is None:
            return b""
        return self._chunk([], usage)

    def _chunk(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> bytes:
        chunk = {
            "id": self._context.id,
            "object": "chat.completion.chunk",
            "created": self._context.created,
            "model": self._context.model,
            "system_fingerprint": self._context.system_fingerprint,
            "choices": choices,
        }
        if self._context.include_usage:
            chunk["usage"] = usage
        return encode_event(msgspec.json.encode(chunk))
