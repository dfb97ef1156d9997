"""Streamed Responses answers, read from vendors.

What vendors of this protocol send, and what follows:

* `response.created` comes first, with the response as it will be; then items, one
  after the other: added, its parts or its arguments piece by piece, done. Every
  event has a `type`, and the SSE event's name repeats it.
* `…done` events repeat the whole text or arguments. What of them did not come in
  pieces is passed on then, and what contradicts the pieces is an error; so servers
  that send an item without pieces lose nothing.
* Compatible servers leave out `content_part` events: a part opens with its first
  words and closes when its message does or another part begins.
* `response.completed`, `response.incomplete` and `response.failed` each end the
  stream and hold the whole response with the counts. `[DONE]` may follow.
* An `error` event ends it too; its fields stand in it or in an object `error`.
* `keepalive` means nothing. An event that is not known is reported once.
"""

import msgspec

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import Loss, ReplyPart, Text, ToolCall
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_responses.reply import (
    CITATIONS_LOSS,
    REASONING_LOSS,
    WireError,
    WireItem,
    WirePart,
    WireResponse,
    check_item,
    failure_of,
    is_refusal,
    stop_reason,
    usage_from_vendor,
)
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser

_DONE = b"[DONE]"
_NOTHING = frozenset({"keepalive", "ping", "response.queued", "response.in_progress"})
_UNKNOWN = Loss(field="event", why="An event of the answer that is not known is not carried.")


class _Event(msgspec.Struct):
    type: str
    response: WireResponse | None = None
    output_index: int = 0
    content_index: int = 0
    item: WireItem | None = None
    part: WirePart | None = None
    delta: str = ""
    text: str = ""
    refusal: str = ""
    arguments: str = ""
    code: str | None = None
    message: str | None = None
    error: WireError | None = None


_decoder = msgspec.json.Decoder(_Event)


