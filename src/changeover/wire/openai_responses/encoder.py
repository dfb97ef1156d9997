"""Streamed Responses answers, written to clients.

The order is the vendor's: created, in progress; each item added, each of its
parts added, its pieces, the part done, the item done; the response completed,
incomplete or failed. Events are numbered from 0 without a gap.

The last event repeats the whole response, which is why the words are kept until
then. Citations are told when their text is whole, since they may stand for all of it;
probabilities of tokens with words that say nothing more, since the words were sent. The
input of a tool that takes no JSON comes in one piece, since it stands within JSON until
then. A failure has one of the vendor's few codes, so that clients which know no
others can read it; the kind in more detail stands in `type`.
"""

from io import StringIO
from typing import assert_never

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
from changeover.conversation.model import Citation, Text, TokenChance, ToolCall, Usage
from changeover.wire.call_ids import CallIds
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_responses.answer import (
    call_item,
    finished_object,
    message_item,
    response_object,
    text_part,
)
from changeover.wire.openai_responses.chances import write_chances
from changeover.wire.openai_responses.frames import Frames
from changeover.wire.openai_responses.freeform import input_of
from changeover.wire.openai_responses.reasoning_stream import ReasoningStream
from changeover.wire.openai_responses.writing import FITTING_ID

_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})


class ResponseStreamEncoder:
    """Events to the frames that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._frames = Frames(context)
        self._reasoning = ReasoningStream(
            self._frames, lambda: self._close_message("completed"), asked=context.thinking
        )
        self._usage = Usage()
        self._in_message = False
        self._refusal = False
        self._freeform = False
        self._said = StringIO()
        self._citations: list[Citation] = []
        self._chances: list[TokenChance] = []
        self._ids = CallIds(FITTING_ID)

    def encode(self, event: Event) -> bytes:
        match event:
            case TextStarted() | TextDelta() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._text(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                return self._reasoning.encode(event)
            case Started():
                return self._begin()
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
            case LossSeen():
                pass
            case Finished() | Failed():
                return self._end(event)
            case _:
                assert_never(event)
        return b""

    def _begin(self) -> bytes:
        response = response_object(self._context, "in_progress", [])
        created = self._frames.frame("response.created", response=response)
        return created + self._frames.frame("response.in_progress", response=response)

    def _text(self, event: TextEvent) -> bytes:
        match event:
            case TextDelta():
                self._said.write(event.text)
                return self._piece(event.text) if event.text else b""
            case TextStarted():
                opened = self._open_message()
                self._refusal, self._said = event.refusal, StringIO()
                self._citations, self._chances = [], []
                part = text_part(Text(text="", refusal=event.refusal))
                return opened + self._part("response.content_part.added", part=part)
            case CitationSeen():
                self._citations.append(event.citation)
                return b""
            case ChancesSeen():
                self._chances += event.chances
                return self._tokens(event)
            case TextEnded():
                return self._end_text()
            case _:
                assert_never(event)

    def _piece(self, text: str) -> bytes:
        if self._refusal:
            return self._part("response.refusal.delta", delta=text)
        return self._frames.words(text)

    def _tokens(self, event: ChancesSeen) -> bytes:
        if self._refusal:
            return b""
        written = write_chances(event.chances)
        return self._part("response.output_text.delta", delta="", logprobs=written)

    def _end_text(self) -> bytes:
        whole = Text(
            text=self._said.getvalue(),
            refusal=self._refusal,
            citations=tuple(self._citations),
            chances=tuple(self._chances),
        )
        self._said = StringIO()
        part = text_part(whole)
        if self._refusal:
            done = self._part("response.refusal.done", refusal=whole.text)
        else:
            cited = b"".join(
                self._part(
                    "response.output_text.annotation.added", annotation_index=at, annotation=one
                )
                for at, one in enumerate(part["annotations"])
            )
            done = cited + self._part(
                "response.output_text.done", text=whole.text, logprobs=part["logprobs"]
            )
        ended = self._part("response.content_part.done", part=part)
        self._frames.last["content"].append(part)
        return done + ended

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolInputDelta():
                self._said.write(event.json)
                return self._input("delta", event.json) if event.json else b""
            case ToolCallStarted():
                return self._open_call(event)
            case ToolCallEnded():
                return self._end_call()
            case _:
                assert_never(event)

    def _open_call(self, event: ToolCallStarted) -> bytes:
        closed = self._close_message("completed")
        self._said = StringIO()
        self._freeform = event.name in self._context.freeform
        call = ToolCall(id=self._ids.of_call(event.id), name=event.name, arguments="")
        item = call_item(self._frames.next_id, call, freeform=self._freeform)
        return closed + self._frames.opened(item)

    def _end_call(self) -> bytes:
        written = self._said.getvalue()
        whole = written or "{}"
        if self._freeform:
            return self._end_custom(input_of(whole))
        empty = b"" if written else self._input("delta", "{}")
        self._frames.last["arguments"] = whole
        return empty + self._input("done", whole) + self._frames.done("completed")

    def _end_custom(self, words: str) -> bytes:
        self._frames.last["input"] = words
        kind = "response.custom_tool_call_input"
        piece = self._frames.within(f"{kind}.delta", delta=words) if words else b""
        done = self._frames.within(f"{kind}.done", input=words)
        return piece + done + self._frames.done("completed")

    def _input(self, kind: str, text: str) -> bytes:
        if self._freeform:
            return b""
        name = "delta" if kind == "delta" else "arguments"
        return self._frames.within(f"response.function_call_arguments.{kind}", **{name: text})

    def _end(self, event: Finished | Failed) -> bytes:
        output = self._frames.output
        match event:
            case Finished():
                response = finished_object(self._context, event.stop, self._usage, output)
                closed = self._close_message(response["status"])
                kind = f"response.{response['status']}"
                return closed + self._frames.frame(kind, response=response)
            case Failed():
                response = response_object(self._context, "failed", output)
                code = event.kind if event.kind in _CODES else "server_error"
                response["error"] = {"code": code, "message": event.message, "type": event.kind}
                return self._frames.frame("response.failed", response=response)
            case _:
                assert_never(event)

    # Messages

    def _open_message(self) -> bytes:
        if self._in_message:
            return b""
        self._in_message = True
        return self._frames.opened(message_item(self._frames.next_id))

    def _close_message(self, status: str) -> bytes:
        if not self._in_message:
            return b""
        self._in_message = False
        return self._frames.done(status)

    def _part(self, type_: str, **fields: object) -> bytes:
        return self._frames.within(type_, content_index=len(self._frames.last["content"]), **fields)
