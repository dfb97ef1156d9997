"""Messages as Amazon Bedrock and Google's Vertex AI host it.

Sources: Anthropic's pages "Claude on Amazon Bedrock" and "Claude on Vertex AI", the clients
`AnthropicBedrock` and `AnthropicVertex` of its SDK, and the operations `InvokeModel` and
`InvokeModelWithResponseStream` of the service model `bedrock-runtime`.

* The model stands in the address and not in the body, which says the version of the
  protocol (`anthropic_version`) instead of a header. Each host has its own name for the
  version of 2023, which is what is written here; the SDK's newest sends the vendor's.
* On Bedrock the address also says whether a stream is wanted; the body does not. A stream
  is AWS's event stream: each message is a `chunk` that holds one event's JSON in base64
  (`bytes`), and errors are exceptions. Errors have Amazon's shape.
* On Vertex AI a stream is server-sent events, as it is from Anthropic.

What is within the body and the events is Messages; `AnthropicMessages` reads and writes it.
"""

import base64
import binascii
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss
from changeover.wire import event_stream, sse
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.bedrock_converse import errors as amazon
from changeover.wire.codec import ReplyContext, StreamDecoder, StreamEncoder
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.event_stream import Message, MessageParser
from changeover.wire.shapes import from_vendor, object_from_client

BEDROCK_VERSION = "bedrock-2023-05-31"
VERTEX_VERSION = "vertex-2023-10-16"
_BETA_LOSS = Loss(
    field="anthropic_beta", why="Features that one vendor tries out are not asked for."
)


class NotHostedError(ProtocolError):
    """The address names an operation that is not served here."""

    code = "not_found"
    status = 404


class AnthropicOnBedrock(AnthropicMessages):
    """Messages through `InvokeModel`; stateless."""

    path = "/model"
    stream_type = event_stream.MEDIA_TYPE

    def target(self, upstream_model: str, *, stream: bool) -> str:
        operation = "invoke-with-response-stream" if stream else "invoke"
        return f"/{quote(upstream_model, safe='')}/{operation}"

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        model, _, operation = target.partition("?")[0].removeprefix("/").rpartition("/")
        streams = {"invoke": False, "invoke-with-response-stream": True}
        if operation not in streams or not model:
            raise _not_hosted(operation, "/model/MODEL/invoke or …/invoke-with-response-stream")
        plain, losses = _plain(body, unquote(model), stream=streams[operation])
        request, more = super().decode_request(plain)
        return request, (*losses, *more)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        body, losses = super().encode_request(request, upstream_model)
        return _hosted(body, BEDROCK_VERSION, "model", "stream"), losses

    def stream_decoder(self) -> StreamDecoder:
        return ChunkDecoder(super().stream_decoder())

    def stream_encoder(self, context: ReplyContext) -> StreamEncoder:
        return ChunkEncoder(super().stream_encoder(context))

    def decode_error(self, status: int, body: bytes) -> Failed:
        return amazon.decode_error(status, body)

    def encode_error(
        self,
        status: int,
        kind: str,
        message: str,
        request_id: str,
        field: str | None = None,  # noqa: ARG002
    ) -> bytes:
        return amazon.encode_error(status, kind, message, request_id)


class AnthropicOnVertex(AnthropicMessages):
    """Messages through `rawPredict`; stateless."""

    path = "/publishers/anthropic/models"

    def target(self, upstream_model: str, *, stream: bool) -> str:
        method = "streamRawPredict" if stream else "rawPredict"
        return f"/{quote(upstream_model, safe='@')}:{method}"

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        path = unquote(target.partition("?")[0].removeprefix("/"))
        model, _, method = path.rpartition(":")
        streams = {"rawPredict": False, "streamRawPredict": True}
        if method not in streams or not model:
            raise _not_hosted(method, "…/models/MODEL:rawPredict or :streamRawPredict")
        plain, losses = _plain(body, model, stream=streams[method])
        request, more = super().decode_request(plain)
        return request, (*losses, *more)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        body, losses = super().encode_request(request, upstream_model)
        return _hosted(body, VERTEX_VERSION, "model"), losses


def _plain(body: bytes, model: str, *, stream: bool) -> tuple[bytes, list[Loss]]:
    """A client's body with what stands in its address, and without what only a host reads."""
    given: dict[str, Any] = object_from_client(body)
    given.pop("anthropic_version", None)
    losses = [_BETA_LOSS] if given.pop("anthropic_beta", None) else []
    return msgspec.json.encode({**given, "model": model, "stream": stream}), losses


def _hosted(body: bytes, version: str, *left_out: str) -> bytes:
    """A body of Messages as a host takes it; what is within its fields stays as it is."""
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    kept = {name: value for name, value in fields.items() if name not in left_out}
    return msgspec.json.encode({"anthropic_version": version, **kept})


def _not_hosted(operation: str, instead: str) -> NotHostedError:
    return NotHostedError(
        f"The operation {operation!r} of a model is not served here.",
        field=None,
        do=f"Send POST to {instead}.",
    )


class _Chunk(msgspec.Struct):
    bytes: str


_chunk = msgspec.json.Decoder(_Chunk)


class ChunkDecoder:
    """Bedrock's messages to canonical events, by way of those of Messages."""

    def __init__(self, inner: StreamDecoder) -> None:
        self._messages = MessageParser()
        self._inner = inner
        self._failed = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        messages = () if self._failed else self._messages.feed(data)
        for message in messages:
            if not self._failed:
                events += self._read(message)
        return events

    def close(self) -> list[Event]:
        if self._failed:
            return []
        events = self._inner.close()
        self._messages.close()
        return events

    def _read(self, message: Message) -> list[Event]:
        if message.text(":message-type") in {"exception", "error"}:
            self._failed = True
            named = message.text(":exception-type") or message.text(":error-code")
            failed = amazon.decode_exception(named, message.payload)
            said = message.text(":error-message")
            return [msgspec.structs.replace(failed, message=said) if said else failed]
        if message.text(":event-type") != "chunk":
            return []  # what the vendor may add
        given = from_vendor(_chunk, message.payload, "a chunk").bytes
        try:
            raw = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError) as error:
            raise VendorProtocolError(
                "The vendor sent a chunk that is no base64.", means="The answer cannot be read."
            ) from error
        return self._inner.feed(sse.encode_event(raw))


class ChunkEncoder:
    """Canonical events to Bedrock's messages, by way of those of Messages."""

    def __init__(self, inner: StreamEncoder) -> None:
        self._inner = inner

    def encode(self, event: Event) -> bytes:
        if isinstance(event, Failed):
            said = msgspec.json.encode({"message": event.message})
            return event_stream.encode_exception(amazon.exception_of(event.kind), said)
        frames = sse.EventStreamParser().feed(self._inner.encode(event))
        return b"".join(_written(frame.data) for frame in frames)


def _written(data: bytes) -> bytes:
    chunk = {"bytes": base64.b64encode(data).decode()}
    return event_stream.encode_event("chunk", msgspec.json.encode(chunk))
