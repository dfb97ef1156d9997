"""Embeddings as Gemini's API has them: `embedContent` and `batchEmbedContents`.

Source: Google's reference, "Embeddings", and the `google-genai` SDK (`EmbedContentConfig`,
`ContentEmbedding` and its converter), which asks `batchEmbedContents` for any number.

* What is asked stands beside the content or, in newer clients, under `embedContentConfig`.
* Each request of a batch names its model again: another than the address's is refused,
  and so is another number of dimensions than the first's.
* Google itself gets a client's request as it is but for the model, and fields that are not
  known here with it.
* Several parts of one content become one vector.
"""

from typing import Annotated, Any
from urllib.parse import quote, unquote

import msgspec

from changeover.conversation.embedding import (
    Embeddable,
    EmbeddingInput,
    EmbeddingRequest,
    Embeddings,
)
from changeover.conversation.model import File, Image, Loss, Text
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.fields import CARRIED, Table, converted, refused, reported, review
from changeover.wire.gemini_generate.names import in_camel_case, listed
from changeover.wire.operation import Written, finite
from changeover.wire.shapes import from_vendor, object_from_client, shape_from_client

ALONE, TOGETHER = "embedContent", "batchEmbedContents"
_OFF = (False,)
_HOW = "How a vendor reads its own file formats is left to it."

CONFIG: Table = {
    "taskType": CARRIED,
    "title": CARRIED,
    "outputDimensionality": CARRIED,
    "autoTruncate": reported("A text that is too long is the vendor's to refuse or to cut."),
    "documentOcr": reported(_HOW, *_OFF),
    "audioTrackExtraction": reported(_HOW, *_OFF),
    "mimeType": reported("The type stands with the data."),
}
FIELDS: Table = {
    "model": converted("The address names it."),
    "content": CARRIED,
    "embedContentConfig": converted("Read field by field.", CONFIG),
    **CONFIG,
}
BATCH: Table = {"requests": CARRIED}
CONTENT: Table = {
    "parts": CARRIED,
    "role": reported("A content to embed is nobody's turn.", "user"),
}
PART: Table = {
    "text": CARRIED,
    "inlineData": CARRIED,
    "fileData": CARRIED,
    "functionCall": refused("There is no meaning in it to embed."),
    "functionResponse": refused("There is no meaning in it to embed."),
}

_Objects = Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]


class _Batch(msgspec.Struct):
    requests: _Objects


class _Request(msgspec.Struct, rename="camel"):
    content: dict[str, Any]
    model: str | None = None
    task_type: str | None = None
    title: str | None = None
    output_dimensionality: Annotated[int, msgspec.Meta(ge=1)] | None = None


class _Content(msgspec.Struct):
    parts: _Objects


class _Data(msgspec.Struct, rename="camel"):
    mime_type: str
    data: str


class _Kept(msgspec.Struct, rename="camel"):
    file_uri: str
    mime_type: str = ""


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    inline_data: dict[str, Any] | None = None
    file_data: dict[str, Any] | None = None


class _Vector(msgspec.Struct):
    values: list[float]


class _Usage(msgspec.Struct, rename="camel"):
    prompt_token_count: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None


class _Reply(msgspec.Struct, rename="camel"):
    embedding: _Vector | None = None
    embeddings: list[_Vector] | None = None
    usage_metadata: _Usage | None = None


_Passed = dict[str, msgspec.Raw]
_decoder = msgspec.json.Decoder(_Reply)


class GeminiEmbeddings:
    """Embeddings of `gemini-generate`; stateless."""

    def decode_request(
        self, body: bytes, target: str = ""
    ) -> tuple[EmbeddingRequest, tuple[Loss, ...]]:
        model, method = _addressed(target)
        given = in_camel_case(object_from_client(body))
        losses: list[Loss] = []
        if method == ALONE:
            asked = [_Asked(given, "", model, losses)]
        else:
            given["requests"] = listed(given.get("requests"))
            losses += review(given, BATCH)
            asked = [
                _Asked(in_camel_case(each, place), place, model, losses)
                for index, each in enumerate(shape_from_client(given, _Batch).requests)
                if (place := f"requests[{index}]")
            ]
        dimensions = asked[0].dimensions
        for each in asked:
            if each.dimensions != dimensions:
                raise ProtocolError(
                    f"{each.place} asks for other dimensions than the first request.",
                    field=f"{each.place}.outputDimensionality",
                    do="Ask for vectors of different lengths in calls of their own.",
                )
        request = EmbeddingRequest(
            model=model,
            inputs=tuple(each.input for each in asked),
            dimensions=dimensions,
            alone=method == ALONE,
        )
        return request, tuple({loss.field: loss for loss in losses}.values())

    def write(self, request: EmbeddingRequest, upstream_model: str) -> Written:
        losses: list[Loss] = []
        if request.user is not None:
            losses.append(Loss(field="user", why="Google takes no name of a user."))
        name = upstream_model.removeprefix("models/")
        requests = [
            {"model": f"models/{name}", **_written(each, request.dimensions, f"input[{index}]")}
            for index, each in enumerate(request.inputs)
        ]
        alone = len(requests) == 1
        body = requests[0] if alone else {"requests": requests}
        return Written(
            body=msgspec.json.encode(body),
            target=f"/{quote(name, safe='/@:')}:{ALONE if alone else TOGETHER}",
            losses=tuple(losses),
        )

    def decode_reply(self, body: bytes, inputs: int) -> Embeddings:
        reply = from_vendor(_decoder, body, "embeddings")
        vectors = reply.embeddings or ([] if reply.embedding is None else [reply.embedding])
        if len(vectors) != inputs:
            raise VendorProtocolError(
                f"The vendor sent {len(vectors)} embeddings for {inputs} inputs."
            )
        usage = reply.usage_metadata
        return Embeddings(
            vectors=tuple(finite(each.values) for each in vectors),
            input_tokens=usage.prompt_token_count if usage else None,
        )

    def encode_reply(
        self,
        request: EmbeddingRequest,
        embeddings: Embeddings,
        model: str,  # noqa: ARG002 - the protocol does not say it again
    ) -> tuple[bytes, tuple[Loss, ...]]:
        vectors = [{"values": vector} for vector in embeddings.vectors]
        answer: dict[str, Any] = (
            {"embedding": vectors[0]} if request.alone else {"embeddings": vectors}
        )
        if embeddings.input_tokens is not None:
            counted = embeddings.input_tokens
            answer["usageMetadata"] = {"promptTokenCount": counted, "totalTokenCount": counted}
        return msgspec.json.encode(answer), ()

    def pass_request(self, body: bytes, target: str, upstream_model: str) -> Written:
        name = upstream_model.removeprefix("models/")
        method = _addressed(target)[1]
        given = in_camel_case(msgspec.json.decode(body, type=_Passed))
        named = {"model": f"models/{name}"}
        if method == ALONE:
            passed: dict[str, Any] = {**given, **named}
        else:
            each = msgspec.json.decode(given["requests"], type=_Passed | list[_Passed])
            requests = each if isinstance(each, list) else [each]
            passed = {**given, "requests": [{**one, **named} for one in requests]}
        return Written(
            body=msgspec.json.encode(passed),
            target=f"/{quote(name, safe='/@:')}:{method}",
        )

    def pass_reply(self, body: bytes, model: str) -> bytes:  # noqa: ARG002 - it names none
        return body


