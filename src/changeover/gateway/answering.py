"""From a vendor's response to the client's: bytes, events, observers, bytes.

Both forms are the same events: a whole reply is their fold, a stream is their
encoding one by one. A stream is started only when its first event was read, so
that a vendor which answers garbage or hangs at once gives way to the next
candidate instead of breaking the client's stream.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack

import msgspec

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    StreamError,
    TextDelta,
    TextEnded,
    TextStarted,
    UsageSeen,
    fold,
    merge_usage,
)
from changeover.conversation.model import Usage
from changeover.gateway.attempt import Attempt
from changeover.gateway.headers import loss_header
from changeover.gateway.model import CallResult
from changeover.gateway.ports import Incoming, UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.wire.codec import Codec, ReplyContext, StreamDecoder
from changeover.wire.errors import VendorProtocolError

_OUR_CREDENTIALS = frozenset({401, 402, 403})
_MAY_GIVE_WAY = frozenset({300, 301, 302, 307, 308, 401, 402, 403, 408, 409, 425, 429})


class Answer(msgspec.Struct, kw_only=True):
    """What goes back to the client: a whole body, or a stream that must be closed."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: "ClientStream | None" = None


class ClientStream:
    """The client's bytes as they come. Whoever takes it must close it, read or not."""

    def __init__(
        self, pieces: AsyncGenerator[bytes], attempt: Attempt, stack: AsyncExitStack
    ) -> None:
        self._pieces = pieces
        self._attempt = attempt
        self._stack = stack

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs, which the journal calls cut."""
        await self._pieces.aclose()
        self._attempt.conclude("cut")
        await self._stack.aclose()


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt whose response has begun, and what is needed to pass it on."""

    attempt: Attempt
    client: Codec
    vendor: Codec
    context: ReplyContext
    headers: dict[str, str]


class VendorRefusal(Refusal):
    """The vendor said no; `may_give_way` says whether another candidate may be tried."""

    def __init__(self, status: int, kind: str, message: str, *, may_give_way: bool) -> None:
        super().__init__(status, kind, message)
        self.may_give_way = may_give_way


async def whole(answering: Answering, incoming: Incoming) -> Answer:
    """The answer to a call that is not streamed.

    Raises `VendorProtocolError` or `StreamError` for what is no answer.
    """
    body = b"".join([chunk async for chunk in incoming.chunks()])
    reply = fold(answering.vendor.decode_reply(body))
    attempt = answering.attempt
    attempt.lose(reply.losses)
    attempt.conclude(
        "answered", status=incoming.status, served_model=reply.model, usage=reply.usage
    )
    headers = answering.headers | (loss_header(attempt.lost) if attempt.lost else {})
    encoded = answering.client.encode_reply(reply, answering.context)
    return Answer(status=200, headers=headers, body=encoded)


async def streamed(answering: Answering, incoming: Incoming, stack: AsyncExitStack) -> Answer:
    """The answer to a streamed call, once its first event was read.

    `stack` holds the connection; it passes to the stream, whose closing closes it.
    """
    chunks = incoming.chunks()
    decoder = answering.vendor.stream_decoder()
    first: list[Event] = []
    async for chunk in chunks:
        first = decoder.feed(chunk)
        if first:
            break
    else:
        first = decoder.close()
    if isinstance(first[0], Failed):
        raise VendorProtocolError(f"The vendor broke off at once: {first[0].message}")
    pieces = _pieces(answering, decoder, first, chunks)
    stream = ClientStream(pieces, answering.attempt, stack.pop_all())
    return Answer(status=200, headers=answering.headers, stream=stream)


async def vendor_refusal(answering: Answering, incoming: Incoming) -> VendorRefusal:
    """What a response with an error status means for the client."""
    body = b"".join([chunk async for chunk in incoming.chunks()])
    failed = answering.vendor.decode_error(incoming.status, body)
    host = answering.attempt.intent.host
    answering.attempt.conclude("failed", status=incoming.status, error=failed.kind)
    if incoming.status in _OUR_CREDENTIALS:
        return VendorRefusal(
            502,
            "vendor_refused_credentials",
            f"{host} refused this installation's own credentials (HTTP {incoming.status}). "
            "Your key is not at fault; tell the operator.",
            may_give_way=True,
        )
    return VendorRefusal(
        incoming.status if incoming.status >= 400 else 502,
        failed.kind,
        f"{host} answered HTTP {incoming.status}: {failed.message}",
        may_give_way=incoming.status in _MAY_GIVE_WAY or incoming.status >= 500,
    )


class _Observed:
    """What the journal will be told of a stream: its model, its counts, its losses."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self.model: str | None = None
        self.usage = Usage()
        self.end: Finished | Failed | None = None

    def see(self, event: Event) -> None:
        match event:
            case Started():
                self.model = event.model
            case UsageSeen():
                self.usage = merge_usage(self.usage, event.usage)
            case Finished() | Failed():
                self.end = event
            case LossSeen():
                self._attempt.lose((event.loss,))
            case TextStarted() | TextDelta() | TextEnded():
                pass

    def conclude(self, result: CallResult, error: str | None) -> None:
        self._attempt.conclude(
            result, status=200, served_model=self.model, usage=self.usage, error=error
        )


async def _pieces(
    answering: Answering, decoder: StreamDecoder, first: list[Event], chunks: AsyncIterator[bytes]
) -> AsyncGenerator[bytes]:
    """The client's bytes, event by event, with the conclusion that they lead to."""
    encoder = answering.client.stream_encoder(answering.context)
    observed = _Observed(answering.attempt)

    def encode(events: list[Event]) -> bytes:
        for event in events:
            observed.see(event)
        return b"".join(encoder.encode(event) for event in events)

    try:
        yield encode(first)
        async for chunk in chunks:
            if data := encode(decoder.feed(chunk)):
                yield data
        if data := encode(decoder.close()):
            yield data
        failed = observed.end.kind if isinstance(observed.end, Failed) else None
        observed.conclude("failed" if failed else "answered", failed)
    except (UpstreamError, VendorProtocolError, StreamError) as error:
        observed.conclude("failed", type(error).__name__)
        yield encoder.encode(Failed(kind="upstream_failure", message=str(error)))
    finally:
        observed.conclude("cut", None)
