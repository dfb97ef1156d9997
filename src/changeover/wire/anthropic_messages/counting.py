"""Counting a request's tokens in Messages.

Source: Anthropic's reference, "Count tokens in a Message", as typed in the `anthropic`
SDK (`MessageCountTokensParams`). The vendor takes the fields of a request for an answer
that are part of the input, and refuses the others; a client that sends them all the
same has them left out, which changes no count.
"""

from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.wire.codec import Codec
from changeover.wire.operation import Written
from changeover.wire.shapes import from_vendor, object_from_client

COUNTED = frozenset(
    {
        "model",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "cache_control",
    }
)
# A request for an answer needs a limit, and what depends on it is to be counted as asked.
_UNLIMITED = 2**31 - 1


class _Reply(msgspec.Struct):
    input_tokens: int


_decoder = msgspec.json.Decoder(_Reply)


class MessagesCounting:
    """`/v1/messages/count_tokens`; stateless. `codec` reads and writes what is counted."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def decode_request(
        self,
        body: bytes,
        target: str = "",  # noqa: ARG002
    ) -> tuple[ChatRequest, tuple[Loss, ...]]:
        given = object_from_client(body)
        given.pop("stream", None)
        whole = msgspec.json.encode({**given, "max_tokens": _UNLIMITED})
        request, losses = self._codec.decode_request(whole)
        return msgspec.structs.replace(request, sampling=Sampling()), losses

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        unlimited = msgspec.structs.replace(
            request, sampling=Sampling(max_tokens=_UNLIMITED), stream=False
        )
        body, losses = self._codec.encode_request(unlimited, upstream_model)
        whole: dict[str, Any] = msgspec.json.decode(body)
        counted = {name: value for name, value in whole.items() if name in COUNTED}
        return Written(
            body=msgspec.json.encode(counted),
            target="/count_tokens",
            losses=tuple(loss for loss in losses if loss.field != "max_tokens"),
        )

    def decode_reply(self, body: bytes) -> int:
        return from_vendor(_decoder, body, "a count").input_tokens

    def encode_reply(self, tokens: int) -> bytes:
        return msgspec.json.encode({"input_tokens": tokens})