class _Asked:
    """One request for a vector, read; its losses are added to `losses`."""

    def __init__(self, given: dict[str, Any], place: str, model: str, losses: list[Loss]) -> None:
        self.place = place
        inner = given.get("embedContentConfig")
        if isinstance(inner, dict):
            inner = given["embedContentConfig"] = in_camel_case(inner, "embedContentConfig")
        losses += review(given, FIELDS, place)
        beside = inner if isinstance(inner, dict) else {}
        asked = shape_from_client({**beside, **given}, _Request, place)
        if asked.model is not None and asked.model.removeprefix("models/") != model:
            field = f"{place}.model" if place else "model"
            raise ProtocolError(
                f"The field {field} names another model than the address.",
                field=field,
                do="Name one model for all.",
            )
        self.dimensions = asked.output_dimensionality
        at = f"{place}.content" if place else "content"
        self.input = EmbeddingInput(
            parts=_parts(asked.content, at, losses), task=asked.task_type, title=asked.title
        )


def _addressed(target: str) -> tuple[str, str]:
    model, _, method = unquote(target.partition("?")[0].removeprefix("/")).rpartition(":")
    return model.removeprefix("models/"), method


def _parts(content: dict[str, Any], place: str, losses: list[Loss]) -> tuple[Embeddable, ...]:
    given = in_camel_case(content, place)
    given["parts"] = listed(given.get("parts"))
    losses += review(given, CONTENT, place)
    shaped = shape_from_client(given, _Content, place)
    return tuple(
        _part(in_camel_case(each, f"{place}.parts[{index}]"), f"{place}.parts[{index}]", losses)
        for index, each in enumerate(shaped.parts)
    )


def _part(given: dict[str, Any], place: str, losses: list[Loss]) -> Embeddable:
    losses += review(given, PART, place)
    match shape_from_client(given, _Part, place):
        case _Part(text=str(text)):
            return Text(text=text)
        case _Part(inline_data=dict(inline)):
            held = shape_from_client(in_camel_case(inline), _Data, f"{place}.inlineData")
            if held.mime_type.startswith("image/"):
                return Image(media_type=held.mime_type, data=held.data)
            return File(media_type=held.mime_type, data=held.data)
        case _Part(file_data=dict(file)):
            kept = shape_from_client(in_camel_case(file), _Kept, f"{place}.fileData")
            if "/v1beta/files/" in kept.file_uri:
                raise ProtocolError(
                    "A file that one vendor keeps cannot be read from here.",
                    field=f"{place}.fileData.fileUri",
                    do="Send the bytes as inlineData.",
                )
            return File(media_type=kept.mime_type, url=kept.file_uri)
        case _:
            raise ProtocolError(
                "A part of a content has nothing in it that can be embedded.",
                field=place,
                do="Give it text or inlineData.",
            )


def _written(given: EmbeddingInput, dimensions: int | None, place: str) -> dict[str, Any]:
    if given.tokens:
        raise ProtocolError(
            f"The field {place} holds numbers of tokens, which are one vendor's own.",
            field=place,
            do="Send the text.",
        )
    options = {
        "taskType": given.task,
        "title": given.title,
        "outputDimensionality": dimensions,
    }
    return {
        "content": {"parts": [_written_part(part) for part in given.parts]},
        **{name: value for name, value in options.items() if value is not None},
    }


def _written_part(part: Embeddable) -> dict[str, Any]:
    match part:
        case Text():
            return {"text": part.text}
        case Image(url="") | File(url="", text=""):
            return {"inlineData": {"mimeType": part.media_type, "data": part.data}}
        case File(url="", text=words):
            return {"text": words}
        case Image() | File():
            kind = {"mimeType": part.media_type} if part.media_type else {}
            return {"fileData": {**kind, "fileUri": part.url}}
