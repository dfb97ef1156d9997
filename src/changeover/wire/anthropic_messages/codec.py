"""Messages as the gateway uses it."""

from collections.abc import Iterable

import msgspec

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Model, Protocol
from changeover.wire.anthropic_messages.encoder import MessageStreamEncoder
from changeover.wire.anthropic_messages.errors import decode_error, encode_error
from changeover.wire.anthropic_messages.reply import decode_reply, encode_reply
from changeover.wire.anthropic_messages.request import decode_request, encode_request
from changeover.wire.anthropic_messages.stream import MessageStreamDecoder
from changeover.wire.codec import ReplyContext, StreamDecoder, StreamEncoder
from changeover.wire.sse import MEDIA_TYPE


class AnthropicMessages:
    """The codec of `anthropic-messages`; stateless."""

    protocol: Protocol = "anthropic-messages"
    path = "/v1/messages"
    stream_type = MEDIA_TYPE

    def target(self, upstream_model: str, *, stream: bool) -> str:  # noqa: ARG002
        return ""

    def decode_request(
        self,
        body: bytes,
        target: str = "",  # noqa: ARG002
    ) -> tuple[ChatRequest, tuple[Loss, ...]]:
        return decode_request(body)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        return encode_request(request, upstream_model)

    def decode_reply(self, body: bytes) -> list[Event]:
        return decode_reply(body)

    def stream_decoder(self) -> StreamDecoder:
        return MessageStreamDecoder()

    def decode_error(self, status: int, body: bytes) -> Failed:
        return decode_error(status, body)

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return encode_reply(reply, context)

    def stream_encoder(self, context: ReplyContext) -> StreamEncoder:
        return MessageStreamEncoder(context)

    def encode_error(
        self,
        status: int,
        kind: str,
        message: str,
        request_id: str,
        field: str | None = None,  # noqa: ARG002
    ) -> bytes:
        return encode_error(status, kind, message, request_id)

    def encode_models(self, models: Iterable[Model]) -> bytes:
        """One page with all models; release dates are unknown, hence the epoch."""
        data = [
            {
                "type": "model",
                "id": model.id,
                "display_name": model.name,
                "created_at": "1970-01-01T00:00:00Z",
                "lifecycle": "active" if model.retires is None else "deprecated",
                "retires_at": model.retires,
                "max_input_tokens": model.capabilities.context,
                "max_tokens": model.capabilities.output,
            }
            for model in models
        ]
        page = {
            "data": data,
            "has_more": False,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
        }
        return msgspec.json.encode(page)
