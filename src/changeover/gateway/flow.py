"""A vendor's bytes as what its caller gets: pieces of an answer, in order.

A flow is one answer's. It holds no connection and never waits; the exchange feeds it.
"""

from typing import Protocol

from changeover.conversation.events import Event
from changeover.conversation.model import Tool
from changeover.directory.model import Route
from changeover.gateway.seals import Outward, SealsOut, stamped
from changeover.wire.codec import Codec, StreamDecoder
from changeover.wire.tool_names import originals, turned_back

Piece = Event


class Flow(Protocol):
    """What an exchange makes of the bytes that a vendor answers with."""

    def whole(self, body: bytes) -> list[Piece]:
        """A whole answer's pieces; `VendorProtocolError` if it is none."""
        ...

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces that a stream's bytes complete; `VendorProtocolError`."""
        ...

    def close(self) -> list[Piece]:
        """The last pieces, at the response's end; `VendorProtocolError` if it came too soon."""
        ...


class Translated:
    """Canonical events, by the codec of the vendor's protocol; `outward` for an application.

    The request's `tools` are called in them as the request named them.
    """

    def __init__(
        self,
        vendor: Codec,
        route: Route,
        outward: Outward | None,
        tools: tuple[Tool, ...] = (),
    ) -> None:
        self._vendor = vendor
        self._names = originals(tools)
        self._route = route
        self._seals = None if outward is None else SealsOut(outward)
        self._decoder: StreamDecoder | None = None

    def whole(self, body: bytes) -> list[Piece]:
        return self._given(self._vendor.decode_reply(body))

    def feed(self, data: bytes) -> list[Piece]:
        return self._given(self._streamed().feed(data))

    def close(self) -> list[Piece]:
        return self._given(self._streamed().close())

    def _streamed(self) -> StreamDecoder:
        if self._decoder is None:
            self._decoder = self._vendor.stream_decoder()
        return self._decoder

    def _given(self, events: list[Event]) -> list[Piece]:
        events = stamped(turned_back(events, self._names), self._route)
        return events if self._seals is None else self._seals.take(events)
