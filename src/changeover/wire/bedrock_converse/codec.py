"""Converse as the gateway uses it."""

from collections.abc import Iterable

import msgspec

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Model, Protocol
from changeover.wire.bedrock_converse.decoder import ConverseStreamDecoder
from changeover.wire.bedrock_converse.encoder import ConverseStreamEncoder
from changeover.wire.bedrock_converse.errors import decode_error, encode_error
from changeover.wire.bedrock_converse.reply import decode_reply, encode_reply
from changeover.wire.bedrock_converse.request import decode_request
from changeover.wire.bedrock_converse.sending import encode_request
from changeover.wire.bedrock_converse.target import target
from changeover.wire.codec import ReplyContext
from changeover.wire.event_stream import MEDIA_TYPE


class BedrockConverse:
    """The codec of `bedrock-converse`; stateless."""

    protocol: Protocol = "bedrock-converse"
    path = "/model"
    stream_type = MEDIA_TYPE

    def target(self, upstream_model: str, *, stream: bool) -> str:
        return target(upstream_model, stream=stream)

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        return decode_request(body, target)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        return encode_request(request, upstream_model)

    def decode_reply(self, body: bytes) -> list[Event]:
        return decode_reply(body)

    def stream_decoder(self) -> ConverseStreamDecoder:
        return ConverseStreamDecoder()

    def decode_error(self, status: int, body: bytes) -> Failed:
        return decode_error(status, body)

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return encode_reply(reply, context)

    def stream_encoder(self, context: ReplyContext) -> ConverseStreamEncoder:
        return ConverseStreamEncoder(context)

    def encode_error(
        self,
        status: int,
        kind: str,
        message: str,
        request_id: str,
        field: str | None = None,  # noqa: ARG002 - the shape has no place for it
    ) -> bytes:
        return encode_error(status, kind, message, request_id)

    def encode_models(self, models: Iterable[Model]) -> bytes:
        """What `ListFoundationModels` of Amazon's other client (`bedrock`) answers."""
        listed = [
            {
                "modelArn": f"arn:aws:bedrock:changeover::foundation-model/{model.id}",
                "modelId": model.id,
                "modelName": model.name,
                "providerName": model.maker,
                "responseStreamingSupported": True,
            }
            for model in models
        ]
        return msgspec.json.encode({"modelSummaries": listed})
