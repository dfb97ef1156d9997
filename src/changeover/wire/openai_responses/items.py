"""The items of a Responses request, read from clients.

* Words of a person are `input_text`, words of the model `output_text`; the
  vendor refuses the one in the place of the other. Either is read in any place.
* A call and its result are items beside the messages. What one answer said and
  called is one turn, and so are the results that follow it, whether a person
  spoke after them or not: vendors that know only messages want it so.
* Reasoning that a client sends back was sealed by a vendor; it is not sent on,
  and that is reported. An item that holds or names something else is refused.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import Image, Loss, Part, Role, Text, ToolCall, ToolResult
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.images import read_url
from changeover.wire.openai_responses.fields import CALL, MESSAGE, PART, RESULT
from changeover.wire.shapes import shape_from_client
from changeover.wire.transcript import Transcript

Content = str | list[dict[str, Any]]
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


class _Result(msgspec.Struct):
    call_id: str
    output: Content


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: str | None = None
    detail: str | None = None


class ItemReader:
    """Adds a client's items to a transcript; `close` adds the turn that is open."""

    def __init__(self, into: Transcript) -> None:
        self._into = into
        self._role: Role = "user"
        self._parts: list[Part] = []
        self._after_tool = False

    def read(self, given: dict[str, Any], place: str) -> None:
        """Takes the next item; `ProtocolError` for what is none."""
        match shape_from_client(given, _Item, place).type:
            case None | "message":
                self._message(given, place)
            case "function_call":
                self._into.losses += review(given, CALL, place)
                call = shape_from_client(given, _Call, place)
                written = call.arguments or "{}"
                part = ToolCall(id=call.call_id, name=call.name, arguments=written)
                self._add("assistant", (part,), of_tool=True)
            case "function_call_output":
                self._add("user", (self._result(given, place),), of_tool=True)
            case "reasoning":
                why = "Reasoning that a vendor sealed is not sent on."
                self._into.losses.append(Loss(field=f"{place}.type", why=why))
            case other:
                raise ProtocolError(
                    f"An item of the type {other!r} is not supported here.",
                    field=f"{place}.type",
                    means="Messages, calls of functions and their results are carried.",
                    do="Leave the item out.",
                )

    def close(self) -> None:
        self._into.say(self._role, tuple(self._parts))
        self._parts = []
        self._after_tool = False

    def _message(self, given: dict[str, Any], place: str) -> None:
        message = shape_from_client(given, _Message, place)
        self._into.losses += review(given, MESSAGE, place)
        parts = read_content(message.content, f"{place}.content", self._into.losses)
        match message.role:
            case "system" | "developer":
                self.close()
                self._into.instruct(_words(parts, message.role, place), f"{place}.role")
            case "assistant":
                self._add("assistant", _words(parts, message.role, place), of_tool=False)
            case "user":
                self._add("user", parts, of_tool=False)

    def _result(self, given: dict[str, Any], place: str) -> ToolResult:
        self._into.losses += review(given, RESULT, place)
        result = shape_from_client(given, _Result, place)
        parts = read_content(result.output, f"{place}.output", self._into.losses)
        said = tuple(part for part in parts if not isinstance(part, Text) or part.text)
        return ToolResult(call=result.call_id, parts=said)

    def _add(self, role: Role, parts: tuple[Part, ...], *, of_tool: bool) -> None:
        called = of_tool and role == "assistant"
        if role != self._role or not (self._after_tool or called):
            self.close()
        self._role = role
        self._parts += parts
        self._after_tool = of_tool


def read_content(content: Content, place: str, losses: list[Loss]) -> tuple[Text | Image, ...]:
    """The parts of an item's content; `ProtocolError` for what is none."""
    if isinstance(content, str):
        return (Text(text=content),)
    parts: list[Text | Image] = []
    for index, given in enumerate(content):
        at = f"{place}[{index}]"
        losses += review(given, PART, at)
        parts.append(_part(shape_from_client(given, _Part, at), at))
    return tuple(parts)


def _words(parts: tuple[Text | Image, ...], role: _Roles, place: str) -> tuple[Text, ...]:
    """The parts of a message that takes text alone."""
    words: list[Text] = []
    for index, part in enumerate(parts):
        if not isinstance(part, Text):
            raise ProtocolError(
                f"A message of the role {role!r} takes no images.",
                field=f"{place}.content[{index}].type",
                do="Send images in a user's message.",
            )
        words.append(part)
    return tuple(words)


_NEEDS = {
    "input_text": "text",
    "output_text": "text",
    "refusal": "refusal",
    "input_image": "image_url",
}


def _part(part: _Part, place: str) -> Text | Image:
    match part:
        case _Part(type="input_text" | "output_text", text=str(text)):
            return Text(text=text)
        case _Part(type="refusal", refusal=str(refusal)):
            return Text(text=refusal, refusal=True)
        case _Part(type="input_image", image_url=str(url)):
            detail = None if part.detail == "auto" else part.detail
            return read_url(url, detail, f"{place}.image_url")
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
                means="Text and images are carried; audio and files are not yet.",
                do="Send text and images only.",
            )
