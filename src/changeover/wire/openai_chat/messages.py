"""The messages of a Chat Completions request, read from clients and written to vendors.

* `system` and `developer` messages mean the same and may stand anywhere; both
  become the request's instructions, which are written as one `system` message
  (OpenAI reads it as `developer` where a model wants that; compatible servers
  often know only `system`).
* An assistant's `refusal` stays marked as one. Its calls come after its text
  here; text that a vendor put after a call is written before it and reported.
* A tool's result is a message of the role `tool`, of text alone, right after the
  calls. Images among results are sent in a user's message after them, and what
  says that a tool failed cannot be said; both are reported.
* Instructions and turns of one text are written as a string, others as a list.
"""

import re
from collections.abc import Sequence
from typing import Any, assert_never

import msgspec

from changeover.conversation.model import (
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.call_ids import CallIds
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.images import read_url, write_url
from changeover.wire.openai_chat.fields import CALL, MESSAGE, PART
from changeover.wire.shapes import shape_from_client
from changeover.wire.transcript import Transcript

FITTING_ID = re.compile(r".{1,40}", re.DOTALL)
"""OpenAI refuses ids of more than 40 characters."""

ERROR_LOSS = Loss(field="is_error", why="Chat Completions cannot say that a tool failed.")
IMAGES_LOSS = Loss(
    field="tool_result",
    why="Chat Completions takes no images in a tool's result; they are sent after the results.",
)
ORDER_LOSS = Loss(
    field="messages", why="Chat Completions puts an answer's text before its calls of tools."
)
PLACE_LOSS = Loss(
    field="messages",
    why="Chat Completions takes no part of this kind from this side; it is left out.",
)


class _Called(msgspec.Struct):
    name: str
    arguments: str


class _Call(msgspec.Struct):
    id: str
    function: _Called


class _Message(msgspec.Struct):
    role: str
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    tool_call_id: str | None = None


class _ImageURL(msgspec.Struct):
    url: str
    detail: str | None = None


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: _ImageURL | None = None


def read_message(given: dict[str, Any], place: str, into: Transcript) -> None:
    """Adds a client's message to the transcript; `ProtocolError` for what is none."""
    message = shape_from_client(given, _Message, place)
    into.losses += review(given, MESSAGE, place)
    match message.role:
        case "system" | "developer":
            into.instruct(_words(message, place, into.losses), f"{place}.role")
        case "user":
            into.say("user", _parts(message, place, into.losses))
        case "assistant":
            into.say("assistant", _answer(message, place, into.losses))
        case "tool":
            into.answer(_result(message, place, into.losses))
        case _:
            raise ProtocolError(
                f"A message of the role {message.role!r} is not supported here.",
                field=f"{place}.role",
                do="Use system, developer, user, assistant or tool.",
            )


def _answer(message: _Message, place: str, losses: list[Loss]) -> tuple[Part, ...]:
    calls: list[Part] = []
    for index, given in enumerate(message.tool_calls or ()):
        at = f"{place}.tool_calls[{index}]"
        losses += review(given, CALL, at)
        call = shape_from_client(given, _Call, at)
        arguments = call.function.arguments or "{}"
        calls.append(ToolCall(id=call.id, name=call.function.name, arguments=arguments))
    if calls and message.content in (None, "", []) and message.refusal is None:
        return tuple(calls)
    return (*_words(message, place, losses), *calls)


def _result(message: _Message, place: str, losses: list[Loss]) -> ToolResult:
    if message.tool_call_id is None:
        raise ProtocolError(
            "A tool's result does not say which call it answers.",
            field=f"{place}.tool_call_id",
            do="Give the id of the call.",
        )
    parts = _words(message, place, losses)
    return ToolResult(call=message.tool_call_id, parts=tuple(part for part in parts if part.text))


def _words(message: _Message, place: str, losses: list[Loss]) -> tuple[Text, ...]:
    """The parts of a message that takes text alone."""
    words: list[Text] = []
    for index, part in enumerate(_parts(message, place, losses)):
        if not isinstance(part, Text):
            raise ProtocolError(
                f"A message of the role {message.role!r} takes no images.",
                field=f"{place}.content[{index}].type",
                do="Send images in a user's message.",
            )
        words.append(part)
    return tuple(words)


def _parts(message: _Message, place: str, losses: list[Loss]) -> tuple[Text | Image, ...]:
    if isinstance(message.content, str) and message.refusal is None:
        return (Text(text=message.content),)
    parts: list[Text | Image] = []
    if isinstance(message.content, str):
        parts.append(Text(text=message.content))
    for index, given in enumerate(message.content or () if not parts else ()):
        assert isinstance(given, dict)
        at = f"{place}.content[{index}]"
        losses += review(given, PART, at)
        parts.append(_part(shape_from_client(given, _Part, at), at))
    if message.refusal is not None:
        parts.append(Text(text=message.refusal, refusal=True))
    if not parts:
        raise ProtocolError(
            "A message has no content.",
            field=f"{place}.content",
            do="Give it text, or leave the message out.",
        )
    return tuple(parts)


def _part(part: _Part, place: str) -> Text | Image:
    match part:
        case _Part(type="text", text=str(text)):
            return Text(text=text)
        case _Part(type="refusal", refusal=str(refusal)):
            return Text(text=refusal, refusal=True)
        case _Part(type="image_url", image_url=_ImageURL() as image):
            detail = None if image.detail == "auto" else image.detail
            return read_url(image.url, detail, f"{place}.image_url.url")
        case _Part(type="text" | "refusal" | "image_url" as kind):
            raise ProtocolError(
                f"A {kind} part has no {kind}.", field=f"{place}.{kind}", do=f"Give it its {kind}."
            )
        case _:
            raise ProtocolError(
                f"A content part of the type {part.type!r} is not supported here.",
                field=f"{place}.type",
                means="Text and images are carried; sound and files are not yet.",
                do="Send text and images only.",
            )


class MessageWriter:
    """Turns to messages. `losses` are what of them this protocol cannot say."""

    def __init__(self) -> None:
        self.losses: dict[Loss, None] = {}
        self._ids = CallIds(FITTING_ID)

    def instructions(self, parts: Sequence[Text]) -> list[dict[str, Any]]:
        return [{"role": "system", "content": _content(parts)}] if parts else []

    def turn(self, turn: Turn) -> list[dict[str, Any]]:
        """The messages that a turn is written as: several where it holds results."""
        if len(turn.parts) == 1 and isinstance(turn.parts[0], Text):
            return [{"role": turn.role, "content": _content((turn.parts[0],))}]
        return self._asked(turn.parts) if turn.role == "user" else self._answered(turn.parts)

    def _asked(self, parts: Sequence[Part]) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        moved: list[Text | Image] = []
        spoken: list[Text | Image] = []
        for part in parts:
            match part:
                case Text() | Image():
                    spoken.append(part)
                case ToolResult():
                    messages.append(self._result(part))
                    moved += [one for one in part.parts if isinstance(one, Image)]
                case File() | Reasoning():
                    raise NotImplementedError
                case ToolCall():
                    self.losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        if messages:
            spoken = [one for one in spoken if not isinstance(one, Text) or one.text]
        contents = [_content(content) for content in (moved, spoken) if content]
        return [*messages, *({"role": "user", "content": content} for content in contents)]

    def _result(self, result: ToolResult) -> dict[str, Any]:
        if result.is_error:
            self.losses[ERROR_LOSS] = None
        words = [part for part in result.parts if isinstance(part, Text)]
        if len(words) < len(result.parts):
            self.losses[IMAGES_LOSS] = None
        return {
            "role": "tool",
            "tool_call_id": self._ids.of_result(result.call),
            "content": _content(words) if words else "",
        }

    def _answered(self, parts: Sequence[Part]) -> list[dict[str, Any]]:
        words: list[Text] = []
        calls: list[dict[str, Any]] = []
        for part in parts:
            match part:
                case Text():
                    words.append(part)
                    if calls and part.text:
                        self.losses[ORDER_LOSS] = None
                case ToolCall():
                    calls.append(call_object(part, self._ids.of_call(part.id)))
                case File() | Reasoning():
                    raise NotImplementedError
                case Image() | ToolResult():
                    self.losses[PLACE_LOSS] = None
                case _:
                    assert_never(part)
        if not calls:
            return [{"role": "assistant", "content": _content(words)}] if words else []
        spoken = [part for part in words if part.text]
        content = _content(spoken) if spoken else None
        return [{"role": "assistant", "content": content, "tool_calls": calls}]


def call_object(call: ToolCall, name: str) -> dict[str, Any]:
    """A call as it stands in an assistant's message, under the id `name`."""
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": name, "type": "function", "function": function}


def _content(parts: Sequence[Text | Image]) -> str | list[dict[str, Any]]:
    match parts:
        case [Text(refusal=False) as only]:
            return only.text
        case _:
            return [_written(part) for part in parts]


def _written(part: Text | Image) -> dict[str, Any]:
    match part:
        case Text(refusal=True):
            return {"type": "refusal", "refusal": part.text}
        case Text():
            return {"type": "text", "text": part.text}
        case Image():
            detail = {} if part.detail is None else {"detail": part.detail}
            return {"type": "image_url", "image_url": {"url": write_url(part), **detail}}
        case _:
            assert_never(part)
