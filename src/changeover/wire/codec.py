"""What a protocol's codec offers, so that the gateway knows no vendor.

A codec stands on both sides: it reads a client's requests and writes its
replies, and it writes requests to a vendor's endpoint and reads the answers. It
takes bytes and gives values, and never waits.
"""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import msgspec

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Dialect, Model
from changeover.directory.model import Protocol as WireProtocol


class ReplyContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply says of itself: its id, the model's name to show, unix seconds.

    `include_usage` is whether a stream's client asked for the counts, `thinking` whether
    it asked the model to reason, so that its program knows answers that hold reasoning.
    `freeform` are the names of its tools whose input is no JSON.
    """

    id: str
    model: str
    created: int
    include_usage: bool = False
    system_fingerprint: str | None = None
    thinking: bool = False
    freeform: tuple[str, ...] = ()


class StreamDecoder(Protocol):
    """A vendor's streamed answer, chunk by chunk."""

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes; `VendorProtocolError` when they cannot be.

        Once the answer ended, further bytes give nothing.
        """
        ...

    def close(self) -> list[Event]:
        """The last events, at the response's end; `VendorProtocolError` if it came too soon."""
        ...


class StreamEncoder(Protocol):
    """A streamed reply to a client, event by event."""

    def encode(self, event: Event) -> bytes:
        """The frames that `event` makes: none, one or several."""
        ...


class Codec(Protocol):
    """One protocol, both ways."""

    @property
    def protocol(self) -> WireProtocol: ...

    @property
    def path(self) -> str:
        """The path under an endpoint's base, such as `/v1/messages`."""
        ...

    @property
    def stream_type(self) -> str:
        """The media type of a streamed answer; how its events are framed is the codec's matter."""
        ...

    def target(self, upstream_model: str, *, stream: bool) -> str:
        """What follows the path: nothing, or the model and the method where they stand there."""
        ...

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        """A client's request and what of it is not carried; `ProtocolError` if refused.

        `target` is what followed the path in the client's address, its query included.
        """
        ...

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        """The vendor's request under the vendor's name of the model, and what is lost in it."""
        ...

    def decode_reply(self, body: bytes) -> list[Event]:
        """A vendor's whole answer as events; `VendorProtocolError` if it is none."""
        ...

    def stream_decoder(self) -> StreamDecoder: ...

    def decode_error(self, status: int, body: bytes) -> Failed:
        """The vendor's error type and message; whatever the body is, there is one."""
        ...

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes: ...

    def stream_encoder(self, context: ReplyContext) -> StreamEncoder: ...

    def encode_error(
        self, status: int, kind: str, message: str, request_id: str, field: str | None = None
    ) -> bytes:
        """An error in the client's shape; `kind` is Changeover's own code for it.

        `field` is the field of the request that it is about, where it is about one.
        """
        ...

    def encode_models(self, models: Iterable[Model]) -> bytes:
        """The list that the protocol's SDK reads from `GET /v1/models`."""
        ...


@runtime_checkable
class Echoing(Protocol):
    """A codec of servers of which some say again what they were to continue."""

    def echoes(self, *, stream: bool) -> bool:
        """Whether the answer begins with the turn that it continues."""
        ...


class Codecs(Protocol):
    """The codec of a protocol as a host speaks it; without a dialect, as its own vendor does."""

    def __call__(self, protocol: WireProtocol, dialect: Dialect | None = None) -> Codec: ...
