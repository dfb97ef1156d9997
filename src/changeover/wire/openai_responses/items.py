"""The items of a Responses request, read from clients.

* Words of a person are `input_text`, words of the model `output_text`; the
  vendor refuses the one in the place of the other. Either is read in any place.
* A call and its result are items beside the messages. What one answer thought, said and
  called is one turn, and so are the results that follow it, whether a person
  spoke after them or not: vendors that know only messages want it so.
* An item that holds or names something else is refused.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import (
    CacheMark,
    Citation,
    File,
    Image,
    Loss,
    Part,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.images import read_url
from changeover.wire.openai_responses.caching import WireBreakpoint, read_mark
from changeover.wire.openai_responses.citing import WireAnnotation, read_citation
from changeover.wire.openai_responses.documents import read_file
from changeover.wire.openai_responses.fields import CALL, CUSTOM_CALL, MESSAGE, PART, RESULT
from changeover.wire.openai_responses.freeform import arguments_of
from changeover.wire.openai_responses.reasoning import read_reasoning
from changeover.wire.shapes import shape_from_client
from changeover.wire.transcript import Transcript

Content = str | list[dict[str, Any]]
Spoken = Text | Image | File
_Roles = Literal["user", "assistant", "system", "developer"]


class _Item(msgspec.Struct):
    type: str | None = None


class _Message(msgspec.Struct):
    role: _Roles
    content: Content


class _Call(msgspec.Struct):
    call_id: str
    name: str
    arguments: str


class _CustomCall(msgspec.Struct):
    call_id: str
    name: str
    input: str


class _Result(msgspec.Struct):
    call_id: str
    output: Content


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: str | None = None
    detail: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None
    annotations: list[WireAnnotation] | None = None
    prompt_cache_breakpoint: WireBreakpoint | None = None


class ItemReader:
    """Adds a client's items to a transcript; `close` adds the turn that is open."""

    def __init__(self, into: Transcript) -> None:
        self._into = into
        self._role: Role = "user"
        self._parts: list[Part] = []
        self._goes_on = False

    def read(self, given: dict[str, Any], index: int) -> None:
        """Takes the next item; `ProtocolError` for what is none."""
        if (said := _words_of_one(given)) is not None:
            self._add(*said, of_answer=False)
            return
        place = f"input[{index}]"
        match shape_from_client(given, _Item, place).type:
            case None | "message":
                self._message(given, place)
            case "function_call":
                self._into.losses += review(given, CALL, place)
                call = shape_from_client(given, _Call, place)
                written = call.arguments or "{}"
                part = ToolCall(id=call.call_id, name=call.name, arguments=written)
                self._add("assistant", (part,), of_answer=True)
            case "custom_tool_call":
                self._into.losses += review(given, CUSTOM_CALL, place)
                custom = shape_from_client(given, _CustomCall, place)
                written = arguments_of(custom.input)
                part = ToolCall(id=custom.call_id, name=custom.name, arguments=written)
                self._add("assistant", (part,), of_answer=True)
            case "function_call_output" | "custom_tool_call_output":
                self._add("user", (self._result(given, place),), of_answer=True)
            case "reasoning":
                thought = read_reasoning(given, place, self._into.losses)
                self._add("assistant", thought, of_answer=True)
            case other:
                raise _unsupported(other, place)

    def close(self) -> None:
        self._into.say(self._role, tuple(self._parts))
        self._parts = []
        self._goes_on = False

    def _message(self, given: dict[str, Any], place: str) -> None:
        message = shape_from_client(given, _Message, place)
        self._into.losses += review(given, MESSAGE, place)
        parts = read_content(message.content, f"{place}.content", self._into.losses)
        match message.role:
            case "system" | "developer":
                self.close()
                self._into.instruct(_words(parts, message.role, place), f"{place}.role")
            case "assistant":
                self._add("assistant", _words(parts, message.role, place), of_answer=False)
            case "user":
                self._add("user", parts, of_answer=False)

    def _result(self, given: dict[str, Any], place: str) -> ToolResult:
        self._into.losses += review(given, RESULT, place)
        result = shape_from_client(given, _Result, place)
        parts = read_content(result.output, f"{place}.output", self._into.losses)
        said = tuple(part for part in parts if not isinstance(part, Text) or part.text)
        return ToolResult(call=result.call_id, parts=said)

    def _add(self, role: Role, parts: tuple[Part, ...], *, of_answer: bool) -> None:
        """Adds to the open turn, or opens another.

        `of_answer` says that the item is no message: of the model's it belongs to what
        stands before and behind it, of the client's to the results before it.
        """
        if not parts and of_answer:
            return
        belongs = of_answer and role == "assistant"
        if role != self._role or not (self._goes_on or belongs):
            self.close()
        self._role = role
        self._parts += parts
        self._goes_on = of_answer