class ResponseStreamDecoder:
    """A vendor's events to canonical ones."""

    def __init__(self) -> None:
        self._frames = EventStreamParser()
        self._started = False
        self._ended = False
        self._open: TextStarted | ToolCallStarted | None = None
        self._place = (-1, -1)
        self._is_message = True
        self._pieces: list[str] = []
        self._said: list[ReplyPart] = []
        self._losses: set[Loss] = set()

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended and frame.data.strip() != _DONE:
                self._event(from_vendor(_decoder, frame.data, "an event"), events)
        return events

    def close(self) -> list[Event]:
        if not self._ended:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No event said that the response is whole, so the answer is cut short.",
            )
        return []

    def _event(self, event: _Event, events: list[Event]) -> None:
        # Nearly all events are words, which is why they are looked at first.
        if event.type == "response.output_text.delta" and self._started:
            place = (event.output_index, event.content_index)
            self._words(event.delta, place, events, refusal=False)
            return
        match event.type:
            case "error":
                self._fail(event.error or WireError(event.code, event.message), events)
            case "response.failed":
                failed = event.response.error if event.response else None
                self._fail(failed or WireError(), events)
            case "response.created":
                self._start(_response(event), events)
            case kind if kind in _NOTHING:
                pass
            case _ if not self._started:
                raise VendorProtocolError(
                    f"The vendor's stream begins with {event.type}, not with response.created."
                )
            case "response.completed" | "response.incomplete" as end:
                self._finish(_response(event), end.removeprefix("response."), events)
            case _:
                self._within(event, events)

    def _start(self, response: WireResponse, events: list[Event]) -> None:
        if self._started:
            raise VendorProtocolError("The vendor's stream begins twice.")
        self._started = True
        events.append(Started(id=response.id, model=response.model))

    def _fail(self, error: WireError, events: list[Event]) -> None:
        kind, message = failure_of(error)
        events.append(Failed(kind=kind, message=message))
        self._ended = True

    def _finish(self, response: WireResponse, status: str, events: list[Event]) -> None:
        self._close_part(events)
        if not self._said:
            for index, item in enumerate(response.output or ()):
                self._whole_item(item, index, events)
        ended = msgspec.structs.replace(response, status=status)
        stop = stop_reason(ended, self._said)
        if response.usage is not None:
            events.append(UsageSeen(usage=usage_from_vendor(response.usage)))
        events.append(Finished(stop=stop))
        self._ended = True

    def _within(self, event: _Event, events: list[Event]) -> None:
        place = (event.output_index, event.content_index)
        match event:
            case _Event(type="response.output_item.added", item=WireItem() as item):
                self._open_item(item, event.output_index, events)
            case _Event(type="response.output_item.done", item=WireItem() as item):
                self._whole_item(item, event.output_index, events)
            case _Event(type="response.content_part.added", part=WirePart() as part):
                if self._is_message:
                    self._open_text(place, events, refusal=is_refusal(part))
            case _Event(type="response.content_part.done", part=WirePart() as part):
                if self._is_message:
                    self._whole_part(part, place, events)
            case _:
                self._piece(event, place, events)

    def _piece(self, event: _Event, place: tuple[int, int], events: list[Event]) -> None:
        match event.type:
            case "response.output_text.done":
                self._whole_words(event.text, place, events, refusal=False)
            case "response.refusal.delta":
                self._words(event.delta, place, events, refusal=True)
            case "response.refusal.done":
                self._whole_words(event.refusal, place, events, refusal=True)
            case "response.function_call_arguments.delta":
                self._arguments(event.delta, event.output_index, events)
            case "response.function_call_arguments.done":
                self._whole_arguments(event.arguments, event.output_index, events)
            case "response.output_text.annotation.added":
                self._lose(CITATIONS_LOSS, events)
            case kind if kind.startswith("response.reasoning_"):
                self._lose(REASONING_LOSS, events)
            case _:
                self._lose(_UNKNOWN, events)

    # Items

    def _open_item(self, item: WireItem, index: int, events: list[Event]) -> None:
        check_item(item)
        self._close_part(events)
        self._is_message = item.type == "message"
        if item.type == "reasoning":
            self._lose(REASONING_LOSS, events)
        elif item.type == "function_call":
            self._open_part(ToolCallStarted(id=item.call_id, name=item.name), (index, 0), events)

    def _whole_item(self, item: WireItem, index: int, events: list[Event]) -> None:
        check_item(item)
        match item.type:
            case "reasoning":
                self._lose(REASONING_LOSS, events)
            case "function_call":
                if self._place[0] < index:
                    self._open_item(item, index, events)
                self._whole_arguments(item.arguments, index, events)
            case _:
                for position, part in enumerate(item.content or ()):
                    self._whole_part(part, (index, position), events)
        self._close_part(events)

    def _whole_part(self, part: WirePart, place: tuple[int, int], events: list[Event]) -> None:
        if part.annotations:
            self._lose(CITATIONS_LOSS, events)
        refusal = is_refusal(part)
        words = part.refusal if refusal else part.text
        self._whole_words(words, place, events, refusal=refusal)
        if self._place == place:
            self._close_part(events)

    # Pieces

    def _open_text(self, place: tuple[int, int], events: list[Event], *, refusal: bool) -> None:
        self._close_part(events)
        self._open_part(TextStarted(refusal=refusal), place, events)

    def _words(
        self, words: str, place: tuple[int, int], events: list[Event], *, refusal: bool
    ) -> None:
        if place != self._place:
            self._open_text(place, events, refusal=refusal)
        if not isinstance(self._open, TextStarted) or self._open.refusal is not refusal:
            raise VendorProtocolError("The vendor's answer goes on with a part that was closed.")
        self._pieces.append(words)
        events.append(TextDelta(text=words))

    def _whole_words(
        self, words: str, place: tuple[int, int], events: list[Event], *, refusal: bool
    ) -> None:
        """What a `done` event repeats; a part that was closed was compared already."""
        if place > self._place:
            self._open_text(place, events, refusal=refusal)
        if place == self._place and self._open is not None:
            self._rest(words, events)

    def _arguments(self, piece: str, index: int, events: list[Event]) -> None:
        if self._place[0] != index or not isinstance(self._open, ToolCallStarted):
            raise VendorProtocolError("The vendor sent arguments of a call that is not open.")
        self._pieces.append(piece)
        events.append(ToolInputDelta(json=piece))

    def _whole_arguments(self, whole: str, index: int, events: list[Event]) -> None:
        """What a `done` event repeats; of a call that was closed it was compared already."""
        if self._place[0] == index and isinstance(self._open, ToolCallStarted):
            self._rest(whole, events)

    def _rest(self, whole: str, events: list[Event]) -> None:
        """Passes on what of `whole` did not come in pieces."""
        so_far = "".join(self._pieces)
        if not whole.startswith(so_far):
            raise VendorProtocolError(
                "The vendor's answer contradicts itself.",
                means="A part came in pieces that are not what it is said to be as a whole.",
            )
        if rest := whole.removeprefix(so_far):
            self._pieces = [whole]
            call = isinstance(self._open, ToolCallStarted)
            events.append(ToolInputDelta(json=rest) if call else TextDelta(text=rest))

    def _open_part(
        self,
        opening: TextStarted | ToolCallStarted,
        place: tuple[int, int],
        events: list[Event],
    ) -> None:
        if place <= self._place:
            raise VendorProtocolError("The vendor's answer goes back to a part that was closed.")
        self._open = opening
        self._place = place
        self._pieces = []
        events.append(opening)

    def _close_part(self, events: list[Event]) -> None:
        words = "".join(self._pieces)
        match self._open:
            case TextStarted() as text:
                self._said.append(Text(text=words, refusal=text.refusal))
                events.append(TextEnded())
            case ToolCallStarted() as call:
                self._said.append(ToolCall(id=call.id, name=call.name, arguments=words))
                events.append(ToolCallEnded())
            case None:
                pass
        self._open = None

    def _lose(self, loss: Loss, events: list[Event]) -> None:
        if loss not in self._losses:
            self._losses.add(loss)
            events.append(LossSeen(loss=loss))


def _response(event: _Event) -> WireResponse:
    if event.response is None:
        raise VendorProtocolError(f"The vendor sent {event.type} without a response.")
    return event.response
