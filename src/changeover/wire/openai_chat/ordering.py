"""Putting the pieces of a streamed answer in order.

An answer's text arrives as pieces of one string, its reasoning as pieces of another, its calls
as pieces that name the call's place in a list. Nothing says that a part is whole; vendors begin
the next one, or end the answer. Canonically parts come one after the other, so:

* The first part opens with its first piece, and pieces of the open part pass at
  once.
* A piece of another part ends the open one if that may be whole: words always
  may, a call may when its arguments are a JSON object, to which nothing can be
  added. Otherwise the calls are mixed. Then that piece, and all that follow it
  but those of the open part, wait until the answer ends and come part by part.
* What is sealed of the reasoning ends its part: the one with the words that come with the seal,
  or a signature's the one just said; else one of its own.
* Citations and probabilities belong to the text that is being said.
* Compatible servers leave out the place of a call, or give the same to each; a
  new id is then a new call. Some give no id; the call is named by its number.
"""

from typing import Literal

import msgspec

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
)
from changeover.conversation.model import Reasoning
from changeover.wire.arguments import is_object
from changeover.wire.errors import VendorProtocolError


class Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class CallPiece(msgspec.Struct):
    """A call, or what a chunk adds to one."""

    index: int = 0
    id: str | None = None
    function: Function | None = None


Kind = Literal["content", "refusal", "reasoning"]
_OPENINGS: dict[Kind, TextStarted | ReasoningStarted] = {
    "content": TextStarted(),
    "refusal": TextStarted(refusal=True),
    "reasoning": ReasoningStarted(),
}


class _Part:
    """A part and what of it has not been passed on; `begin` is where its text begins."""

    def __init__(
        self, opening: TextStarted | ReasoningStarted | ToolCallStarted, begin: int = 0
    ) -> None:
        self.opening = opening
        self.begin = begin
        self.written: list[str] = []
        self.waiting: list[Event] = [opening]
        self.mixed = False
        self.ended = False

    def add(self, piece: str) -> None:
        if piece:
            self.waiting.append(self.delta(piece))

    def delta(self, piece: str) -> Event:
        """More of the part; what may be asked about later is kept."""
        match self.opening:
            case TextStarted():
                return TextDelta(text=piece)
            case ReasoningStarted():
                self.written.append(piece)
                return ReasoningDelta(text=piece)
            case ToolCallStarted():
                self.written.append(piece)
                return ToolInputDelta(json=piece)

    def may_be_whole(self) -> bool:
        return not isinstance(self.opening, ToolCallStarted) or is_object("".join(self.written))

    def take(self) -> list[Event]:
        taken, self.waiting = self.waiting, []
        return taken

    def end(self) -> list[Event]:
        self.ended = True
        match self.opening:
            case TextStarted():
                return [*self.take(), TextEnded()]
            case ReasoningStarted():
                return [*self.take(), ReasoningEnded()]
            case ToolCallStarted():
                return [*self.take(), ToolCallEnded()]


class Ordering:
    """The parts of one answer. `refused` and `called` say what is among them."""

    def __init__(self) -> None:
        self.refused = False
        self.called = 0
        self._open: _Part | None = None
        self._mixed: list[_Part] = []
        self._words: dict[Kind, _Part] = {}
        self._said: dict[Kind, int] = {"content": 0, "refusal": 0, "reasoning": 0}
        self._calls: dict[int, _Part] = {}
        self._ids: dict[int, str | None] = {}

    def words(self, words: str, kind: Kind, events: list[Event]) -> None:
        """Takes more words of the answer, of a refusal, or of the reasoning."""
        part = self._words.get(kind)
        if part is None or part.ended:
            part = self._words[kind] = _Part(_OPENINGS[kind], self._said[kind])
            self.refused = self.refused or kind == "refusal"
        self._said[kind] += len(words)
        if part is self._open:  # nearly always
            events.append(part.delta(words))
        else:
            self._add(part, words, events)

    def sealed(self, reasoning: Reasoning, events: list[Event]) -> None:
        """Takes what is sealed of the reasoning, with its words, which may be known."""
        part = self._words.get("reasoning")
        if part is None or part.ended or not _belongs(reasoning, "".join(part.written)):
            if part is not None:
                self._close(part, events)
            part = self._words["reasoning"] = _Part(ReasoningStarted(summary=reasoning.summary))
            self._add(part, reasoning.text, events)
        if reasoning.sealed is not None:
            self._attach(part, ReasoningSealed(sealed=reasoning.sealed), events)
        self._close(part, events)

    def end_thought(self, events: list[Event]) -> None:
        """Ends the reasoning that is being said; more of it is another part."""
        part = self._words.get("reasoning")
        if part is not None:
            self._close(part, events)

    def about_text(
        self, event: CitationSeen | ChancesSeen, kind: Kind, events: list[Event]
    ) -> bool:
        """Takes what belongs to the text being said; False where none is."""
        part = self._words.get(kind)
        if part is None or part.ended:
            return False
        self._attach(part, event, events)
        return True

    @property
    def text_begins(self) -> int:
        """Where the text being said begins in all that was said, in characters."""
        part = self._words.get("content")
        return 0 if part is None else part.begin

    def _attach(self, part: _Part, event: Event, events: list[Event]) -> None:
        if part is self._open:
            events.append(event)
        else:
            part.waiting.append(event)

    def _close(self, part: _Part, events: list[Event]) -> None:
        """Ends a part of words, at once if it is open."""
        if part is self._open:
            events += part.end()
            self._open = None
        elif not part.ended:
            part.ended = True

    def call(self, piece: CallPiece, events: list[Event]) -> None:
        """Takes a call or more of one."""
        function = piece.function or Function()
        part = self._calls.get(piece.index)
        if part is None or self._is_another(piece):
            part = self._calls[piece.index] = self._new_call(piece, function)
        written = function.arguments or ""
        if part.ended and written.strip():
            raise VendorProtocolError("The vendor's answer adds to a call that was whole.")
        if not part.ended:
            self._add(part, written, events)

    def end(self, events: list[Event]) -> None:
        """Ends the open part, and gives those that waited."""
        for part in (self._open, *self._mixed):
            if part is not None:
                events += part.end()
        self._open = None
        self._mixed.clear()

    def _is_another(self, piece: CallPiece) -> bool:
        known = self._ids[piece.index]
        if piece.id:
            return piece.id != known
        return known is None and piece.function is not None and bool(piece.function.name)

    def _new_call(self, piece: CallPiece, function: Function) -> _Part:
        if not function.name:
            raise VendorProtocolError("The vendor's answer calls a tool without naming it.")
        self._ids[piece.index] = piece.id or None
        call = piece.id or f"call_{self.called}"
        self.called += 1
        return _Part(ToolCallStarted(id=call, name=function.name))

    def _add(self, part: _Part, piece: str, events: list[Event]) -> None:
        part.add(piece)
        if part is self._open:
            events += part.take()
        elif part.mixed:
            pass
        elif self._open is None or (not self._mixed and self._open.may_be_whole()):
            events += [] if self._open is None else self._open.end()
            self._open = part
            events += part.take()
        else:
            part.mixed = True
            self._mixed.append(part)


def _belongs(reasoning: Reasoning, words: str) -> bool:
    """Whether a seal is that of these words: it names them, or it signs what was just said."""
    if reasoning.text or reasoning.sealed is None:
        return reasoning.text == words
    return reasoning.sealed.form == "signature" and bool(words)