def _words_of_one(given: dict[str, Any]) -> tuple[Role, tuple[Text]] | None:
    """What a message says that is one text of one side, and nothing else; most are such."""
    words, role, fields = given.get("content"), given.get("role"), len(given)
    kind = given.get("type", "message")
    if type(words) is not str or kind != "message" or fields != (3 if "type" in given else 2):
        return None
    if role == "user" or role == "assistant":  # noqa: PLR1714 (the type checker reads it so)
        return role, (Text(text=words),)
    return None


def _unsupported(kind: str, place: str) -> ProtocolError:
    return ProtocolError(
        f"An item of the type {kind!r} is not supported here.",
        field=f"{place}.type",
        means="Messages, reasoning, calls of the client's own tools and their results are carried.",
        do="Leave the item out.",
    )


def read_content(content: Content, place: str, losses: list[Loss]) -> tuple[Spoken, ...]:
    """The parts of an item's content; `ProtocolError` for what is none."""
    if isinstance(content, str):
        return (Text(text=content),)
    parts: list[Spoken] = []
    for index, given in enumerate(content):
        at = f"{place}[{index}]"
        losses += review(given, PART, at)
        parts.append(_part(shape_from_client(given, _Part, at), at, losses))
    return tuple(parts)


def _words(parts: tuple[Spoken, ...], role: _Roles, place: str) -> tuple[Text, ...]:
    """The parts of a message that takes text alone."""
    words: list[Text] = []
    for index, part in enumerate(parts):
        if not isinstance(part, Text):
            raise ProtocolError(
                f"A message of the role {role!r} takes text only.",
                field=f"{place}.content[{index}].type",
                do="Send images and files in a user's message.",
            )
        words.append(part)
    return tuple(words)


_NEEDS = {
    "input_text": "text",
    "output_text": "text",
    "refusal": "refusal",
    "input_image": "image_url",
}


def _part(part: _Part, place: str, losses: list[Loss]) -> Spoken:
    mark = read_mark(part.prompt_cache_breakpoint, f"{place}.prompt_cache_breakpoint", losses)
    match part:
        case _Part(type="input_text" | "output_text", text=str(text)):
            return Text(text=text, citations=_citations(part, place, losses), cache=mark)
        case _Part(type="refusal", refusal=str(refusal)):
            return Text(text=refusal, refusal=True)
        case _Part(type="input_image", image_url=str(url)):
            detail = None if part.detail == "auto" else part.detail
            image = read_url(url, detail, f"{place}.image_url")
            return msgspec.structs.replace(image, cache=mark)
        case _Part(type="input_file"):
            return _file(part, mark, place, losses)
        case _ if part.type in _NEEDS:
            name = _NEEDS[part.type]
            raise ProtocolError(
                f"A part of the type {part.type} has no {name}.",
                field=f"{place}.{name}",
                do="Give it as a string.",
            )
        case _:
            raise ProtocolError(
                f"A content part of the type {part.type!r} is not supported here.",
                field=f"{place}.type",
                means="Text, images and files are carried; audio is not.",
                do="Send text, images and files only.",
            )


def _file(part: _Part, mark: CacheMark | None, place: str, losses: list[Loss]) -> File:
    if part.detail not in {None, "auto"}:
        why = "How closely to look at a file is left to the model."
        losses.append(Loss(field=f"{place}.detail", why=why))
    return read_file(part.file_data, part.file_url, part.filename, mark, place)


def _citations(part: _Part, place: str, losses: list[Loss]) -> tuple[Citation, ...]:
    found: list[Citation] = []
    for given in part.annotations or ():
        citation, loss = read_citation(given)
        if citation is not None:
            found.append(citation)
        if loss is not None:
            losses.append(Loss(field=f"{place}.{loss.field}", why=loss.why))
    return tuple(found)
