"""The events of an answer as it arrives, and their fold into a reply.

A well-formed stream is `Started`, then any number of parts (each opened,
added to and closed before the next opens), `UsageSeen` and `LossSeen`, then
exactly one `Finished` or `Failed`. A non-streaming reply is the fold of these events; there
is no second way to make one. `UsageSeen` may come several times: a later
figure replaces an earlier one, an absent figure leaves it.

Several calls of tools come one after the other like all parts, because most
protocols (Messages, Converse, Gemini) can say nothing else. One that numbers
its calls and may therefore mix their pieces (Chat Completions) is put in order
by its decoder. A call whose input has no pieces, or empty ones, has the input
`{}`: the vendors that stream nothing for a tool without parameters mean that.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from changeover.conversation.model import (
    Loss,
    Reply,
    ReplyPart,
    StopReason,
    Text,
    ToolCall,
    Usage,
)


class _Event(msgspec.Struct, frozen=True):
    """Base of the events."""


class Started(_Event, frozen=True, kw_only=True, tag="started"):
    """The vendor accepted the call; `id` and `model` are what it calls them."""

    id: str
    model: str


class TextStarted(_Event, frozen=True, kw_only=True, tag="text-started"):
    """A text part opens; `refusal` as in `Text`."""

    refusal: bool = False


class TextDelta(_Event, frozen=True, kw_only=True, tag="text-delta"):
    """More words of the open text part."""

    text: str


class TextEnded(_Event, frozen=True, kw_only=True, tag="text-ended"):
    """The open text part is whole."""


class ToolCallStarted(_Event, frozen=True, kw_only=True, tag="tool-call-started"):
    """A call of a tool opens."""

    id: str
    name: str


class ToolInputDelta(_Event, frozen=True, kw_only=True, tag="tool-input-delta"):
    """More of the open call's arguments, as JSON text."""

    json: str


class ToolCallEnded(_Event, frozen=True, kw_only=True, tag="tool-call-ended"):
    """The open call is whole."""


class UsageSeen(_Event, frozen=True, kw_only=True, tag="usage"):
    """Figures so far."""

    usage: Usage


class LossSeen(_Event, frozen=True, kw_only=True, tag="loss"):
    """Something in the answer is not carried."""

    loss: Loss


class Finished(_Event, frozen=True, kw_only=True, tag="finished"):
    """The answer is whole."""

    stop: StopReason
    stop_sequence: str | None = None


class Failed(_Event, frozen=True, kw_only=True, tag="failed"):
    """The vendor broke off: its own error type and message."""

    kind: str
    message: str


TextEvent = TextStarted | TextDelta | TextEnded
ToolEvent = ToolCallStarted | ToolInputDelta | ToolCallEnded
Event = Started | TextEvent | ToolEvent | UsageSeen | LossSeen | Finished | Failed


Opening = TypeVar("Opening", TextStarted, ToolCallStarted)


class StreamError(Exception):
    """The events do not form an answer."""


def merge_usage(old: Usage, new: Usage) -> Usage:
    """`new` over `old`, figure by figure."""
    return Usage(
        input_tokens=old.input_tokens if new.input_tokens is None else new.input_tokens,
        output_tokens=old.output_tokens if new.output_tokens is None else new.output_tokens,
        cached_tokens=old.cached_tokens if new.cached_tokens is None else new.cached_tokens,
        cache_written_tokens=old.cache_written_tokens
        if new.cache_written_tokens is None
        else new.cache_written_tokens,
        reasoning_tokens=old.reasoning_tokens
        if new.reasoning_tokens is None
        else new.reasoning_tokens,
    )


