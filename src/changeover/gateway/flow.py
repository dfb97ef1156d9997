"""A vendor's bytes as what its caller gets: pieces of an answer, in order.

A flow is one answer's. It holds no connection and never waits; the exchange feeds it.
Most answers become canonical events. Where both sides speak one protocol, its bytes pass
on, each block of them with the events that a light reader saw there.
"""

from typing import Protocol

from changeover.conversation.events import Event
from changeover.conversation.model import ChatRequest
from changeover.directory.model import Route
from changeover.gateway.seals import Outward, SealsOut, stamped
from changeover.wire.codec import Codec, Echoing, StreamDecoder
from changeover.wire.echo import Unechoed, continued
from changeover.wire.errors import VendorProtocolError
from changeover.wire.passing import Passed, PassingReader
from changeover.wire.tool_names import originals, turned_back

Piece = Event | Passed | bytes


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

    def left(self) -> list[Event]:
        """What can still be told of an answer that was left before its end."""
        ...


class Translated:
    """Canonical events, by the codec of the vendor's protocol; `outward` for an application.

    Tools are called in them as the `request` named them, and what it had continued is not said
    again.
    """

    def __init__(
        self, vendor: Codec, route: Route, outward: Outward | None, request: ChatRequest
    ) -> None:
        self._vendor = vendor
        self._names = originals(request.tools)
        echoes = isinstance(vendor, Echoing) and vendor.echoes(stream=request.stream)
        self._echo = Unechoed(continued(request) if echoes else "")
        self._route = route
        self._seals = None if outward is None else SealsOut(outward)
        self._decoder: StreamDecoder | None = None

    def whole(self, body: bytes) -> list[Piece]:
        return self._given(self._vendor.decode_reply(body))

    def feed(self, data: bytes) -> list[Piece]:
        return self._given(self._streamed().feed(data))

    def close(self) -> list[Piece]:
        return self._given(self._streamed().close())

    def left(self) -> list[Event]:
        return []

    def _streamed(self) -> StreamDecoder:
        if self._decoder is None:
            self._decoder = self._vendor.stream_decoder()
        return self._decoder

    def _given(self, events: list[Event]) -> list[Piece]:
        events = self._echo.take(turned_back(events, self._names))
        events = stamped(events, self._route)
        return [*(events if self._seals is None else self._seals.take(events))]


class PassedOn:
    """The vendor's own bytes, by the protocol's passage; a stream of `text` is UTF-8.

    What is not is the vendor's failure, and not its client's to find.
    """

    def __init__(self, reader: PassingReader, *, text: bool) -> None:
        self.reader = reader
        self._text = text

    def whole(self, body: bytes) -> list[Piece]:
        _check_text(body)
        return [self.reader.whole(body)]

    def feed(self, data: bytes) -> list[Piece]:
        passed = self.reader.feed(data)
        if not passed:
            return []
        if self._text:
            _check_text(passed if isinstance(passed, bytes) else passed.data)
        return [passed]

    def close(self) -> list[Piece]:
        self.reader.close()
        return []

    def left(self) -> list[Event]:
        return [*self.reader.left()]


def _check_text(data: bytes) -> None:
    """Raises `VendorProtocolError` for what is no UTF-8."""
    if data.isascii():
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor's answer is not UTF-8.") from error
