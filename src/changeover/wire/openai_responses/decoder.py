"""Responses answers read from vendors, streamed and whole.

What vendors of this protocol send, and what follows:

* `response.created` comes first, with the response as it will be; then items: added, their
  parts or their arguments piece by piece, done. Every event has a `type`, and the SSE
  event's name repeats it.
* `response.completed`, `response.incomplete` and `response.failed` each end the
  stream and hold the whole response with the counts. `[DONE]` may follow. Servers that
  stream no items send them there.
* An `error` event ends it too; its fields stand in it or in an object `error`.
* `keepalive` means nothing. An event that is not known is reported once.
"""

import msgspec

from changeover.conversation.events import Event, Failed, Finished, Started, UsageSeen
from changeover.wire.errors import VendorProtocolError
from changeover.wire.openai_responses.arriving import Arriving
from changeover.wire.openai_responses.ordering import InOrder, WireEvent
from changeover.wire.openai_responses.reply import (
    WireError,
    WireResponse,
    failure_of,
    stop_reason,
    usage_from_vendor,
)
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser

_DONE = b"[DONE]"
_NOTHING = frozenset({"keepalive", "ping", "response.queued", "response.in_progress"})

_event = msgspec.json.Decoder(WireEvent)
_response = msgspec.json.Decoder(WireResponse)


def decode_reply(body: bytes) -> list[Event]:
    """A vendor's whole answer as the events of a stream."""
    response = from_vendor(_response, body, "an answer")
    events: list[Event] = [Started(id=response.id, model=response.model)]
    arriving = Arriving()
    _end(response, arriving, events)
    return events


def _end(response: WireResponse, arriving: Arriving, events: list[Event]) -> None:
    """The end of an answer, and its items where none came before."""
    arriving.close(events)
    if not arriving.anything:
        for index, item in enumerate(response.output or ()):
            arriving.whole_item(item, index, events)
    stop = stop_reason(response, called=arriving.called, refused=arriving.refused)
    if response.usage is not None:
        events.append(UsageSeen(usage=usage_from_vendor(response.usage)))
    events.append(Finished(stop=stop))


class ResponseStreamDecoder:
    """A vendor's events to canonical ones."""

    def __init__(self) -> None:
        self._frames = EventStreamParser()
        self._order = InOrder()
        self._arriving = Arriving()
        self._started = False
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended and frame.data.strip() != _DONE:
                self._take(from_vendor(_event, frame.data, "an event"), events)
        return events

    def close(self) -> list[Event]:
        if not self._ended:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No event said that the response is whole, so the answer is cut short.",
            )
        return []

    def _take(self, event: WireEvent, events: list[Event]) -> None:
        # Nearly all events are words, which is why they are looked at first.
        if event.type == "response.output_text.delta" and self._order.passes(event):
            self._arriving.words(event, events)
            return
        match event.type:
            case "error":
                self._fail(event.error or WireError(event.code, event.message), events)
            case "response.failed":
                failed = event.response.error if event.response else None
                self._fail(failed or WireError(), events)
            case "response.created":
                self._start(_whole(event), events)
            case kind if kind in _NOTHING:
                pass
            case _ if not self._started:
                raise VendorProtocolError(
                    f"The vendor's stream begins with {event.type}, not with response.created."
                )
            case "response.completed" | "response.incomplete" as end:
                self._finish(_whole(event), end.removeprefix("response."), events)
            case _:
                for each in self._order.take(event):
                    self._arriving.take(each, events)

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
        for event in self._order.end():
            self._arriving.take(event, events)
        _end(msgspec.structs.replace(response, status=status), self._arriving, events)
        self._ended = True


def _whole(event: WireEvent) -> WireResponse:
    if event.response is None:
        raise VendorProtocolError(f"The vendor sent {event.type} without a response.")
    return event.response
