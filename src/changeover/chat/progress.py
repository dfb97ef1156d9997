"""An answer as it arrives: its parts, its place, and what it tells of itself.

Reasoning is kept beside the text, in its place, with what the vendor sealed of it, so
that it goes back to whoever made it. Nobody is shown it. Reasoning that was broken off is
dropped: no vendor takes half of it back.
"""

from collections.abc import Sequence

import msgspec

from changeover.chat.model import Delta, StoredEvent, StoredTurn, TurnSeen, after_units, units
from changeover.chat.served import Seen
from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningEvent,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextStarted,
    ToolCallStarted,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import Part, Reasoning, Sealed, Text, Usage

_TOOL_CALLS = "tool_calls"


class _Words(msgspec.Struct):
    """A text part so far."""

    refusal: bool
    pieces: list[str]

    @property
    def text(self) -> Text:
        return Text(text="".join(self.pieces), refusal=self.refusal)


class _Thought(msgspec.Struct):
    """A reasoning part so far."""

    summary: bool
    pieces: list[str]
    sealed: Sealed | None = None

    @property
    def whole(self) -> Reasoning:
        return Reasoning(text="".join(self.pieces), summary=self.summary, sealed=self.sealed)


class Progress:
    """Adds up the events of one turn's answer.

    The chat offers a model no tools. A vendor that calls one all the same has its
    call told among the turn's losses.
    """

    def __init__(self, turn: str) -> None:
        self._turn = turn
        self._parts: list[_Words | Reasoning] = []
        self._reasoning: _Thought | None = None
        self._reached = 0
        self._version: str | None = None
        self._usage = Usage()
        self._called = False
        self.end: Finished | Failed | None = None

    def take(self, event: Event) -> Delta | None:
        """Takes the next event; the piece of text in it, if there is one."""
        match event:
            case Started():
                self._version = event.model
            case TextStarted():
                self._parts.append(_Words(event.refusal, []))
            case TextDelta():
                return self._add(event.text)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                self._think(event)
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
            case Finished() | Failed():
                self.end = event
            case ToolCallStarted():
                self._called = True
            case _:
                pass
        return None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The text that arrived, and the reasoning that is whole."""
        return tuple(
            part if isinstance(part, Reasoning) else part.text
            for part in self._parts
            if isinstance(part, Reasoning) or part.pieces
        )

    @property
    def kept(self) -> bool:
        """Whether any text arrived."""
        return self._reached > 0

    def seen(self, losses: tuple[str, ...]) -> Seen:
        called = (_TOOL_CALLS,) if self._called else ()
        return Seen(version=self._version, usage=self._usage, losses=(*losses, *called))

    def _add(self, text: str) -> Delta | None:
        if not text:
            return None
        words = self._parts[-1] if self._parts else None
        if not isinstance(words, _Words):
            words = _Words(refusal=False, pieces=[])
            self._parts.append(words)
        words.pieces.append(text)
        delta = Delta(turn=self._turn, text=text, at=self._reached)
        self._reached += units(text)
        return delta

    def _think(self, event: ReasoningEvent) -> None:
        thought = self._reasoning
        match event:
            case ReasoningStarted():
                self._reasoning = _Thought(event.summary, [])
            case ReasoningDelta() if thought is not None:
                thought.pieces.append(event.text)
            case ReasoningSealed() if thought is not None:
                thought.sealed = event.sealed
            case ReasoningEnded() if thought is not None:
                self._parts.append(thought.whole)
                self._reasoning = None
            case _:
                pass


def grown(turn: StoredTurn, events: Sequence[StoredEvent]) -> StoredTurn:
    """A generating turn with what its stored events tell of it: its text, and who serves it.

    A piece may stand twice: a commit that broke off may have been done, and is done again.
    """
    served, words, reached = turn.served, [], 0
    for event in (stored.event for stored in events):
        match event:
            case TurnSeen(turn=seen) if seen.id == turn.id:
                served = seen.served
            case Delta(turn=name, text=text, at=at) as delta if name == turn.id:
                words.append(after_units(text, max(0, reached - at)))
                reached = max(reached, delta.end)
    parts = (Text(text="".join(words)),) if words else ()
    return msgspec.structs.replace(turn, parts=parts, served=served)
