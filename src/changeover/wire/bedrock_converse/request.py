"""Converse requests, read from clients.

Source: the service model `bedrock-runtime`, shape `ConverseRequest`. The model and
whether a stream is wanted stand in the address. Instructions stand in `system`; a message
of the role `system` is read too. A stream always ends with its counts.
"""

from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Effort,
    Loss,
    OutputForm,
    Sampling,
    ToolChoice,
)
from changeover.wire.bedrock_converse.additional import Additional, read_additional
from changeover.wire.bedrock_converse.content import ContentReader, words_of_one
from changeover.wire.bedrock_converse.fields import FIELDS, MESSAGE
from changeover.wire.bedrock_converse.target import Target, read_target
from changeover.wire.bedrock_converse.tools import Asked, read_tools
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.shapes import object_from_client, shape_from_client, straight
from changeover.wire.transcript import Transcript

_addressed = lru_cache(maxsize=512)(read_target)
_WORDS_ALONE = 2  # fields: the role and the content
_SPEAKERS = ("user", "assistant")
_Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _Inference(msgspec.Struct):
    maxTokens: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None  # noqa: N815
    temperature: _Unit | None = None
    topP: _Unit | None = None  # noqa: N815 (the vendor's names)
    stopSequences: list[str] | None = None  # noqa: N815


class _JsonSchema(msgspec.Struct):
    schema: str
    name: str | None = None
    description: str | None = None


class _Structure(msgspec.Struct):
    jsonSchema: _JsonSchema  # noqa: N815


class _TextFormat(msgspec.Struct):
    type: Literal["json_schema"]
    structure: _Structure


class _Output(msgspec.Struct):
    textFormat: _TextFormat | None = None  # noqa: N815
    effort: Effort | None = None


class _Request(msgspec.Struct):
    messages: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
    system: list[Any] | None = None
    inferenceConfig: _Inference | None = None  # noqa: N815
    toolConfig: dict[str, Any] | None = None  # noqa: N815
    additionalModelRequestFields: dict[str, Any] | None = None  # noqa: N815
    outputConfig: _Output | None = None  # noqa: N815
    requestMetadata: dict[str, str] | None = None  # noqa: N815


class _StrictInference(_Inference, forbid_unknown_fields=True):
    pass


class Strict(_Request, forbid_unknown_fields=True):
    """A request that has only fields that are carried, each in one way."""

    inferenceConfig: _StrictInference | None = None  # noqa: N815
    toolConfig: None = None  # noqa: N815
    additionalModelRequestFields: None = None  # noqa: N815
    outputConfig: None = None  # noqa: N815


_strict = msgspec.json.Decoder(Strict)


_UNFORMED = _Output()
_UNSET = _Inference()


class _Message(msgspec.Struct):
    role: Literal["user", "assistant", "system"]
    content: list[Any]


def decode_request(body: bytes, target: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    addressed = _addressed(target)
    losses: list[Loss] = []
    asked: _Request | None = straight(_strict, body)
    if asked is None:
        given = object_from_client(body)
        losses = review(given, FIELDS)
        asked = shape_from_client(given, _Request)
    return _canonical(asked, addressed, losses)


def _canonical(
    asked: _Request, addressed: Target, losses: list[Loss]
) -> tuple[ChatRequest, tuple[Loss, ...]]:
    reader, transcript = ContentReader(losses), Transcript()
    if asked.system is not None:
        transcript.instruct(reader.words(asked.system, "system"), "system")
    for index, message in enumerate(asked.messages):
        _read_message(message, index, reader, transcript)
    output = asked.outputConfig or _UNFORMED
    additional = read_additional(asked.additionalModelRequestFields or {}, output.effort)
    turns = transcript.turns
    request = ChatRequest(
        model=addressed.model,
        system=tuple(transcript.system),
        turns=turns,
        sampling=_sampling(asked.inferenceConfig or _UNSET, additional),
        stream=addressed.stream,
        stream_usage=addressed.stream,
        prefill=bool(turns) and turns[-1].role == "assistant",
        thinking=additional.thinking,
        output=None if asked.outputConfig is None else _output(output),
        metadata=asked.requestMetadata or {},
    )
    if asked.toolConfig is None:
        return request, (*losses, *transcript.losses)
    of_tools = read_tools(asked.toolConfig, additional, reader, losses)
    request = msgspec.structs.replace(
        request,
        tools=of_tools.tools,
        tool_choice=_checked(of_tools),
        parallel_calls=of_tools.parallel,
    )
    return request, (*losses, *transcript.losses)


def _read_message(
    given: dict[str, Any], index: int, reader: ContentReader, into: Transcript
) -> None:
    # Most messages are one text of one side, and nothing else.
    if len(given) == _WORDS_ALONE and type(content := given.get("content")) is list:
        role, words = given.get("role"), words_of_one(content[0]) if len(content) == 1 else None
        if words is not None and role in _SPEAKERS:
            into.say(role, (words,))
            return
    place = f"messages[{index}]"
    message = shape_from_client(given, _Message, place)
    into.losses += review(given, MESSAGE, place)
    at = f"{place}.content"
    match message.role:
        case "system":
            into.instruct(reader.words(message.content, at), f"{place}.role")
        case "user" | "assistant":
            into.say(message.role, reader.parts(message.content, message.role, at))


def _sampling(asked: _Inference, additional: Additional) -> Sampling:
    return Sampling(
        max_tokens=asked.maxTokens,
        temperature=asked.temperature,
        top_p=asked.topP,
        top_k=additional.top_k,
        stop=tuple(asked.stopSequences) if asked.stopSequences else (),
    )


def _checked(asked: Asked) -> ToolChoice | None:
    """The choice; `ProtocolError` where it names a tool that is not there."""
    choice = asked.choice
    if choice is None or choice.mode != "named":
        return choice
    if choice.name not in {tool.name for tool in asked.tools}:
        raise ProtocolError(
            f"The tool {choice.name!r} must be called, but there is none of that name.",
            field="toolConfig.toolChoice.tool.name",
            do="Name one of the tools.",
        )
    return choice


def _output(asked: _Output) -> OutputForm | None:
    if asked.textFormat is None:
        return None
    given = asked.textFormat.structure.jsonSchema
    place = "outputConfig.textFormat.structure.jsonSchema.schema"
    try:
        schema = object_from_client(given.schema.encode())
    except (ProtocolError, UnicodeEncodeError) as error:
        raise ProtocolError(
            "The schema of the answer is not the text of a JSON object.",
            field=place,
            do="Send the schema as JSON text.",
        ) from error
    return OutputForm(
        schema=schema, name=given.name or "", description=given.description, strict=True
    )
