"""Counting a request's tokens in Gemini's protocol.

Source: Google's reference, `models.countTokens`. The contents alone stand in `contents`; with
instructions or tools, the whole request for an answer stands in `generateContentRequest`,
which names its model again. Vertex AI has the fields of that request side by side
instead, and clients of it may send them so.
"""

from typing import Any

import msgspec

from changeover.conversation.model import ChatRequest, Loss, Sampling
from changeover.directory.model import Dialect
from changeover.wire.codec import Codec
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.names import in_camel_case
from changeover.wire.operation import Written
from changeover.wire.shapes import from_vendor, object_from_client

COUNT = "countTokens"
_ANSWER = "generateContent"
_WHOLE = "generateContentRequest"


class _Reply(msgspec.Struct, rename="camel"):
    total_tokens: int = 0  # ProtoJSON leaves out a zero


_decoder = msgspec.json.Decoder(_Reply)


class GeminiCounting:
    """`:countTokens`; stateless. `codec` reads and writes what is counted."""

    def __init__(self, codec: Codec, dialect: Dialect | None = None) -> None:
        self._codec = codec
        self._dialect = dialect

    def decode_request(self, body: bytes, target: str = "") -> tuple[ChatRequest, tuple[Loss, ...]]:
        given = in_camel_case(object_from_client(body))
        whole = given.pop(_WHOLE, None)
        if whole is not None:
            if not isinstance(whole, dict) or given.get("contents"):
                raise ProtocolError(
                    f"{_WHOLE} is no object, or stands beside contents.",
                    field=_WHOLE,
                    do="Give one of the two.",
                )
            given = in_camel_case(whole, _WHOLE)
            given.pop("model", None)
        path, _, query = target.partition("?")
        answered = f"{path.removesuffix(COUNT)}{_ANSWER}" + (f"?{query}" if query else "")
        return self._codec.decode_request(msgspec.json.encode(given), answered)

    def write(self, request: ChatRequest, upstream_model: str) -> Written:
        # How the answer would be chosen has no part in what the input counts.
        alone = msgspec.structs.replace(request, sampling=Sampling(), stream=False)
        body, losses = self._codec.encode_request(alone, upstream_model)
        target = self._codec.target(upstream_model, stream=False)
        whole: dict[str, Any] = msgspec.json.decode(body)
        if self._dialect is None and set(whole) != {"contents"}:
            name = upstream_model.removeprefix("models/")
            whole = {_WHOLE: {"model": f"models/{name}", **whole}}
        return Written(
            body=msgspec.json.encode(whole),
            target=target.removesuffix(_ANSWER) + COUNT,
            losses=losses,
        )

    def decode_reply(self, body: bytes) -> int:
        return from_vendor(_decoder, body, "a count").total_tokens

    def encode_reply(self, tokens: int) -> bytes:
        return msgspec.json.encode({"totalTokens": tokens})
