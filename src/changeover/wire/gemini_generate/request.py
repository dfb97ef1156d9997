"""generateContent requests, read from clients.

* The model and whether a stream is wanted stand in the address (`target.py`).
* Content without a role is the user's. Instructions stand in `systemInstruction`
  alone; its role means nothing.
* A part that is a thought is reasoning, and so is the signature on any other part of the
  model's (`seals.py`).
* Contents of the model's that follow one another are one turn (`turns.py`).
* A last turn of the model's is answered after, not continued.
* `labels` are the client's names for its own records.
"""

from functools import lru_cache
from typing import Annotated, Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.gemini_generate.exchanges import Exchanges
from changeover.wire.gemini_generate.fields import CONTENT, FIELDS, PART
from changeover.wire.gemini_generate.generation import WireGeneration
from changeover.wire.gemini_generate.media import read_file, read_inline
from changeover.wire.gemini_generate.names import in_camel_case, listed
from changeover.wire.gemini_generate.seals import seal_of_client
from changeover.wire.gemini_generate.target import Target, read_target
from changeover.wire.gemini_generate.thinking import WireThinking
from changeover.wire.gemini_generate.tools import read_choice, read_tools
from changeover.wire.gemini_generate.turns import together, whole_thoughts
from changeover.wire.shapes import object_from_client, shape_from_client, straight

_WORDS_ALONE = 2  # fields: the role and the parts
_ROLES: dict[str, Role] = {"user": "user", "model": "assistant"}
_addressed = lru_cache(maxsize=512)(read_target)
_Objects = Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]
_NOT_THE_MODELS = "Only the model's thoughts are sealed."


class _Request(msgspec.Struct, rename="camel"):
    contents: _Objects
    system_instruction: dict[str, Any] | None = None
    generation_config: WireGeneration | None = None
    tools: list[dict[str, Any]] | None = None
    tool_config: dict[str, Any] | None = None
    labels: dict[str, str] | None = None


class _StrictThinking(WireThinking, forbid_unknown_fields=True):
    pass


class StrictGeneration(WireGeneration, forbid_unknown_fields=True):
    """A `generationConfig` of the same kind."""

    thinking_config: _StrictThinking | None = None


class Strict(_Request, forbid_unknown_fields=True):
    """A request that has only fields that are carried, each in one way, by their JSON names."""

    generation_config: StrictGeneration | None = None
    tool_config: None = None


_strict = msgspec.json.Decoder(Strict)
_UNSET = WireGeneration()


class _Content(msgspec.Struct):
    parts: _Objects
    role: str | None = None


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: dict[str, Any] | None = None
    function_response: dict[str, Any] | None = None
    inline_data: dict[str, Any] | None = None
    file_data: dict[str, Any] | None = None


def decode_request(body: bytes, target: str) -> tuple[ChatRequest, tuple[Loss, ...]]:
    """A client's request, canonically; `ProtocolError` if malformed or refused."""
    addressed = _addressed(target)
    losses: list[Loss] = []
    asked: _Request | None = straight(_strict, body)
    if asked is None:
        given = _with_json_names(object_from_client(body))
        losses = review(given, FIELDS)
        asked = shape_from_client(given, _Request)
    return _canonical(asked, addressed, losses)


def _canonical(
    asked: _Request, addressed: Target, losses: list[Loss]
) -> tuple[ChatRequest, tuple[Loss, ...]]:
    reader = _ContentReader(losses)
    system: tuple[Text, ...] = ()
    if asked.system_instruction is not None:
        system = reader.system(asked.system_instruction)
    turns: list[Turn] = []
    for index, content in enumerate(asked.contents):
        role, parts = reader.turn(content, index)
        turns += [Turn(role=role, parts=parts)] if parts else []
    generation = asked.generation_config or _UNSET
    request = ChatRequest(
        model=addressed.model,
        system=system,
        turns=tuple(whole_thoughts(turn) for turn in together(turns)),
        sampling=generation.sampling,
        stream=addressed.stream,
        stream_usage=addressed.stream,
    )
    if not (_asks_no_more(asked) and generation.asks_only_for_words):
        request = _with_the_rest(request, asked, generation, losses)
    return request, (*addressed.losses, *losses)


def _asks_no_more(asked: _Request) -> bool:
    """Whether nothing is said but what every request says: naming each field costs time."""
    return asked.tools is None and asked.tool_config is None and asked.labels is None


def _with_the_rest(
    request: ChatRequest, asked: _Request, generation: WireGeneration, losses: list[Loss]
) -> ChatRequest:
    tools = read_tools(asked.tools or [], losses)
    return msgspec.structs.replace(
        request,
        tools=tools,
        tool_choice=read_choice(asked.tool_config or {}, tools, losses),
        thinking=generation.thinking,
        output=generation.output,
        metadata=asked.labels or {},
    )


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


