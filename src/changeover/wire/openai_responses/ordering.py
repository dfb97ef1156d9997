"""Putting the items of a streamed answer in order.

Every event about an item names its place in the output (`output_index`), and the vendor
may mix the events of several. Canonically parts come one after the other, so an item's
events pass while it is the first that is not done; those of later items wait until it is.
Servers that never say that an item is done lose nothing: what waits comes at the end.
"""

import msgspec

from changeover.wire.openai_responses.chances import WireChance
from changeover.wire.openai_responses.citing import WireAnnotation
from changeover.wire.openai_responses.reply import WireError, WireItem, WirePart, WireResponse


class WireEvent(msgspec.Struct):
    """An event of a vendor's stream."""

    type: str
    response: WireResponse | None = None
    output_index: int = 0
    content_index: int = 0
    summary_index: int = 0
    item: WireItem | None = None
    part: WirePart | None = None
    delta: str = ""
    text: str = ""
    refusal: str = ""
    arguments: str = ""
    input: str = ""
    logprobs: list[WireChance] | None = None
    annotation: WireAnnotation | None = None
    code: str | None = None
    message: str | None = None
    error: WireError | None = None


class InOrder:
    """Gives each event when it is its turn."""

    def __init__(self) -> None:
        self._current = -1
        self._done = True
        self._waiting: dict[int, list[WireEvent]] = {}

    def passes(self, event: WireEvent) -> bool:
        """Whether an event that ends nothing may pass at once."""
        return event.output_index == self._current and not self._done

    def take(self, event: WireEvent) -> list[WireEvent]:
        """The events whose turn it is now."""
        if event.output_index <= self._current:
            self._passed(event)
            return [event, *self._next()]
        self._waiting.setdefault(event.output_index, []).append(event)
        return self._next()

    def end(self) -> list[WireEvent]:
        """What still waits, at the answer's end."""
        left = [event for index in sorted(self._waiting) for event in self._waiting[index]]
        self._waiting.clear()
        return left

    def _next(self) -> list[WireEvent]:
        given: list[WireEvent] = []
        while self._done and self._waiting:
            self._current = min(self._waiting)
            self._done = False
            for event in self._waiting.pop(self._current):
                self._passed(event)
                given.append(event)
        return given

    def _passed(self, event: WireEvent) -> None:
        if event.output_index == self._current and event.type == "response.output_item.done":
            self._done = True
