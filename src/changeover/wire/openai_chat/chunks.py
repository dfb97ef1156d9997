"""Streamed Chat Completions answers, as a client reads them: chunks, then `[DONE]`.

* The words of the reasoning come as `reasoning_content`. Where a part is sealed, its entry of
  `reasoning_details` follows once it is whole. An entry's `index` is its place in the list, so
  that programs which add up deltas by it, as the `openai` SDK does, get the list.
* An empty list of details ends a part that is not sealed and that another follows at once.
* What is sealed for a call names that call, so it waits for it.
* Probabilities come in chunks of their own, after the words that they belong to; so do
  annotations, at the end of their text.
* The chunk with the counts is the last, and only where the client asked for it.
"""

from collections.abc import Mapping, Sequence
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
    ReasoningEvent,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolEvent,
    ToolInputDelta,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import Citation, Reasoning, Sealed, Usage
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_chat.citations import annotations
from changeover.wire.openai_chat.reply import finish_reason, logprobs, usage_for_client
from changeover.wire.openai_chat.stream import DONE
from changeover.wire.openai_chat.thinking import DETAILS, detail_of
from changeover.wire.openai_errors import error_object
from changeover.wire.sse import encode_event

_encode = msgspec.json.Encoder().encode
_MORE = b',"logprobs":null,"finish_reason":null}]'


class ChatStreamEncoder:
    """Events to the chunks that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._opening = _opening(context)
        self._saying = self._opening + b'[{"index":0,"delta":{"content":'
        self._ending = b',"usage":null}\n\n' if context.include_usage else b"}\n\n"
        self._said = b"}" + _MORE + self._ending
        self._usage = Usage()
        self._refused = False
        self._calls = 0
        self._input = False
        self._text = _OpenText()
        self._thought = _OpenThought()

    def encode(self, event: Event) -> bytes:
        match event:
            case TextDelta():  # nearly all events are words
                return self._words(event.text)
            case TextStarted() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._of_text(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                return self._reasoning(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case UsageSeen() | LossSeen():
                if isinstance(event, UsageSeen):
                    self._usage = merge_usage(self._usage, event.usage)
                return b""
            case Started() | Finished() | Failed():
                return self._edge(event)
            case _:
                assert_never(event)

    def _words(self, words: str) -> bytes:
        text = self._text
        text.length += len(words)
        if words:
            self._thought.goes_on = False
        if text.refusal:
            self._refused = self._refused or bool(words)
            return self._delta({"refusal": words})
        return b"".join((self._saying, _encode(words), self._said))

    def _of_text(self, event: TextStarted | CitationSeen | ChancesSeen | TextEnded) -> bytes:
        text = self._text
        match event:
            case TextStarted():
                text.open(refusal=event.refusal)
                return b""
            case CitationSeen():
                text.citations.append(event.citation)
                return b""
            case ChancesSeen():
                said, refused = ((), event.chances) if text.refusal else (event.chances, ())
                return self._delta({}, chances=logprobs(said, refused))
            case TextEnded():
                cited = text.annotations()
                return self._delta({"annotations": cited}) if cited else b""
            case _:
                assert_never(event)

    def _reasoning(self, event: ReasoningEvent) -> bytes:
        thought = self._thought
        match event:
            case ReasoningStarted():
                parted = self._delta({DETAILS: []}) if thought.goes_on else b""
                thought.open(summary=event.summary)
                return parted
            case ReasoningDelta():
                thought.pieces.append(event.text)
                return self._delta({"reasoning_content": event.text}) if event.text else b""
            case ReasoningSealed():
                thought.sealed = event.sealed
                return b""
            case ReasoningEnded():
                return self._details(thought.whole())
            case _:
                assert_never(event)

    def _details(self, details: Sequence[dict[str, Any]]) -> bytes:
        return self._delta({DETAILS: details}) if details else b""

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                self._input = self._thought.goes_on = False
                function = {"name": event.name, "arguments": ""}
                sealed = self._details(self._thought.of_call(event.id))
                return sealed + self._call(id=event.id, type="function", function=function)
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

    def _edge(self, event: Started | Finished | Failed) -> bytes:
        match event:
            case Started():
                return self._delta({"role": "assistant", "content": "", "refusal": None})
            case Finished():
                left = self._details(self._thought.of_call(""))
                finish = finish_reason(event.stop, refused=self._refused)
                return left + self._delta({}, finish) + self._counts() + encode_event(DONE)
            case Failed():
                error = error_object("server_error", event.kind, event.message)
                return encode_event(msgspec.json.encode({"error": error}))
            case _:
                assert_never(event)

    def _delta(
        self,
        delta: Mapping[str, Any],
        finish: str | None = None,
        chances: dict[str, Any] | None = None,
    ) -> bytes:
        said = _encode(delta)
        if finish is None and chances is None:
            rest = _MORE
        else:
            beside = _encode({"logprobs": chances, "finish_reason": finish})
            rest = b"," + beside[1:] + b"]"
        return b"".join((self._opening, b'[{"index":0,"delta":', said, rest, self._ending))

    def _counts(self) -> bytes:
        usage = usage_for_client(self._usage)
        if not self._context.include_usage or usage is None:
            return b""
        return b"".join((self._opening, b'[],"usage":', _encode(usage), b"}\n\n"))


def _opening(context: ReplyContext) -> bytes:
    """How each chunk begins; its choices follow."""
    alike = {
        "id": context.id,
        "object": "chat.completion.chunk",
        "created": context.created,
        "model": context.model,
        "system_fingerprint": context.system_fingerprint,
    }
    return b"data: " + _encode(alike)[:-1] + b',"choices":'


class _OpenText:
    """The text being said, and where it begins in the content."""

    def __init__(self) -> None:
        self.refusal = False
        self.length = 0
        self.citations: list[Citation] = []
        self._begin = 0

    def open(self, *, refusal: bool) -> None:
        self._begin += 0 if self.refusal else self.length
        self.refusal, self.length, self.citations = refusal, 0, []

    def annotations(self) -> list[dict[str, Any]]:
        """Its citations, once it is whole; a refusal is no part of the content."""
        if self.refusal:
            return []
        return annotations(self.citations, self._begin, self.length)


class _OpenThought:
    """The reasoning being said, and what is sealed for a call that has not come.

    It `goes_on` where a reader could take the next part's words for more of this one.
    """

    def __init__(self) -> None:
        self.goes_on = False
        self.pieces: list[str] = []
        self.sealed: Sealed | None = None
        self._summary = False
        self._waiting: list[Reasoning] = []
        self._told = 0

    def open(self, *, summary: bool) -> None:
        self.pieces, self.sealed, self._summary = [], None, summary

    def whole(self) -> list[dict[str, Any]]:
        """The entry of the part that ended, if it is sealed and waits for no call."""
        words = "".join(self.pieces)
        self.goes_on = self.sealed is None and (self.goes_on or bool(words))
        if self.sealed is None:
            return []
        part = Reasoning(text=words, summary=self._summary, sealed=self.sealed)
        if self.sealed.on == "next" and not words:
            self._waiting.append(part)
            return []
        return [self._entry(part, "")]

    def of_call(self, call: str) -> list[dict[str, Any]]:
        """The entries of what waited for this call."""
        entries = [self._entry(part, call) for part in self._waiting]
        self._waiting.clear()
        return entries

    def _entry(self, part: Reasoning, call: str) -> dict[str, Any]:
        self._told += 1
        return detail_of(part, self._told - 1, call)
