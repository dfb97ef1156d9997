"""Counting a request's tokens in Responses.

Source: OpenAI's reference, "Get input token counts", as typed in the `openai` SDK
(`InputTokenCountParams`). All of its fields may be left out; without a model, the one
that is bound to the key's slot is asked. `personality`, which only this call has, is
reported; the others are those of a request for an answer.
"""

from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.wire.codec import Codec
from changeover.wire.fields import Table, reported, review
from changeover.wire.operation import Written
from changeover.wire.shapes import from_vendor, object_from_client

COUNTED = frozenset(
    {
        "model",
        "input",
        "instructions",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "reasoning",
        "text",
        "truncation",
    }
)
ONLY_HERE: Table = {"personality": reported("Which tone to take is left to the instructions.")}
BOUND = "default"
"""The name that stands for the model bound to the key's slot."""


class _Reply(msgspec.Struct):
    input_tokens: int


_decoder = msgspec.json.Decoder(_Reply)


class ResponsesCounting:
    """`/v1/responses/input_tokens`; stateless. `codec` reads and writes what is counted."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def decode_request(
        self,
        body: bytes,
        target: str = "",  # noqa: ARG002
    ) -> tuple[ChatRequest, tuple[Loss, ...]]:
        given = object_from_client(body)
        only_here = {name: given.pop(name) for name in ONLY_HERE if name in given}
        given.pop("stream", None)
        for name, otherwise in (("model", BOUND), ("input", "")):
            if given.get(name) is None:
                given[name] = otherwise
        request, losses = self._codec.decode_request(msgspec.json.encode(given))
        return request, (*losses, *review(only_here, ONLY_HERE))

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        # How the answer would be chosen has no part in what the input counts.
        alone = msgspec.structs.replace(request, sampling=Sampling(), stream=False)
        body, losses = self._codec.encode_request(alone, upstream_model)
        whole: dict[str, Any] = msgspec.json.decode(body)
        counted = {name: value for name, value in whole.items() if name in COUNTED}
        return Written(
            body=msgspec.json.encode(counted), target="/input_tokens", losses=tuple(losses)
        )

    def decode_reply(self, body: bytes) -> int:
        return from_vendor(_decoder, body, "a count").input_tokens

    def encode_reply(self, tokens: int) -> bytes:
        return msgspec.json.encode({"object": "response.input_tokens", "input_tokens": tokens})
