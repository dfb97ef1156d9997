"""Responses as the gateway uses it."""

from collections.abc import Iterable

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Dialect, Model, Protocol
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_errors import decode_error, encode_error
from changeover.wire.openai_listing import encode_models
from changeover.wire.openai_responses.answer import encode_reply
from changeover.wire.openai_responses.decoder import ResponseStreamDecoder, decode_reply
from changeover.wire.openai_responses.encoder import ResponseStreamEncoder
from changeover.wire.openai_responses.request import decode_request
from changeover.wire.openai_responses.sending import encode_request
from changeover.wire.sse import MEDIA_TYPE


class OpenAIResponses:
    """The codec of `openai-responses`; stateless. Errors and models are as in Chat Completions."""

    protocol: Protocol = "openai-responses"
    path = "/v1/responses"
    stream_type = MEDIA_TYPE

    def __init__(self, dialect: Dialect | None = None) -> None:
        self._dialect = dialect

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
        return encode_request(request, upstream_model, self._dialect)

    def decode_reply(self, body: bytes) -> list[Event]:
        return decode_reply(body)

    def stream_decoder(self) -> ResponseStreamDecoder:
        return ResponseStreamDecoder()

    def decode_error(self, status: int, body: bytes) -> Failed:
        return decode_error(status, body)

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return encode_reply(reply, context)

    def stream_encoder(self, context: ReplyContext) -> ResponseStreamEncoder:
        return ResponseStreamEncoder(context)

    def encode_error(
        self,
        status: int,
        kind: str,
        message: str,
        request_id: str,
        field: str | None = None,
    ) -> bytes:
        return encode_error(status, kind, message, request_id, field)

    def encode_models(self, models: Iterable[Model]) -> bytes:
        return encode_models(models)
