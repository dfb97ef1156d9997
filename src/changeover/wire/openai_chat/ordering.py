"""Putting the pieces of a streamed answer in order.

An answer's text arrives as pieces of one string, its calls as pieces that name
the call's place in a list. Nothing says that a call is whole; vendors begin the
next one, or end the answer. Canonically parts come one after the other, so:

* The first part opens with its first piece, and pieces of the open part pass at
  once.
* A piece of another part ends the open one if that may be whole: text always
  may, a call may when its arguments are a JSON object, to which nothing can be
  added. Otherwise the calls are mixed. Then that piece, and all that follow it
  but those of the open part, wait until the answer ends and come part by part.
* Compatible servers leave out the place of a call, or give the same to each; a
  new id is then a new call. Some give no id; the call is named by its number.
"""

import msgspec

from changeover.conversation.events import (
    Event,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
)
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


class _Part:
    """A part and what of it has not been passed on."""

    def __init__(self, opening: TextStarted | ToolCallStarted) -> None:
        self.opening = opening
        self.written: list[str] = []
        self.waiting: list[Event] = [opening]
        self.mixed = False
        self.ended = False

    def add(self, piece: str) -> None:
        if not piece:
            return
        if isinstance(self.opening, TextStarted):
            self.waiting.append(TextDelta(text=piece))
        else:
            self.written.append(piece)
            self.waiting.append(ToolInputDelta(json=piece))

    def may_be_whole(self) -> bool:
        return isinstance(self.opening, TextStarted) or is_object("".join(self.written))

    def take(self) -> list[Event]:
        taken, self.waiting = self.waiting, []
        return taken

    def end(self) -> list[Event]:
        self.ended = True
        text = isinstance(self.opening, TextStarted)
        return [*self.take(), TextEnded() if text else ToolCallEnded()]


class Ordering:
    """The parts of one answer. `refused` and `called` say what is among them."""

    def __init__(self) -> None:
        self.refused = False
        self.called = 0
        self._open: _Part | None = None
        self._mixed: list[_Part] = []
        self._texts: dict[bool, _Part] = {}
        self._calls: dict[int, _Part] = {}
        self._ids: dict[int, str | None] = {}

    def text(self, words: str, *, refusal: bool, events: list[Event]) -> None:
        """Takes more words."""
        part = self._texts.get(refusal)
        if part is not None and part is self._open:
            events.append(TextDelta(text=words))
            return
        if part is None or part.ended:
            part = self._texts[refusal] = _Part(TextStarted(refusal=refusal))
        self.refused = self.refused or refusal
        self._add(part, words, events)

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
