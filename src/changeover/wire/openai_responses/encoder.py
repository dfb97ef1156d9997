"""Streamed Responses answers, written to clients.

The order is the vendor's: created, in progress; each item added, each of its
parts added, its pieces, the part done, the item done; the response completed,
incomplete or failed. Events are numbered from 0 without a gap.

The last event repeats the whole response, which is why the words are kept until
then. A failure has one of the vendor's few codes, so that clients which know no
others can read it; the kind in more detail stands in `type`.
"""

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
from changeover.conversation.model import ToolCall, Usage
from changeover.wire.call_ids import CallIds
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.answer import (
    Item,
    call_item,
    finished_object,
    item_id,
    message_item,
    response_object,
    text_part,
)
from changeover.wire.openai_responses.writing import FITTING_ID
from changeover.wire.sse import encode_event

_encode = msgspec.json.Encoder().encode
_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})


class _Delta(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="response.output_text.delta"
):
    """The event that nearly all events are, which is why it has a shape of its own."""

    sequence_number: int
    item_id: str
    output_index: int
    content_index: int
    delta: str
    logprobs: tuple[()] = ()


class ResponseStreamEncoder:
    """Events to the frames that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._number = 0
        self._usage = Usage()
        self._output: list[Item] = []
        self._message: Item | None = None
        self._refusal = False
        self._pieces: list[str] = []
        self._ids = CallIds(FITTING_ID)

    def encode(self, event: Event) -> bytes:
        match event:
            case Started():
                response = response_object(self._context, "in_progress", [])
                return self._frame("response.created", response=response) + self._frame(
                    "response.in_progress", response=response
                )
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
                opened = self._open_message()
                self._refusal, self._pieces = event.refusal, []
                part = text_part("", refusal=event.refusal)
                return opened + self._part("response.content_part.added", part=part)
            case TextDelta():
                self._pieces.append(event.text)
                return self._piece(event.text) if event.text else b""
            case TextEnded():
                return self._end_text()
            case CitationSeen() | ChancesSeen():
                return b""
            case _:
                assert_never(event)

    def _piece(self, text: str) -> bytes:
        if self._refusal:
            return self._part("response.refusal.delta", delta=text)
        item = self._output[-1]
        delta = _Delta(
            sequence_number=self._number,
            item_id=item["id"],
            output_index=len(self._output) - 1,
            content_index=len(item["content"]),
            delta=text,
        )
        self._number += 1
        return b"event: response.output_text.delta\ndata: " + _encode(delta) + b"\n\n"

    def _end_text(self) -> bytes:
        whole = "".join(self._pieces)
        if self._refusal:
            done = self._part("response.refusal.done", refusal=whole)
        else:
            done = self._part("response.output_text.done", text=whole, logprobs=[])
        part = text_part(whole, refusal=self._refusal)
        ended = self._part("response.content_part.done", part=part)
        self._last()["content"].append(part)
        return done + ended

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                closed = self._close_message("completed")
                self._pieces = []
                call = ToolCall(id=self._ids.of_call(event.id), name=event.name, arguments="")
                item = call_item(item_id(self._context, len(self._output)), call)
                self._output.append(item)
                return closed + self._item("response.output_item.added", "in_progress")
            case ToolInputDelta():
                self._pieces.append(event.json)
                return self._input("delta", event.json) if event.json else b""
            case ToolCallEnded():
                return self._end_call()
            case _:
                assert_never(event)

    def _end_call(self) -> bytes:
        written = "".join(self._pieces)
        empty = b"" if written else self._input("delta", "{}")
        whole = written or "{}"
        self._last()["arguments"] = whole
        done = self._input("done", whole)
        return empty + done + self._item("response.output_item.done", "completed")

    def _input(self, kind: str, text: str) -> bytes:
        name = "delta" if kind == "delta" else "arguments"
        return self._within(f"response.function_call_arguments.{kind}", **{name: text})

    def _end(self, event: Finished | Failed) -> bytes:
        match event:
            case Finished():
                response = finished_object(self._context, event.stop, self._usage, self._output)
                closed = self._close_message(response["status"])
                return closed + self._frame(f"response.{response['status']}", response=response)
            case Failed():
                response = response_object(self._context, "failed", self._output)
                code = event.kind if event.kind in _CODES else "server_error"
                response["error"] = {"code": code, "message": event.message, "type": event.kind}
                return self._frame("response.failed", response=response)
            case _:
                assert_never(event)

    # Items and frames

    def _open_message(self) -> bytes:
        if self._message is not None:
            return b""
        self._message = message_item(item_id(self._context, len(self._output)))
        self._output.append(self._message)
        return self._item("response.output_item.added", "in_progress")

    def _close_message(self, status: str) -> bytes:
        if self._message is None:
            return b""
        self._message = None
        return self._item("response.output_item.done", status)

    def _last(self) -> Item:
        return self._output[-1]

    def _item(self, type_: str, status: str) -> bytes:
        item = {**self._last(), "status": status}
        return self._frame(type_, output_index=len(self._output) - 1, item=item)

    def _part(self, type_: str, **fields: Any) -> bytes:
        return self._within(type_, content_index=len(self._last()["content"]), **fields)

    def _within(self, type_: str, **fields: Any) -> bytes:
        place = {"item_id": self._last()["id"], "output_index": len(self._output) - 1}
        return self._frame(type_, **place, **fields)

    def _frame(self, type_: str, **fields: Any) -> bytes:
        event = {"type": type_, "sequence_number": self._number, **fields}
        self._number += 1
        return encode_event(_encode(event), type_)
