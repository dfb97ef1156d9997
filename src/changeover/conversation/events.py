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
    Citation,
    Loss,
    Reasoning,
    Reply,
    ReplyPart,
    Sealed,
    StopReason,
    Text,
    TokenChance,
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


class CitationSeen(_Event, frozen=True, kw_only=True, tag="citation"):
    """Where words of the open text part come from."""

    citation: Citation


class ChancesSeen(_Event, frozen=True, kw_only=True, tag="chances"):
    """The next tokens of the open text part, with their probabilities."""

    chances: tuple[TokenChance, ...]


class ReasoningStarted(_Event, frozen=True, kw_only=True, tag="reasoning-started"):
    """A reasoning part opens; `summary` as in `Reasoning`."""

    summary: bool = False


class ReasoningDelta(_Event, frozen=True, kw_only=True, tag="reasoning-delta"):
    """More words of the open reasoning part."""

    text: str


class ReasoningSealed(_Event, frozen=True, kw_only=True, tag="reasoning-sealed"):
    """What the vendor sealed of the open reasoning part; once for a part."""

    sealed: Sealed


class ReasoningEnded(_Event, frozen=True, kw_only=True, tag="reasoning-ended"):
    """The open reasoning part is whole."""


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


TextEvent = TextStarted | TextDelta | CitationSeen | ChancesSeen | TextEnded
ReasoningEvent = ReasoningStarted | ReasoningDelta | ReasoningSealed | ReasoningEnded
ToolEvent = ToolCallStarted | ToolInputDelta | ToolCallEnded
Event = Started | TextEvent | ReasoningEvent | ToolEvent | UsageSeen | LossSeen | Finished | Failed


Opening = TypeVar("Opening", TextStarted, ReasoningStarted, ToolCallStarted)


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
        cache_written_hour_tokens=old.cache_written_hour_tokens
        if new.cache_written_hour_tokens is None
        else new.cache_written_hour_tokens,
        reasoning_tokens=old.reasoning_tokens
        if new.reasoning_tokens is None
        else new.reasoning_tokens,
    )


class Fold:
    """Adds events up to a reply. `reply()` is whole once `done` is true."""

    def __init__(self) -> None:
        self._started: Started | None = None
        self._parts: list[ReplyPart] = []
        self._open: TextStarted | ReasoningStarted | ToolCallStarted | None = None
        self._pieces: list[str] = []
        self._citations: list[Citation] = []
        self._chances: list[TokenChance] = []
        self._sealed: Sealed | None = None
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
            case TextStarted() | TextDelta() | CitationSeen() | ChancesSeen() | TextEnded():
                self._text(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                self._reasoning(event)
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
            case CitationSeen():
                self._opened(TextStarted)
                self._citations.append(event.citation)
            case ChancesSeen():
                self._opened(TextStarted)
                self._chances += event.chances
            case TextEnded():
                text = Text(
                    text="".join(self._pieces),
                    refusal=self._opened(TextStarted).refusal,
                    citations=tuple(self._citations),
                    chances=tuple(self._chances),
                )
                self._end_part(text)
                self._citations, self._chances = [], []

    def _reasoning(self, event: ReasoningEvent) -> None:
        match event:
            case ReasoningStarted():
                self._begin(event)
            case ReasoningDelta():
                self._opened(ReasoningStarted)
                self._pieces.append(event.text)
            case ReasoningSealed():
                self._opened(ReasoningStarted)
                if self._sealed is not None:
                    raise StreamError("reasoning is sealed twice")
                self._sealed = event.sealed
            case ReasoningEnded():
                opened, words = self._opened(ReasoningStarted), "".join(self._pieces)
                part = Reasoning(text=words, summary=opened.summary, sealed=self._sealed)
                self._end_part(part)
                self._sealed = None

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

    def _begin(self, event: TextStarted | ReasoningStarted | ToolCallStarted) -> None:
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
        events += _unfolded(part)
    events += [LossSeen(loss=loss) for loss in reply.losses]
    events += [
        UsageSeen(usage=reply.usage),
        Finished(stop=reply.stop, stop_sequence=reply.stop_sequence),
    ]
    return events


def _unfolded(part: ReplyPart) -> list[Event]:
    match part:
        case Text():
            chances = [ChancesSeen(chances=part.chances)] if part.chances else []
            cited = [CitationSeen(citation=citation) for citation in part.citations]
            opening, piece = TextStarted(refusal=part.refusal), TextDelta(text=part.text)
            return [opening, piece, *chances, *cited, TextEnded()]
        case Reasoning():
            words = [ReasoningDelta(text=part.text)] if part.text else []
            seal = [] if part.sealed is None else [ReasoningSealed(sealed=part.sealed)]
            return [ReasoningStarted(summary=part.summary), *words, *seal, ReasoningEnded()]
        case ToolCall():
            call = ToolCallStarted(id=part.id, name=part.name)
            return [call, ToolInputDelta(json=part.arguments), ToolCallEnded()]
