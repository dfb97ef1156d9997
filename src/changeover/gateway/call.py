"""One call of an application, from its client's bytes to its answer.

The client's protocol is read and written here; between the two stands `Serving`,
the only way to a vendor. Every fault is an answer in the client's own shape.

1. Authorise the key; it names the service and the slot, and its scopes what it may do.
2. Read of the request what is asked; the rest when a candidate needs it (`written.py`).
3. Serve it (`serving.py`).
4. Write the answer in the client's protocol, or pass the vendor's own bytes on.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.clock import Clock, SystemClock
from changeover.basics.ids import new_id
from changeover.basics.instants import microseconds
from changeover.conversation.events import Failed
from changeover.directory.model import Protocol as WireProtocol
from changeover.gateway.exchange import Exchange
from changeover.gateway.flow import PassedOn, Piece
from changeover.gateway.headers import reply_headers, vendor_headers
from changeover.gateway.refusal import Refusal, VendorRefusal, out_of_scope
from changeover.gateway.serving import Asked, Serving
from changeover.gateway.written import Unread, Written, thinks
from changeover.identity.keys import KeyRefusedError, KeyRing
from changeover.identity.model import Key, KeyScope
from changeover.orders.decide import decide
from changeover.orders.ruleset import call_of
from changeover.wire.codec import Codec, Codecs, ReplyContext, StreamEncoder
from changeover.wire.limits import read_limits, with_retry_info
from changeover.wire.passing import Passages, Passed, PassingReader
from changeover.wire.sealing import Wrapping
from changeover.wire.statuses import client_status


class Answer(msgspec.Struct, kw_only=True):
    """What goes back to the client: a whole body, or a stream that must be closed."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stream: "ClientStream | None" = None


class _Encoder(Protocol):
    """An answer's pieces to its client's bytes."""

    def encode(self, piece: Piece) -> bytes: ...


class _Translating:
    """Canonical events in the client's protocol."""

    def __init__(self, encoder: StreamEncoder) -> None:
        self._encoder = encoder

    def encode(self, piece: Piece) -> bytes:
        return b"" if isinstance(piece, Passed | bytes) else self._encoder.encode(piece)


class _Passing:
    """The vendor's own frames, and a last one where the answer breaks off here."""

    def __init__(self, reader: PassingReader, call_id: str) -> None:
        self._reader = reader
        self._call_id = call_id

    def encode(self, piece: Piece) -> bytes:
        match piece:
            case bytes():
                return piece
            case Passed():
                return piece.data
            case Failed():
                return self._reader.broken(piece.kind, piece.message, self._call_id)
            case _:
                return b""


class ClientStream:
    """The client's bytes as they come. Whoever takes it must close it, read or not."""

    def __init__(self, exchange: Exchange, encoder: "_Encoder", serving: Serving) -> None:
        self._exchange = exchange
        self._encoder = encoder
        self._serving = serving
        self._pieces = self._encoded()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def _encoded(self) -> AsyncGenerator[bytes]:
        async for pieces in self._exchange.pieces():
            if data := b"".join(map(self._encoder.encode, pieces)):
                yield data

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs."""
        try:
            await self._pieces.aclose()
        finally:
            await self._exchange.aclose()
            self._serving.finished(self._exchange)


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came: `target` followed its path, header names are in lower case."""

    body: bytes
    target: str = ""
    headers: Mapping[str, str] = {}


class GatewayParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway works with.

    `machine` is the clock of those who call, which a demonstration's own is not.
    """

    serving: Serving
    keys: KeyRing
    codec: Codecs
    passage: Passages
    clock: Clock
    wrapping: Wrapping
    machine: Clock = SystemClock()


class Gateway:
    """Applications' calls. One per process."""

    def __init__(self, parts: GatewayParts) -> None:
        self._serving = parts.serving
        self._keys = parts.keys
        self._codec = parts.codec
        self._passage = parts.passage
        self._clock = parts.clock
        self._wrapping = parts.wrapping
        self._machine = parts.machine

    async def chat(self, protocol: WireProtocol, presented: str | None, came: Came) -> Answer:
        """Serves one chat call that came in `protocol`."""
        client = self._codec(protocol)
        call_id = new_id("call")
        try:
            asked = self._read(call_id, client, presented, came)
            exchange = await self._serving.serve(asked)
        except VendorRefusal as refusal:
            return _vendor_refused(client, refusal, call_id, self._machine.now())
        except Refusal as refusal:
            return _refused(client, refusal, call_id)
        answered = False
        try:
            answer = await self._answer(client, asked, exchange)
            answered = True
            return answer
        finally:
            if not answered:
                await exchange.aclose()
                self._serving.finished(exchange)

    def models(self, protocol: WireProtocol, presented: str | None) -> Answer:
        """The models that the key's service may use now, in the client's shape."""
        client = self._codec(protocol)
        try:
            key = self._authorise(presented, "models")
            ruleset = self._serving.ruleset()
            service = ruleset.directory.services.get(key.service)
            if service is None:
                raise _unknown_service(key.service)
        except Refusal as refusal:
            return _refused(client, refusal, new_id("call"))
        call = call_of(service, key.slot)
        now = self._clock.now()
        usable = {
            route.model
            for route in ruleset.directory.routes.values()
            if decide(ruleset, call, route.id, now).outcome != "refuse"
        }
        models = [m for m in ruleset.directory.models.values() if m.id in usable]
        return Answer(status=200, headers={}, body=client.encode_models(models))

    def oversized(self, protocol: WireProtocol, greatest: int) -> Answer:
        """The answer to a body of more than `greatest` bytes."""
        refusal = Refusal(
            413, "request_too_large", f"The request is over {greatest} bytes. Send less of it."
        )
        return _refused(self._codec(protocol), refusal, new_id("call"))

    def key_in_address(self, protocol: WireProtocol) -> Answer:
        """The answer to a request that shows its key in its address."""
        refusal = Refusal(
            400,
            "key_in_address",
            "The key stands in the address, which is logged on its way. Send it in a header "
            "instead, and have this key replaced.",
        )
        return _refused(self._codec(protocol), refusal, new_id("call"))

    def misdirected(self, protocol: WireProtocol, status: int, what: str) -> Answer:
        """The answer to a request that no endpoint takes: 404 or 405, and why."""
        refusal = Refusal(
            status,
            "not_found" if status == 404 else "method_not_allowed",
            f"{what} Send POST to /v1/chat/completions, /v1/responses, /v1/messages or "
            "/v1beta/models/MODEL:generateContent, or GET to /v1/models or /v1beta/models.",
        )
        return _refused(self._codec(protocol), refusal, new_id("call"))

    def _authorise(self, presented: str | None, scope: KeyScope) -> Key:
        if presented is None:
            raise Refusal(
                401,
                "missing_key",
                "No key was sent. Send your service's Changeover key where your SDK "
                "sends the vendor's.",
            )
        try:
            key = self._keys.authenticate(presented, self._clock.now())
        except KeyRefusedError as error:
            raise Refusal(401, error.code, str(error)) from error
        if scope not in key.scopes:
            raise out_of_scope(key, scope)
        return key

    def _read(self, call_id: str, client: Codec, presented: str | None, came: Came) -> Asked:
        key = self._authorise(presented, "chat")
        written = Written(
            client=client,
            passage=self._passage(client.protocol),
            wrapping=self._wrapping,
            body=came.body,
            target=came.target,
            headers=came.headers,
        )
        return Asked(
            call_id=call_id,
            service=key.service,
            slot=key.slot,
            caller=key.prefix,
            request=Unread(written),
        )

    async def _answer(self, client: Codec, asked: Asked, exchange: Exchange) -> Answer:
        served = exchange.served
        headers = reply_headers(self._serving.ruleset(), served, exchange.attempt.lost)
        now = self._machine.now()
        limits = read_limits(exchange.headers, now)
        headers |= vendor_headers(exchange.headers, limits, client.protocol, now)
        if exchange.reply is None:
            encoder = self._encoder(client, asked, exchange)
            stream = ClientStream(exchange, encoder, self._serving)
            return Answer(status=200, headers=headers, stream=stream)
        if isinstance(exchange.reply, Passed):
            body = exchange.reply.data
        else:
            body = client.encode_reply(exchange.reply, self._context(asked, exchange))
        await exchange.aclose()
        self._serving.finished(exchange)
        return Answer(status=200, headers=headers, body=body)

    def _encoder(self, client: Codec, asked: Asked, exchange: Exchange) -> _Encoder:
        if isinstance(exchange.flow, PassedOn):
            return _Passing(exchange.flow.reader, asked.call_id)
        return _Translating(client.stream_encoder(self._context(asked, exchange)))

    def _context(self, asked: Asked, exchange: Exchange) -> ReplyContext:
        """What a translated answer says of itself."""
        served, request = exchange.served, asked.request
        said = request.canonical().request if isinstance(request, Unread) else request
        return ReplyContext(
            id=asked.call_id,
            model=served.route.model,
            created=microseconds(self._clock.now()) // 1_000_000,
            include_usage=said.stream_usage,
            thinking=thinks(said),
            system_fingerprint="stand-in" if served.stand_in else None,
        )


def _refused(client: Codec, refusal: Refusal, call_id: str) -> Answer:
    """A refusal in the client's own error shape."""
    body = client.encode_error(refusal.status, refusal.kind, refusal.message, call_id)
    headers = {"changeover-call": call_id, **refusal.headers}
    return Answer(status=refusal.status, headers=headers, body=body)


def _vendor_refused(client: Codec, refusal: VendorRefusal, call_id: str, now: datetime) -> Answer:
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


def _unknown_service(service: str) -> Refusal:
    return Refusal(
        403, "unknown_service", f"The key's service {service} is no longer in the directory."
    )
