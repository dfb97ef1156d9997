"""Counting a request's tokens in Bedrock's runtime API.

Source: the operation `CountTokens` of the service model `bedrock-runtime`. What is counted is
the input of a Converse request, or the body of an `InvokeModel` request, which is in the
form of the model's maker: here, Messages as Bedrock hosts it.
"""

import base64
import binascii
from typing import Any
from urllib.parse import quote

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.wire.codec import Codec
from changeover.wire.errors import ProtocolError
from changeover.wire.operation import Written
from changeover.wire.shapes import from_vendor, object_from_client

COUNT = "count-tokens"
COUNTED = frozenset({"messages", "system", "toolConfig", "additionalModelRequestFields"})
_CONVERSE, _INVOKE = "converse", "invokeModel"
# A request for an answer needs a limit, which counts for nothing here.
_UNLIMITED = 2**31 - 1


class _Reply(msgspec.Struct, rename="camel"):
    input_tokens: int


_decoder = msgspec.json.Decoder(_Reply)


class ConverseCounting:
    """`/model/MODEL/count-tokens`; stateless.

    `codec` reads and writes what is counted in Converse's form, and `hosted` reads what a
    client sends in the form of Messages.
    """

    def __init__(self, codec: Codec, hosted: Codec) -> None:
        self._codec = codec
        self._hosted = hosted

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        model = target.partition("?")[0].removesuffix(f"/{COUNT}")
        given = object_from_client(body).get("input")
        match given:
            case {"converse": dict(whole), **more} if not more:
                answered = msgspec.json.encode(whole)
                request, losses = self._codec.decode_request(answered, f"{model}/{_CONVERSE}")
            case {"invokeModel": {"body": str(packed)}, **more} if not more:
                answered = _unpacked(packed)
                request, losses = self._hosted.decode_request(answered, f"{model}/invoke")
            case _:
                raise ProtocolError(
                    f"The field input holds neither {_CONVERSE} nor {_INVOKE}, or both.",
                    field="input",
                    do="Give one of the two.",
                )
        return msgspec.structs.replace(request, sampling=Sampling(), stream=False), losses

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        alone = msgspec.structs.replace(request, sampling=Sampling(), stream=False)
        body, losses = self._codec.encode_request(alone, upstream_model)
        whole: dict[str, Any] = msgspec.json.decode(body)
        counted = {name: value for name, value in whole.items() if name in COUNTED}
        return Written(
            body=msgspec.json.encode({"input": {_CONVERSE: counted}}),
            target=counting_target(upstream_model),
            losses=losses,
        )

    def decode_reply(self, body: bytes) -> int:
        return read_count(body)

    def encode_reply(self, tokens: int) -> bytes:
        return msgspec.json.encode({"inputTokens": tokens})


def counting_target(upstream_model: str) -> str:
    """What follows `/model` in the address of a request to count for the model."""
    return f"/{quote(upstream_model, safe='')}/{COUNT}"


def read_count(body: bytes) -> int:
    """The count in an answer; `VendorProtocolError` if it is none."""
    return from_vendor(_decoder, body, "a count").input_tokens


def packed_input(body: bytes) -> bytes:
    """The request to count the body of an `InvokeModel` request."""
    packed = base64.b64encode(body).decode()
    return msgspec.json.encode({"input": {_INVOKE: {"body": packed}}})


def _unpacked(packed: str) -> bytes:
    """The body to be counted, with the limit that a request for an answer needs."""
    try:
        given = object_from_client(base64.b64decode(packed, validate=True))
    except (binascii.Error, ValueError) as error:
        raise ProtocolError(
            "The field input.invokeModel.body is not base64.",
            field="input.invokeModel.body",
            do="Send the body's bytes; the SDK encodes them.",
        ) from error
    return msgspec.json.encode({**given, "max_tokens": _UNLIMITED})
