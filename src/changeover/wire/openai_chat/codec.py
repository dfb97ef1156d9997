"""Chat Completions as the gateway uses it."""

from collections.abc import Iterable
from functools import lru_cache, partial

from changeover.conversation.events import Event, Failed
from changeover.conversation.model import ChatRequest, Loss, Reply
from changeover.directory.model import Model, Protocol
from changeover.wire.codec import ReplyContext
from changeover.wire.openai_chat.chunks import ChatStreamEncoder
from changeover.wire.openai_chat.profile import Profile
from changeover.wire.openai_chat.profiles import OPENAI
from changeover.wire.openai_chat.reply import decode_reply, encode_reply
from changeover.wire.openai_chat.request import decode_request
from changeover.wire.openai_chat.sending import encode_request, server_of
from changeover.wire.openai_chat.stream import ChatStreamDecoder
from changeover.wire.openai_errors import decode_error, encode_error
from changeover.wire.openai_listing import encode_models
from changeover.wire.sse import MEDIA_TYPE


class OpenAIChat:
    """The codec of `openai-chat`, for the server that `profile` declares; stateless."""

    protocol: Protocol = "openai-chat"
    path = "/v1/chat/completions"
    stream_type = MEDIA_TYPE

    def __init__(self, profile: Profile = OPENAI) -> None:
        self._profile = profile
        self._server = lru_cache(maxsize=512)(partial(server_of, profile))

    def target(self, upstream_model: str, *, stream: bool) -> str:  # noqa: ARG002
        return ""

    def echoes(self, *, stream: bool) -> bool:
        return self._profile.echoes == "always" or (self._profile.echoes == "whole" and not stream)

    def decode_request(
        self,
        body: bytes,
        target: str = "",  # noqa: ARG002
    ) -> tuple[ChatRequest, tuple[Loss, ...]]:
        return decode_request(body)

    def encode_request(
        self, request: ChatRequest, upstream_model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        return encode_request(request, upstream_model, self._server(upstream_model))

    def decode_reply(self, body: bytes) -> list[Event]:
        return decode_reply(body, self._profile)

    def stream_decoder(self) -> ChatStreamDecoder:
        return ChatStreamDecoder(self._profile)

    def decode_error(self, status: int, body: bytes) -> Failed:
        return decode_error(status, body)

    def encode_reply(self, reply: Reply, context: ReplyContext) -> bytes:
        return encode_reply(reply, context)

    def stream_encoder(self, context: ReplyContext) -> ChatStreamEncoder:
        return ChatStreamEncoder(context)

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
