"""Counting a request's tokens where Amazon Bedrock or Google's Vertex AI hosts Messages.

Sources: the operation `CountTokens` of Bedrock's service model; Google's page "Count tokens
for Claude models" and the client `AnthropicVertex` of Anthropic's SDK. Bedrock counts the body
of an `InvokeModel` request. Vertex AI has one address for all models, with the model in
the body as it is at Anthropic.
"""

from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.wire.anthropic_messages.counting import MessagesCounting
from changeover.wire.anthropic_messages.hosted import VERTEX_VERSION
from changeover.wire.bedrock_converse.counting import (
    counting_target,
    packed_input,
    read_count,
)
from changeover.wire.codec import Codec
from changeover.wire.operation import Written
from changeover.wire.shapes import object_from_client

_HOSTS_OWN = ("anthropic_version", "anthropic_beta")


class CountingOnVertex(MessagesCounting):
    """`count-tokens:rawPredict`; stateless. `codec` is that of Messages at Anthropic."""

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        given: dict[str, Any] = object_from_client(body)
        plain = {name: value for name, value in given.items() if name not in _HOSTS_OWN}
        return super().decode_request(msgspec.json.encode(plain), target)

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        written = super().write(request, upstream_model)
        fields = msgspec.json.decode(written.body, type=dict[str, msgspec.Raw])
        body = msgspec.json.encode({"anthropic_version": VERTEX_VERSION, **fields})
        return msgspec.structs.replace(written, body=body, target="/count-tokens:rawPredict")


class CountingOnBedrock:
    """`count-tokens` of a body for `InvokeModel`; stateless. Clients count in Converse's form."""

    def __init__(self, hosted: Codec) -> None:
        self._hosted = hosted

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        # The body needs a limit that the model allows; the codec's own is one.
        alone = msgspec.structs.replace(request, sampling=Sampling(), stream=False)
        body, losses = self._hosted.encode_request(alone, upstream_model)
        return Written(
            body=packed_input(body),
            target=counting_target(upstream_model),
            losses=tuple(loss for loss in losses if loss.field != "max_tokens"),
        )

    def decode_reply(self, body: bytes) -> int:
        return read_count(body)
