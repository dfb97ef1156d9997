"""generateContent requests, read from clients.

* The model and whether a stream is wanted stand in the address (`target.py`).
* Content without a role is the user's. Instructions stand in `systemInstruction`
  alone; its role means nothing.
* A part that is a thought, and the signature that a vendor seals one with, are
  left out and reported.
* Contents of the model's that follow one another are one turn (`turns.py`).
* A last turn of the model's is answered after, not continued.
"""

from typing import Annotated, Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Loss,
    Part,
    Role,
    Sampling,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.gemini_generate.exchanges import Exchanges
from changeover.wire.gemini_generate.fields import CONTENT, FIELDS, FILE, INLINE, PART
from changeover.wire.gemini_generate.names import in_camel_case, listed
from changeover.wire.gemini_generate.target import read_target
from changeover.wire.gemini_generate.tools import read_choice, read_tools
from changeover.wire.gemini_generate.turns import together
from changeover.wire.shapes import object_from_client, shape_from_client

MAX_STOPS = 5
_MOST = 2**31 - 1
_Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Objects = Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
_THOUGHT = "Reasoning of an earlier answer is not sent on."


class _Generation(msgspec.Struct, rename="camel"):
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, msgspec.Meta(ge=0, le=_MOST)] | None = None
    max_output_tokens: _Count | None = None
    stop_sequences: Annotated[list[str], msgspec.Meta(max_length=MAX_STOPS)] | None = None


class _Request(msgspec.Struct, rename="camel"):
    contents: _Objects
    system_instruction: dict[str, Any] | None = None
    generation_config: _Generation | None = None
    tools: list[dict[str, Any]] | None = None
    tool_config: dict[str, Any] | None = None


class _Content(msgspec.Struct):
    parts: _Objects
    role: str | None = None


class _Inline(msgspec.Struct, rename="camel"):
    mime_type: str
    data: str


class _File(msgspec.Struct, rename="camel"):
    file_uri: str
    mime_type: str = ""


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool | None = None
    function_call: dict[str, Any] | None = None
    function_response: dict[str, Any] | None = None
    inline_data: dict[str, Any] | None = None
    file_data: dict[str, Any] | None = None


