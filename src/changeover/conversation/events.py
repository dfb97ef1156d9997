"""The events of an answer as it arrives, and their fold into a reply.

A well-formed stream is `Started`, then any number of parts (each opened,
added to and closed before the next opens), `UsageSeen` and `LossSeen`, then
exactly one `Finished` or `Failed`. A non-streaming reply is the fold of these events; there
is no second way to make one. `UsageSeen` may come several times: a later
figure replaces an earlier one, an absent figure leaves it.
"""

from collections.abc import Iterable

import msgspec

from changeover.conversation.model import Loss, Part, Reply, StopReason, Text, Usage


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


Event = Started | TextStarted | TextDelta | TextEnded | UsageSeen | LossSeen | Finished | Failed


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
        self._parts: list[Part] = []
        self._words: list[str] | None = None
        self._refusal = False
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
            case TextStarted():
                self._open(event)
            case TextDelta():
                self._open_words().append(event.text)
            case TextEnded():
                self._close()
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

    def _open(self, event: TextStarted) -> None:
        if self._words is not None:
            raise StreamError("a part opens inside another")
        self._words = []
        self._refusal = event.refusal

    def _close(self) -> None:
        self._parts.append(Text(text="".join(self._open_words()), refusal=self._refusal))
        self._words = None

    def _open_words(self) -> list[str]:
        if self._words is None:
            raise StreamError("words outside a part")
        return self._words

    def _finish(self, event: Finished) -> None:
        if self._words is not None:
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
        events += [TextStarted(refusal=part.refusal), TextDelta(text=part.text), TextEnded()]
    events += [LossSeen(loss=loss) for loss in reply.losses]
    events += [
        UsageSeen(usage=reply.usage),
        Finished(stop=reply.stop, stop_sequence=reply.stop_sequence),
    ]
    return events
