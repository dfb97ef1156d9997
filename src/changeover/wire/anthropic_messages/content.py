"""The content of a Messages request's messages, read from clients and written to vendors.

* A call is a `tool_use` block of the assistant's, and its `input` an object. Its
  result is a `tool_result` block of the user's in the very next message, before
  any other block; so results are written first.
* The vendor refuses text that is empty or of white space only; it is left out.
* Reasoning that a vendor sealed is not sent on; leaving it out is reported.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, assert_never

import msgspec

from changeover.conversation.model import (
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from changeover.wire.anthropic_messages.fields import IMAGE, PART, TOOL_RESULT, TOOL_USE
from changeover.wire.arguments import as_object
from changeover.wire.call_ids import CallIds
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import Table, review
from changeover.wire.shapes import shape_from_client

FITTING_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What the vendor takes as a call's id; Bedrock allows 64 characters of it."""

REFUSAL_LOSS = Loss(
    field="refusal", why="Messages does not mark a refusal; its words are sent as text."
)
ARGUMENTS_LOSS = Loss(
    field="arguments", why="A call's arguments are no JSON object; they are sent within one."
)
DETAIL_LOSS = Loss(field="detail", why="Messages does not say how closely to look at an image.")
PLACE_LOSS = Loss(
    field="messages", why="Messages takes no part of this kind from this side; it is left out."
)
_SEALED = frozenset({"thinking", "redacted_thinking"})
_TABLES: dict[str, Table] = {
    "text": PART,
    "image": IMAGE,
    "tool_use": TOOL_USE,
    "tool_result": TOOL_RESULT,
}
_TAKES: dict[str, frozenset[str]] = {
    "system": frozenset({"text"}),
    "user": frozenset({"text", "image", "tool_result"}),
    "assistant": frozenset({"text", "tool_use"}),
    "tool_result": frozenset({"text", "image"}),
}

Content = str | list[dict[str, Any]]


class _Block(msgspec.Struct):
    type: str


class _Text(msgspec.Struct):
    text: str


class _Source(msgspec.Struct):
    type: Literal["base64", "url"]
    media_type: str = ""
    data: str = ""
    url: str = ""


class _Image(msgspec.Struct):
    source: _Source


class _ToolUse(msgspec.Struct):
    id: str
    name: str
    input: dict[str, Any]


class _ToolResult(msgspec.Struct):
    tool_use_id: str
    content: Content | None = None
    is_error: bool | None = None


def read_content(content: Content, by: str, place: str, losses: list[Loss]) -> tuple[Part, ...]:
    """The parts of a message of the role `by`; `ProtocolError` for what is none."""
    if isinstance(content, str):
        return (Text(text=content),)
    parts: list[Part] = []
    for index, given in enumerate(content):
        at = f"{place}[{index}]"
        kind = shape_from_client(given, _Block, at).type
        if kind in _SEALED:
            why = "Reasoning that a vendor sealed is not sent on."
            losses.append(Loss(field=f"{at}.type", why=why))
            continue
        if kind not in _TAKES[by]:
            raise ProtocolError(
                f"A {kind} block is not supported here in the content of {by}.",
                field=f"{at}.type",
                means="Text, images, calls and their results are carried, where they belong.",
                do="Leave the block out.",
            )
        losses += review(given, _TABLES[kind], at)
        parts.append(_part(given, kind, at, losses))
    return tuple(parts)


def read_words(content: Content, by: str, place: str, losses: list[Loss]) -> tuple[Text, ...]:
    """The parts of content that takes text alone."""
    parts = read_content(content, by, place, losses)
    return tuple(part for part in parts if isinstance(part, Text))


def _part(given: dict[str, Any], kind: str, place: str, losses: list[Loss]) -> Part:
    match kind:
        case "text":
            return Text(text=shape_from_client(given, _Text, place).text)
        case "image":
            return _image(shape_from_client(given, _Image, place).source, place)
        case "tool_use":
            call = shape_from_client(given, _ToolUse, place)
            written = msgspec.json.encode(call.input).decode()
            return ToolCall(id=call.id, name=call.name, arguments=written)
        case _:
            return _result(shape_from_client(given, _ToolResult, place), place, losses)


def _image(source: _Source, place: str) -> Image:
    image = Image(media_type=source.media_type, data=source.data)
    if source.type == "url":
        image = Image(url=source.url)
    elif not source.media_type:
        image = Image()
    if not (image.url or image.data):
        raise ProtocolError(
            "An image holds no bytes and names no address.",
            field=f"{place}.source",
            do="Give its media_type and data, or its url.",
        )
    return image


def _result(result: _ToolResult, place: str, losses: list[Loss]) -> ToolResult:
    content = result.content or []
    parts = read_content(content, "tool_result", f"{place}.content", losses)
    kept = [part for part in parts if isinstance(part, Text | Image)]
    return ToolResult(
        call=result.tool_use_id,
        parts=tuple(part for part in kept if not isinstance(part, Text) or part.text),
        is_error=bool(result.is_error),
    )


class ContentWriter:
    """Parts to content. `losses` are what of them this protocol cannot say."""

    def __init__(self) -> None:
        self.losses: dict[Loss, None] = {}
        self._ids = CallIds(FITTING_ID)

    def spoken(self, parts: Sequence[Part], role: Role) -> tuple[Part, ...]:
        """The parts that can be sent, results of tools first."""
        alien = ToolCall if role == "user" else Image | ToolResult
        kept = tuple(
            part
            for part in parts
            if not isinstance(part, alien) and (not isinstance(part, Text) or part.text.strip())
        )
        if any(isinstance(part, alien) for part in parts):
            self.losses[PLACE_LOSS] = None
        return tuple(sorted(kept, key=lambda part: not isinstance(part, ToolResult)))

    def content(self, parts: Sequence[Part]) -> str | list[dict[str, Any]]:
        if len(parts) == 1 and isinstance(parts[0], Text):
            self._see(parts[0])
            return parts[0].text
        return [self._block(part) for part in parts]

    def _block(self, part: Part) -> dict[str, Any]:
        match part:
            case Text():
                self._see(part)
                return {"type": "text", "text": part.text}
            case Image():
                return self._image(part)
            case ToolCall():
                block, whole = call_block(part, self._ids.of_call(part.id))
                if not whole:
                    self.losses[ARGUMENTS_LOSS] = None
                return block
            case ToolResult():
                return self._result(part)
            case File() | Reasoning():
                raise NotImplementedError
            case _:
                assert_never(part)

    def _see(self, text: Text) -> None:
        if text.refusal:
            self.losses[REFUSAL_LOSS] = None

    def _image(self, image: Image) -> dict[str, Any]:
        if image.detail is not None:
            self.losses[DETAIL_LOSS] = None
        source = {"type": "base64", "media_type": image.media_type, "data": image.data}
        if image.url:
            source = {"type": "url", "url": image.url}
        return {"type": "image", "source": source}

    def _result(self, result: ToolResult) -> dict[str, Any]:
        block: dict[str, Any] = {
            "type": "tool_result",
            "tool_use_id": self._ids.of_result(result.call),
        }
        if parts := self.spoken(result.parts, "user"):
            block["content"] = self.content(parts)
        if result.is_error:
            block["is_error"] = True
        return block


def call_block(call: ToolCall, name: str) -> tuple[dict[str, Any], bool]:
    """A call as a content block, under the id `name`; False where its input had to be wrapped."""
    given, whole = as_object(call.arguments)
    return {"type": "tool_use", "id": name, "name": call.name, "input": given}, whole
