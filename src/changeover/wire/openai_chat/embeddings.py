"""Embeddings as OpenAI's API and the servers compatible with it have them.

Source: OpenAI's reference, "Create embeddings", as typed in the `openai` SDK
(`EmbeddingCreateParams`, `CreateEmbeddingResponse`); Mistral's reference,
"Embeddings"; the READMEs of llama.cpp's server, of Ollama ("OpenAI compatibility")
and of vLLM.

* An input is a text or the numbers of its tokens, alone or in a list. A list of
  numbers is one input.
* In base64 a vector is its numbers as 32-bit floats, little-endian.
* A host that takes all that OpenAI takes gets a client's request as it is, and fields that
  are not known here with it.
* Servers differ in what they take (`EmbeddingProfile`). What one does not take is
  refused where the vectors would be others, else reported.
* The counts are required in an answer; where the vendor gives none they are estimated,
  which is reported.
"""

import base64
import struct
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.embedding import EmbeddingInput, EmbeddingRequest, Embeddings
from changeover.conversation.estimating import estimate_embedded
from changeover.conversation.model import File, Image, Loss, Text
from changeover.directory.model import Dialect
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.fields import CARRIED, Table, converted, review
from changeover.wire.operation import Written, finite
from changeover.wire.shapes import from_vendor, object_from_client, shape_from_client

FIELDS: Table = {
    "model": CARRIED,
    "input": CARRIED,
    "dimensions": CARRIED,
    "encoding_format": converted("The vectors are given as asked, however the vendor gives them."),
    "user": CARRIED,
}


class EmbeddingProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a server takes: the name of its field for the dimensions, None if it has none."""

    dimensions: str | None = "dimensions"
    tokens: bool = True
    packed: bool = True
    user: bool = True


OPENAI = EmbeddingProfile()
PROFILES: Mapping[Dialect | None, EmbeddingProfile] = {
    None: OPENAI,
    "azure": OPENAI,
    "vllm": OPENAI,
    "mistral": EmbeddingProfile(dimensions="output_dimension", tokens=False, user=False),
    "ollama": EmbeddingProfile(tokens=False, user=False),
    "llama-cpp": EmbeddingProfile(dimensions=None, user=False),
}

_Token = Annotated[int, msgspec.Meta(ge=0)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
_Tokens = Annotated[list[_Token], msgspec.Meta(min_length=1)]


class _Request(msgspec.Struct):
    model: str
    input: Any
    dimensions: Annotated[int, msgspec.Meta(ge=1)] | None = None
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None


class _Vector(msgspec.Struct):
    embedding: list[float] | str
    index: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: _Count | None = None


class _Reply(msgspec.Struct):
    data: list[_Vector]
    model: str | None = None
    usage: _Usage | None = None


_decoder = msgspec.json.Decoder(_Reply)


class OpenAIEmbeddings:
    """`/v1/embeddings` as a host of the profile takes it; stateless."""

    def __init__(self, profile: EmbeddingProfile = OPENAI) -> None:
        self._profile = profile

    def decode_request(
        self,
        body: bytes,
        target: str = "",  # noqa: ARG002
    ) -> tuple[EmbeddingRequest, tuple[Loss, ...]]:
        given = object_from_client(body)
        losses = review(given, FIELDS)
        asked = shape_from_client(given, _Request)
        request = EmbeddingRequest(
            model=asked.model,
            inputs=_inputs(asked.input),
            dimensions=asked.dimensions,
            packed=asked.encoding_format == "base64",
            user=asked.user,
        )
        return request, tuple(losses)

    def write(self, request: EmbeddingRequest, upstream_model: str) -> Written:
        losses: list[Loss] = []
        body: dict[str, Any] = {"model": upstream_model, "input": self._written(request, losses)}
        if request.dimensions is not None:
            if self._profile.dimensions is None:
                raise _not_taken("dimensions", "its model gives vectors of one length")
            body[self._profile.dimensions] = request.dimensions
        if request.packed and self._profile.packed:
            body["encoding_format"] = "base64"
        if request.user is not None:
            if self._profile.user:
                body["user"] = request.user
            else:
                losses.append(Loss(field="user", why="The host does not take it."))
        return Written(body=msgspec.json.encode(body), beside="/embeddings", losses=tuple(losses))

    def _written(
        self, request: EmbeddingRequest, losses: list[Loss]
    ) -> list[str] | list[tuple[int, ...]]:
        texts: list[str] = []
        tokens: list[tuple[int, ...]] = []
        for index, each in enumerate(request.inputs):
            if each.tokens:
                tokens.append(each.tokens)
            else:
                texts.append(_text(each, f"input[{index}]", losses))
        if tokens and (texts or not self._profile.tokens):
            raise _not_taken("input", "it takes texts and no numbers of tokens")
        return tokens or texts

    def decode_reply(self, body: bytes, inputs: int) -> Embeddings:
        reply = from_vendor(_decoder, body, "embeddings")
        found = {
            at if each.index is None else each.index: _numbers(each.embedding)
            for at, each in enumerate(reply.data)
        }
        if len(reply.data) != inputs or sorted(found) != list(range(inputs)):
            raise VendorProtocolError(
                f"The vendor sent {len(reply.data)} embeddings for {inputs} inputs, or twice one."
            )
        return Embeddings(
            vectors=tuple(found[at] for at in range(inputs)),
            model=reply.model or "",
            input_tokens=reply.usage.prompt_tokens if reply.usage else None,
        )

    def encode_reply(
        self, request: EmbeddingRequest, embeddings: Embeddings, model: str
    ) -> tuple[bytes, tuple[Loss, ...]]:
        counted = embeddings.input_tokens
        losses: tuple[Loss, ...] = ()
        if counted is None:
            counted = estimate_embedded(request)
            losses = (Loss(field="usage", why="The vendor did not count; it is estimated."),)
        write = _packed if request.packed else list
        data = [
            {"object": "embedding", "index": at, "embedding": write(vector)}
            for at, vector in enumerate(embeddings.vectors)
        ]
        usage = {"prompt_tokens": counted, "total_tokens": counted}
        answer = {"object": "list", "data": data, "model": model, "usage": usage}
        return msgspec.json.encode(answer), losses

    def pass_request(
        self,
        body: bytes,
        target: str,  # noqa: ARG002
        upstream_model: str,
    ) -> Written:
        return Written(body=_renamed(body, upstream_model), beside="/embeddings")

    def pass_reply(self, body: bytes, model: str) -> bytes:
        return _renamed(body, model)


def _renamed(body: bytes, model: str) -> bytes:
    """An object with another model's name; its other values stay as they are written."""
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return msgspec.json.encode({**fields, "model": model})


