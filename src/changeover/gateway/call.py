"""One call of an application, from its client's bytes to its answer.

The client's protocol is read and written here; between the two stands `Serving`,
the only way to a vendor. Every fault is an answer in the client's own shape.

1. Authorise the key; it names the service and the slot, and its scopes what it may do.
2. Read of the request what is asked; the rest when a candidate needs it (`written.py`).
3. Serve it (`serving.py`).
4. Write the answer in the client's protocol, or pass the vendor's own bytes on.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from typing import Protocol

import msgspec

from changeover.basics.clock import Clock, SystemClock
from changeover.basics.ids import new_id
from changeover.basics.instants import microseconds
from changeover.conversation.events import Failed
from changeover.gateway.answer import Answer, Spoken, refused, spoken_codec, vendor_refused
from changeover.gateway.beside import Beside
from changeover.gateway.catalogue import Catalogue, unknown_service
from changeover.gateway.counting import CountingCalls
from changeover.gateway.door import Door
from changeover.gateway.embedding import EmbeddingCalls
from changeover.gateway.exchange import Exchange
from changeover.gateway.flow import PassedOn, Piece
from changeover.gateway.headers import reply_headers, vendor_headers
from changeover.gateway.media import MediaCalls
from changeover.gateway.once import Once, Sent
from changeover.gateway.refusal import Refusal, VendorRefusal
from changeover.gateway.serving import Asked, Serving
from changeover.gateway.unserved import Unserved
from changeover.gateway.written import Unread, Written, thinks
from changeover.identity.keys import KeyRing
from changeover.orders.decide import decide
from changeover.orders.ruleset import call_of
from changeover.wire.codec import Codec, Codecs, ReplyContext, StreamEncoder
from changeover.wire.limits import read_limits
from changeover.wire.passing import Passages, Passed, PassingReader
from changeover.wire.sealing import Wrapping


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

    def __init__(self, exchange: Exchange, encoder: _Encoder, serving: Serving) -> None:
        self._exchange = exchange
        self._encoder = encoder
        self._serving = serving
        self._pieces = self._encoded()

    @property
    def whole(self) -> bool:
        """Whether the answer came to its end."""
        return self._exchange.attempt.result == "answered"

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

    `machine` is the clock of those who call, which a demonstration's own is not. `once` makes
    calls once that bear an idempotency key; without it the key says nothing.
    """

    serving: Serving
    keys: KeyRing
    codec: Codecs
    passage: Passages
    clock: Clock
    wrapping: Wrapping
    machine: Clock = SystemClock()
    once: Once | None = None