class _ContentReader:
    """Contents in their order; a result finds its call among those before it."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._exchanges = Exchanges(losses)

    def system(self, content: dict[str, Any]) -> tuple[Text, ...]:
        """The instructions."""
        parts = content.get("parts")
        if len(content) == 1 and type(parts) is list and len(parts) == 1:
            words = _words_of_one(parts[0])
            if words is not None:
                return (words,)
        return _words_only(self.read(content, "systemInstruction")[1])

    def turn(self, content: dict[str, Any], index: int) -> tuple[Role, tuple[Part, ...]]:
        """Who speaks in one of the request's contents, and what is said."""
        parts = content.get("parts")
        # Most contents are one text of one side, and nothing else.
        if len(content) == _WORDS_ALONE and type(parts) is list and len(parts) == 1:
            role, words = content.get("role"), _words_of_one(parts[0])
            if words is not None and type(role) is str and role in _ROLES:
                return _ROLES[role], (words,)
        return self.read(content, f"contents[{index}]")

    def read(self, content: dict[str, Any], place: str) -> tuple[Role, tuple[Part, ...]]:
        given = in_camel_case(content, place)
        given["parts"] = listed(given.get("parts"))
        self._losses += review(given, CONTENT, place)
        shaped = shape_from_client(given, _Content, place)
        role = _role(shaped.role, place)
        parts: list[Part] = []
        for index, each in enumerate(shaped.parts):
            words = _words_of_one(each)
            parts += (
                self._part(each, f"{place}.parts[{index}]", role) if words is None else (words,)
            )
        return role, tuple(parts)

    def _part(self, part: dict[str, Any], place: str, role: Role) -> list[Part]:
        given = in_camel_case(part, place)
        self._losses += review(given, PART, place)
        shaped = shape_from_client(given, _Part, place)
        if role == "user" and (shaped.thought or shaped.thought_signature):
            self._losses.append(Loss(field=f"{place}.thought", why=_NOT_THE_MODELS))
            return [] if shaped.thought else [self._content(shaped, place)]
        if shaped.thought:
            return self._thought(shaped, place)
        if seal := seal_of_client(shaped.thought_signature, "previous"):
            return self._sealed(shaped, Reasoning(summary=True, sealed=seal), place)
        return [self._content(shaped, place)]

    def _thought(self, part: _Part, place: str) -> list[Part]:
        if part.text is None and part.inline_data is not None:
            why = "A thought that is no text is not carried."
            self._losses.append(Loss(field=f"{place}.thought", why=why))
        seal = seal_of_client(part.thought_signature, "self")
        thought = Reasoning(text=part.text or "", summary=True, sealed=seal)
        return [thought] if part.text or seal else []

    def _sealed(self, part: _Part, seal: Reasoning, place: str) -> list[Part]:
        """A part and the reasoning that its signature is of."""
        if part.function_call is not None:
            assert seal.sealed is not None
            before = msgspec.structs.replace(seal.sealed, on="next")
            return [Reasoning(summary=True, sealed=before), self._content(part, place)]
        if part.text == "" or _holds_nothing(part):
            return [seal]
        return [self._content(part, place), seal]

    def _content(self, part: _Part, place: str) -> Part:
        match part:
            case _Part(text=str(text)):
                return Text(text=text)
            case _Part(function_call=dict(call)):
                return self._exchanges.call(call, f"{place}.functionCall")
            case _Part(function_response=dict(result)):
                return self._exchanges.result(result, f"{place}.functionResponse")
            case _Part(inline_data=dict(inline)):
                return read_inline(inline, f"{place}.inlineData", self._losses)
            case _Part(file_data=dict(file)):
                return read_file(file, f"{place}.fileData", self._losses)
            case _:
                raise ProtocolError(
                    "A part of a content has nothing in it that is known.",
                    field=place,
                    do="Give it text, a functionCall, a functionResponse or inlineData.",
                )


def _words_of_one(part: Any) -> Text | None:
    """What a part says that is a text and nothing else."""
    if type(part) is dict and len(part) == 1 and type(words := part.get("text")) is str:
        return Text(text=words)
    return None


def _holds_nothing(part: _Part) -> bool:
    held = (part.text, part.function_call, part.function_response, part.inline_data, part.file_data)
    return all(each is None for each in held)


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
            case Image() | File() | Reasoning() | ToolCall() | ToolResult():
                raise ProtocolError(
                    "Instructions hold something other than text.",
                    field="systemInstruction.parts",
                    do="Give instructions as text.",
                )
    return tuple(words)