def decode_request(body: bytes, target: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    addressed = read_target(target)
    given = _with_json_names(object_from_client(body))
    losses = review(given, FIELDS)
    asked = shape_from_client(given, _Request)
    reader = _ContentReader(losses)
    system: tuple[Text, ...] = ()
    if asked.system_instruction is not None:
        _, parts = reader.read(asked.system_instruction, "systemInstruction")
        system = _words_only(parts)
    turns: list[Turn] = []
    for index, content in enumerate(asked.contents):
        role, parts = reader.read(content, f"contents[{index}]")
        turns += [Turn(role=role, parts=parts)] if parts else []
    tools = read_tools(asked.tools or [], losses)
    request = ChatRequest(
        model=addressed.model,
        system=system,
        turns=together(turns),
        sampling=_sampling(asked.generation_config or _Generation()),
        stream=addressed.stream,
        stream_usage=addressed.stream,
        tools=tools,
        tool_choice=read_choice(asked.tool_config or {}, tools, losses),
    )
    return request, (*addressed.losses, *losses)


def _with_json_names(body: dict[str, Any]) -> dict[str, Any]:
    given = in_camel_case(body)
    for name in ("generationConfig", "toolConfig"):
        if isinstance(given.get(name), dict):
            given[name] = in_camel_case(given[name], name)
    thinking = given.get("generationConfig")
    if isinstance(thinking, dict) and isinstance(thinking.get("thinkingConfig"), dict):
        thinking["thinkingConfig"] = in_camel_case(thinking["thinkingConfig"], "thinkingConfig")
    calling = given.get("toolConfig")
    if isinstance(calling, dict) and isinstance(calling.get("functionCallingConfig"), dict):
        inner = in_camel_case(calling["functionCallingConfig"], "functionCallingConfig")
        calling["functionCallingConfig"] = inner
    for name in ("contents", "tools"):
        if name in given:
            given[name] = listed(given[name])
    return given


def _sampling(given: _Generation) -> Sampling:
    if given.top_k is not None and given.top_k != int(given.top_k):
        raise ProtocolError(
            "The field generationConfig.topK is no whole number.",
            field="generationConfig.topK",
            do="Give a whole number.",
        )
    return Sampling(
        max_tokens=given.max_output_tokens,
        temperature=given.temperature,
        top_p=given.top_p,
        top_k=None if given.top_k is None else int(given.top_k),
        stop=tuple(given.stop_sequences or ()),
    )


class _ContentReader:
    """Contents in their order; a result finds its call among those before it."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._exchanges = Exchanges(losses)

    def read(self, content: dict[str, Any], place: str) -> tuple[Role, tuple[Part, ...]]:
        given = in_camel_case(content, place)
        given["parts"] = listed(given.get("parts"))
        self._losses += review(given, CONTENT, place)
        shaped = shape_from_client(given, _Content, place)
        parts = [
            part
            for index, each in enumerate(shaped.parts)
            if (part := self._part(each, f"{place}.parts[{index}]")) is not None
        ]
        return _role(shaped.role, place), tuple(parts)

    def _part(self, part: dict[str, Any], place: str) -> Part | None:
        given = in_camel_case(part, place)
        self._losses += review(given, PART, place)
        shaped = shape_from_client(given, _Part, place)
        if shaped.thought:
            self._losses.append(Loss(field=f"{place}.thought", why=_THOUGHT))
            return None
        return self._content(shaped, place)

    def _content(self, part: _Part, place: str) -> Part:
        match part:
            case _Part(text=str(text)):
                return Text(text=text)
            case _Part(function_call=dict(call)):
                return self._exchanges.call(call, f"{place}.functionCall")
            case _Part(function_response=dict(result)):
                return self._exchanges.result(result, f"{place}.functionResponse")
            case _Part(inline_data=dict(inline)):
                return self._inline(inline, f"{place}.inlineData")
            case _Part(file_data=dict(file)):
                return self._file(file, f"{place}.fileData")
            case _:
                raise ProtocolError(
                    "A part of a content has nothing in it that is known.",
                    field=place,
                    do="Give it text, a functionCall, a functionResponse or inlineData.",
                )

    def _inline(self, data: dict[str, Any], place: str) -> Image:
        given = in_camel_case(data, place)
        self._losses += review(given, INLINE, place)
        shaped = shape_from_client(given, _Inline, place)
        return Image(media_type=_picture(shaped.mime_type, place), data=shaped.data)

    def _file(self, data: dict[str, Any], place: str) -> Image:
        given = in_camel_case(data, place)
        self._losses += review(given, FILE, place)
        shaped = shape_from_client(given, _File, place)
        if "/v1beta/files/" in shaped.file_uri or not shaped.file_uri.startswith("https://"):
            raise ProtocolError(
                "A file that one vendor keeps cannot be read from here.",
                field=f"{place}.fileUri",
                do="Send the bytes as inlineData, or a public address that begins with https://.",
            )
        media_type = _picture(shaped.mime_type, place) if shaped.mime_type else ""
        return Image(media_type=media_type, url=shaped.file_uri)


def _picture(mime_type: str, place: str) -> str:
    if not mime_type.startswith("image/"):
        raise ProtocolError(
            f"Data of the type {mime_type!r} is not supported here.",
            field=f"{place}.mimeType",
            means="Only text and images are carried.",
            do="Send an image or text.",
        )
    return mime_type


def _role(role: str | None, place: str) -> Role:
    match role:
        case None | "" | "user" | "function":
            return "user"
        case "model":
            return "assistant"
        case _:
            raise ProtocolError(
                f"Content of the role {role!r} is not supported.",
                field=f"{place}.role",
                do="Use user or model.",
            )


def _words_only(parts: tuple[Part, ...]) -> tuple[Text, ...]:
    words: list[Text] = []
    for part in parts:
        match part:
            case Text():
                words.append(part)
            case Image() | ToolCall() | ToolResult():
                raise ProtocolError(
                    "Instructions hold something other than text.",
                    field="systemInstruction.parts",
                    do="Give instructions as text.",
                )
    return tuple(words)