class Gateway:
    """Applications' calls. One per process."""

    def __init__(self, parts: GatewayParts) -> None:
        self._serving = parts.serving
        self._door = Door(parts.keys, parts.clock)
        self._codec = parts.codec
        self._passage = parts.passage
        self._clock = parts.clock
        self._wrapping = parts.wrapping
        self._machine = parts.machine
        beside = Beside(parts.serving, self._door, parts.codec, parts.machine)
        self.embed = EmbeddingCalls(beside).embed
        self.count = CountingCalls(beside, parts.wrapping).count
        self.media = MediaCalls(beside).make
        self._once = parts.once
        self.model = Catalogue(parts.serving, self._door, parts.codec, parts.clock).model

    async def chat(self, spoken: Spoken, presented: str | None, came: Came) -> Answer:
        """Serves one chat call that came in `spoken`."""
        client = self._client(spoken)
        call_id = new_id("call")
        try:
            asked = self._read(call_id, spoken, presented, came)
            exchange = await self._serving.serve(asked)
        except VendorRefusal as refusal:
            return vendor_refused(client, refusal, call_id, self._machine.now())
        except Refusal as refusal:
            return refused(client, refusal, call_id)
        answered = False
        try:
            answer = await self._answer(client, asked, exchange)
            answered = True
            return answer
        finally:
            if not answered:
                await exchange.aclose()
                self._serving.finished(exchange)

    async def once(
        self, spoken: Spoken, sent: Sent | None, serve: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """What `serve` answers; what it answered before, where that was `sent` with a key."""
        if sent is None or self._once is None:
            return await serve()
        return await self._once.answer(sent, self._client(spoken), serve)

    def models(self, spoken: Spoken, presented: str | None) -> Answer:
        """The models that the key's service may use now, in the client's shape."""
        client = self._client(spoken)
        try:
            key = self._door.authorise(presented, "models")
            ruleset = self._serving.ruleset()
            service = ruleset.directory.services.get(key.service)
            if service is None:
                raise unknown_service(key.service)
        except Refusal as refusal:
            return refused(client, refusal, new_id("call"))
        call = call_of(service, key.slot)
        now = self._clock.now()
        usable = {
            route.model
            for route in ruleset.directory.routes.values()
            if decide(ruleset, call, route.id, now).outcome != "refuse"
        }
        models = [m for m in ruleset.directory.models.values() if m.id in usable]
        return Answer(status=200, headers={}, body=client.encode_models(models))

    def oversized(self, spoken: Spoken, greatest: int) -> Answer:
        """The answer to a body of more than `greatest` bytes."""
        refusal = Refusal(
            413, "request_too_large", f"The request is over {greatest} bytes. Send less of it."
        )
        return refused(self._client(spoken), refusal, new_id("call"))

    def key_in_address(self, spoken: Spoken) -> Answer:
        """The answer to a request that shows its key in its address."""
        refusal = Refusal(
            400,
            "key_in_address",
            "The key stands in the address, which is logged on its way. Send it in a header "
            "instead, and have this key replaced.",
        )
        return refused(self._client(spoken), refusal, new_id("call"))

    def misdirected(self, spoken: Spoken, status: int, what: str) -> Answer:
        """The answer to a request that no endpoint takes: 404 or 405, and why."""
        refusal = Refusal(
            status,
            "not_found" if status == 404 else "method_not_allowed",
            f"{what} Send POST to /v1/chat/completions, /v1/responses, /v1/messages, "
            "/v1/embeddings, /v1beta/models/MODEL:generateContent or /model/MODEL/converse, or GET "
            "to /v1/models or /v1beta/models.",
        )
        return refused(self._client(spoken), refusal, new_id("call"))

    def unserved(self, spoken: Spoken, known: Unserved) -> Answer:
        """The answer to a request that a vendor would take and that is not served here."""
        refusal = Refusal(
            known.status,
            "not_found" if known.status == 404 else "not_carried",
            f"{known.what} cannot be had here. {known.why} {known.do}",
            {"x-should-retry": "false"},
        )
        return refused(self._client(spoken), refusal, new_id("call"))

    def signed(self, spoken: Spoken) -> Answer:
        """The answer to a request that is signed with an access key of Amazon's."""
        refusal = Refusal(
            403,
            "signed_request",
            "The request is signed with AWS credentials, and this is no AWS. Set "
            "AWS_BEARER_TOKEN_BEDROCK to your service's Changeover key; the SDK then sends "
            "it instead of a signature, and over HTTPS only.",
        )
        return refused(self._client(spoken), refusal, new_id("call"))

    def _client(self, spoken: Spoken) -> Codec:
        """The codec of what a client speaks."""
        return spoken_codec(self._codec, spoken)

    def _read(self, call_id: str, spoken: Spoken, presented: str | None, came: Came) -> Asked:
        key = self._door.authorise(presented, "chat")
        client = self._client(spoken)
        written = Written(
            client=client,
            passage=None if isinstance(spoken, tuple) else self._passage(spoken),
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
        headers = reply_headers(
            self._serving.ruleset(), served, exchange.attempt.lost, model=exchange.model
        )
        now = self._machine.now()
        limits = read_limits(exchange.headers, now)
        headers |= vendor_headers(exchange.headers, limits, client.protocol, now)
        if exchange.reply is None:
            encoder = self._encoder(client, asked, exchange)
            stream = ClientStream(exchange, encoder, self._serving)
            return Answer(status=200, headers=headers, stream=stream, media_type=client.stream_type)
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
            freeform=tuple(tool.name for tool in said.tools if tool.freeform),
            system_fingerprint="stand-in" if served.stand_in else None,
        )