def _inputs(given: Any) -> tuple[EmbeddingInput, ...]:
    if not isinstance(given, list) or (given and isinstance(given[0], int)):
        return (_input(given, "input"),)
    if not given:
        raise ProtocolError("The field input is empty.", field="input", do="Give a text.")
    return tuple(_input(each, f"input[{index}]") for index, each in enumerate(given))


def _input(given: Any, place: str) -> EmbeddingInput:
    try:
        read: str | list[int] = msgspec.convert(given, str | _Tokens)
    except msgspec.ValidationError as error:
        raise ProtocolError(
            f"The field {place} is neither a text nor a list of tokens' numbers.",
            field=place,
            do="Give a text, a list of texts, the numbers of one text's tokens, or a list of such.",
        ) from error
    if isinstance(read, str):
        return EmbeddingInput(parts=(Text(text=read),))
    return EmbeddingInput(tokens=tuple(read))


def _text(given: EmbeddingInput, place: str, losses: list[Loss]) -> str:
    if given.task is not None:
        losses.append(Loss(field="taskType", why="The host embeds all texts alike."))
    if given.title is not None:
        losses.append(Loss(field="title", why="The host takes no title apart from the text."))
    if len(given.parts) > 1:
        losses.append(Loss(field=f"{place}.parts", why="The parts are sent as one text."))
    words: list[str] = []
    for part in given.parts:
        match part:
            case Text():
                words.append(part.text)
            case Image() | File():
                raise _not_taken(place, "it embeds text alone")
    return "\n".join(words)


def _not_taken(field: str, why: str) -> ProtocolError:
    return ProtocolError(
        f"The field {field} cannot be sent to the host of this model: {why}.",
        field=field,
        do="Change the field, or name another model.",
    )


def _numbers(given: list[float] | str) -> tuple[float, ...]:
    if not isinstance(given, str):
        return finite(given)
    try:
        data = base64.b64decode(given, validate=True)
        return finite(struct.unpack(f"<{len(data) // 4}f", data))
    except (ValueError, struct.error) as error:
        raise VendorProtocolError("The vendor sent an embedding that is no vector.") from error


def _packed(vector: tuple[float, ...]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