class Fold:
    """Adds events up to a reply. `reply()` is whole once `done` is true."""

    def __init__(self) -> None:
        self._started: Started | None = None
        self._parts: list[ReplyPart] = []
        self._open: TextStarted | ToolCallStarted | None = None
        self._pieces: list[str] = []
        self._losses: list[Loss] = []
        self._usage = Usage()
        self._end: Finished | Failed | None = None

    @property
    def done(self) -> bool:
        return self._end is not None

    @property
    def usage(self) -> Usage:
        return self._usage

    def add(self, event: Event) -> None:
        """Takes the next event; `StreamError` when it cannot stand here."""
        self._check_place(event)
        match event:
            case Started():
                self._start(event)
            case TextStarted() | TextDelta() | TextEnded():
                self._text(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                self._tool(event)
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
            case LossSeen():
                self._losses.append(event.loss)
            case Finished():
                self._finish(event)
            case Failed():
                self._end = event

    def _check_place(self, event: Event) -> None:
        if self._end is not None:
            raise StreamError(f"{type(event).__name__} after the end")
        if self._started is None and not isinstance(event, Started | Failed):
            raise StreamError(f"{type(event).__name__} before the start")

    def _start(self, event: Started) -> None:
        if self._started is not None:
            raise StreamError("two starts")
        self._started = event

    def _text(self, event: TextEvent) -> None:
        match event:
            case TextStarted():
                self._begin(event)
            case TextDelta():
                self._opened(TextStarted)
                self._pieces.append(event.text)
            case TextEnded():
                refusal = self._opened(TextStarted).refusal
                self._end_part(Text(text="".join(self._pieces), refusal=refusal))

    def _tool(self, event: ToolEvent) -> None:
        match event:
            case ToolCallStarted():
                self._begin(event)
            case ToolInputDelta():
                self._opened(ToolCallStarted)
                self._pieces.append(event.json)
            case ToolCallEnded():
                call = self._opened(ToolCallStarted)
                written = "".join(self._pieces) or "{}"
                self._end_part(ToolCall(id=call.id, name=call.name, arguments=written))

    def _begin(self, event: TextStarted | ToolCallStarted) -> None:
        if self._open is not None:
            raise StreamError("a part opens inside another")
        self._open = event

    def _opened(self, kind: type[Opening]) -> Opening:
        if not isinstance(self._open, kind):
            raise StreamError("a piece outside a part of its kind")
        return self._open

    def _end_part(self, part: ReplyPart) -> None:
        self._parts.append(part)
        self._open = None
        self._pieces = []

    def _finish(self, event: Finished) -> None:
        if self._open is not None:
            raise StreamError("the answer ends inside a part")
        self._end = event

    def reply(self) -> Reply:
        """The whole answer; `StreamError` if it failed or is not whole."""
        if self._started is None or not isinstance(self._end, Finished):
            raise StreamError("the answer is not whole")
        return Reply(
            id=self._started.id,
            model=self._started.model,
            parts=tuple(self._parts),
            stop=self._end.stop,
            stop_sequence=self._end.stop_sequence,
            usage=self._usage,
            losses=tuple(self._losses),
        )


def fold(events: Iterable[Event]) -> Reply:
    """The reply that `events` add up to; `StreamError` if they are no answer."""
    folding = Fold()
    for event in events:
        folding.add(event)
    return folding.reply()


def unfold(reply: Reply) -> list[Event]:
    """The events of a reply that arrived whole; `fold(unfold(reply)) == reply`."""
    events: list[Event] = [Started(id=reply.id, model=reply.model)]
    for part in reply.parts:
        match part:
            case Text():
                opening, piece = TextStarted(refusal=part.refusal), TextDelta(text=part.text)
                events += [opening, piece, TextEnded()]
            case ToolCall():
                call = ToolCallStarted(id=part.id, name=part.name)
                events += [call, ToolInputDelta(json=part.arguments), ToolCallEnded()]
    events += [LossSeen(loss=loss) for loss in reply.losses]
    events += [
        UsageSeen(usage=reply.usage),
        Finished(stop=reply.stop, stop_sequence=reply.stop_sequence),
    ]
    return events
