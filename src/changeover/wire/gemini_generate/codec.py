"""generateContent as the gateway uses it."""

from collections.abc import Iterable

import msgspec

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Dialect, Model, Protocol
from changeover.wire.codec import ReplyContext
from changeover.wire.gemini_generate.encoder import AnswerStreamEncoder
from changeover.wire.gemini_generate.errors import decode_error, encode_error
from changeover.wire.gemini_generate.reader import decode_reply
from changeover.wire.gemini_generate.receiver import Receiver
from changeover.wire.gemini_generate.request import decode_request
from changeover.wire.gemini_generate.sending import encode_request
from changeover.wire.gemini_generate.stream import AnswerStreamDecoder
from changeover.wire.gemini_generate.target import target
from changeover.wire.gemini_generate.writer import encode_reply
from changeover.wire.sse import MEDIA_TYPE

_METHODS = {
    "chat": ["generateContent", "streamGenerateContent", "countTokens"],
    "embedding": ["embedContent", "batchEmbedContents"],
}


class GeminiGenerate:
    """The codec of `gemini-generate`, as Google or as Vertex AI speaks it; stateless."""

    protocol: Protocol = "gemini-generate"
    path = "/v1beta/models"
    stream_type = MEDIA_TYPE

    def __init__(self, dialect: Dialect | None = None) -> None:
        self._vertex = dialect == "vertex"

    def target(self, upstream_model: str, *, stream: bool) -> str:
        return target(upstream_model, stream=stream)

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        return decode_request(body, target)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        """The body alone: the model stands in the address."""
        return encode_request(request, Receiver(upstream_model, self._vertex))

    def decode_reply(self, body: bytes) -> list[Event]:
        return decode_reply(body)

    def stream_decoder(self) -> AnswerStreamDecoder:
        return AnswerStreamDecoder()

    def decode_error(self, status: int, body: bytes) -> Failed:
        return decode_error(status, body)

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return encode_reply(reply, context)

    def stream_encoder(self, context: ReplyContext) -> AnswerStreamEncoder:
        return AnswerStreamEncoder(context)

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
        """One page with all models; limits that the directory does not know are left out."""
        listed = []
        for model in models:
            limits = {
                "inputTokenLimit": model.capabilities.context,
                "outputTokenLimit": model.capabilities.output,
            }
            listed.append(
                {
                    "name": f"models/{model.id}",
                    "displayName": model.name,
                    **{name: limit for name, limit in limits.items() if limit is not None},
                    "supportedGenerationMethods": _METHODS.get(model.kind, []),
                }
            )
        return msgspec.json.encode({"models": listed})
