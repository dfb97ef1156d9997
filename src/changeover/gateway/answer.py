"""What goes back to a client, whatever was asked."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.directory.model import Dialect
from changeover.directory.model import Protocol as WireProtocol
from changeover.gateway.headers import vendor_headers
from changeover.gateway.limited import Limited
from changeover.gateway.refusal import Refusal, VendorRefusal
from changeover.wire.codec import Codec, Codecs
from changeover.wire.limits import limit_headers, read_limits, with_retry_info
from changeover.wire.statuses import client_status

Spoken = WireProtocol | tuple[WireProtocol, Dialect]
"""What a client speaks: a protocol, or one as a host of others' models speaks it."""


def spoken_codec(codec: Codecs, spoken: Spoken) -> Codec:
    """The codec of what a client speaks."""
    protocol, dialect = spoken if isinstance(spoken, tuple) else (spoken, None)
    return codec(protocol, dialect)


class Pieces(Protocol):
    """The client's bytes as they come. Whoever takes them must close them, read or not."""

    @property
    def whole(self) -> bool:
        """Whether it came to its end; asked when it was closed."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs."""
        ...


class Answer(msgspec.Struct, kw_only=True):
    """A whole body, or a stream that must be closed.

    `media_type` is what the body or the stream is; without it, JSON or server-sent events.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: Pieces | None = None
    media_type: str | None = None


def refused(client: Codec, refusal: Refusal, call_id: str) -> Answer:
    """A refusal in the client's own error shape."""
    body = client.encode_error(
        refusal.status, refusal.kind, refusal.message, call_id, refusal.field
    )
    headers = {"changeover-call": call_id, **refusal.headers}
    if isinstance(refusal, Limited):
        headers |= limit_headers(refusal.limits, client.protocol, refusal.now)
        body = with_retry_info(body, refusal.limits, client.protocol)
    return Answer(status=refusal.status, headers=headers, body=body)


def vendor_refused(client: Codec, refusal: VendorRefusal, call_id: str, now: datetime) -> Answer:
    """A vendor's refusal in the client's own error shape, and when to come again."""
    said, protocol = refusal.said, client.protocol
    status = client_status(refusal.status, protocol)
    limits = read_limits(said.headers, now, said.body)
    body = client.encode_error(status, refusal.kind, refusal.message, call_id)
    headers = vendor_headers(said.headers, limits, protocol, now)
    return Answer(
        status=status,
        headers={"changeover-call": call_id, **headers},
        body=with_retry_info(body, limits, protocol),
    )
