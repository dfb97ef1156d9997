"""The content of a Messages request's messages, read from clients and written to vendors.

* A call is a `tool_use` block of the assistant's, and its `input` an object. Its
  result is a `tool_result` block of the user's in the very next message, before
  any other block; so results are written first.
* The vendor refuses text that is empty or of white space only; it is left out.
* A reference to a tool that a client's search found is read as the tool's name: all
  tools are shown to the model from the start.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, assert_never

import msgspec

from changeover.conversation.model import (
    CacheMark,
    Citation,
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
from changeover.wire.anthropic_messages.caching import GONE_LOSS, marked, read_mark
from changeover.wire.anthropic_messages.citations import (
    RETURN_LOSS,
    UNKNOWN_LOSS,
    WireCitation,
    citation,
    citation_for_vendor,
)
from changeover.wire.anthropic_messages.documents import (
    FILE_LOSS,
    document_block,
    pictured,
    read_document,
    read_result,
    source_of,
)
from changeover.wire.anthropic_messages.fields import (
    DOCUMENT,
    IMAGE,
    PART,
    REDACTED,
    SEARCH_RESULT,
    THINKING_BLOCK,
    TOOL_REFERENCE,
    TOOL_RESULT,
    TOOL_USE,
)
from changeover.wire.anthropic_messages.reasoning import (
    SEAL_LOSS,
    reasoning_block,
    returned,
    writable,
)
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
_TABLES: dict[str, Table] = {
    "text": PART,
    "image": IMAGE,
    "document": DOCUMENT,
    "search_result": SEARCH_RESULT,
    "thinking": THINKING_BLOCK,
    "redacted_thinking": REDACTED,
    "tool_use": TOOL_USE,
    "tool_result": TOOL_RESULT,
    "tool_reference": TOOL_REFERENCE,
}
_SHOWN = frozenset({"text", "image", "document", "search_result"})
_TAKES: dict[str, frozenset[str]] = {
    "system": frozenset({"text"}),
    "user": _SHOWN | {"tool_result"},
    "assistant": frozenset({"text", "tool_use", "thinking", "redacted_thinking"}),
    "tool_result": _SHOWN | {"tool_reference"},
}
_ALIEN: dict[Role, tuple[type, ...]] = {
    "user": (ToolCall, Reasoning),
    "assistant": (Image, File, ToolResult),
}
_WORDS_ALONE = {"type", "text"}

Content = str | list[dict[str, Any]]


class _Block(msgspec.Struct):
    type: str


class _Text(msgspec.Struct):
    text: str
    citations: list[WireCitation] | None = None


class _Thinking(msgspec.Struct):
    thinking: str
    signature: str = ""


class _Redacted(msgspec.Struct):
    data: str


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


class _Reference(msgspec.Struct):
    tool_name: str


def read_content(content: Content, by: str, place: str, losses: list[Loss]) -> tuple[Part, ...]:
    """The parts of a message of the role `by`; `ProtocolError` for what is none."""
    if isinstance(content, str):
        return (Text(text=content),)
    parts: list[Part] = []
    for index, given in enumerate(content):
        at = f"{place}[{index}]"
        kind = shape_from_client(given, _Block, at).type
        if kind not in _TAKES[by]:
            raise ProtocolError(
                f"A {kind} block is not supported here in the content of {by}.",
                field=f"{at}.type",
                means="Text, images, documents, reasoning, calls and their results are carried, "
                "where they belong.",
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
        case "thinking":
            thought = shape_from_client(given, _Thinking, place)
            return returned(thought.thinking, thought.signature)
        case "redacted_thinking":
            return returned("", shape_from_client(given, _Redacted, place).data)
        case "document":
            return read_document(given, read_mark(given, place), place, losses)
        case "search_result":
            return read_result(given, read_mark(given, place), place, losses)
        case "tool_result":
            return _result(given, place, losses)
        case _:
            return _plain(given, kind, place, losses)


def _plain(given: dict[str, Any], kind: str, place: str, losses: list[Loss]) -> Part:
    mark = read_mark(given, place)
    match kind:
        case "text":
            said = shape_from_client(given, _Text, place)
            cited = _citations(said.citations or (), losses)
            return Text(text=said.text, citations=cited, cache=mark)
        case "image":
            return _image(shape_from_client(given, _Image, place).source, mark, place)
        case "tool_use":
            call = shape_from_client(given, _ToolUse, place)
            written = msgspec.json.encode(call.input).decode()
            return ToolCall(id=call.id, name=call.name, arguments=written, cache=mark)
        case _:
            losses.append(Loss(field=f"{place}.type", why="It is carried as the tool's name."))
            return Text(text=shape_from_client(given, _Reference, place).tool_name, cache=mark)


def _citations(given: Sequence[WireCitation], losses: list[Loss]) -> tuple[Citation, ...]:
    found = [citation(one, wrapped=True) for one in given]
    if None in found:
        losses.append(UNKNOWN_LOSS)
    return tuple(one for one in found if one is not None)


def _image(source: _Source, mark: CacheMark | None, place: str) -> Image:
    image = Image(media_type=source.media_type, data=source.data, cache=mark)
    if source.type == "url":
        image = Image(url=source.url, cache=mark)
    elif not source.media_type:
        image = Image()
    if not (image.url or image.data):
        raise ProtocolError(
            "An image holds no bytes and names no address.",
            field=f"{place}.source",
            do="Give its media_type and data, or its url.",
        )
    return image


def _result(given: dict[str, Any], place: str, losses: list[Loss]) -> ToolResult:
    result = shape_from_client(given, _ToolResult, place)
    parts = read_content(result.content or [], "tool_result", f"{place}.content", losses)
    kept = [part for part in parts if isinstance(part, Text | Image | File)]
    return ToolResult(
        call=result.tool_use_id,
        parts=tuple(part for part in kept if not isinstance(part, Text) or part.text),
        is_error=bool(result.is_error),
        cache=read_mark(given, place),
    )


def _says_something(text: Text) -> bool:
    return bool(text.text) and not text.text.isspace()


class ContentWriter:
    """Parts to content. `losses` are what of them this protocol cannot say.

    `numbers` are the vendor's of the files, `cited` whether they are to be cited.
    """

    def __init__(self, numbers: Mapping[int, int] | None = None, *, cited: bool = False) -> None:
        self.losses: dict[Loss, None] = {}
        self._numbers = numbers or {}
        self._cited = cited

    @cached_property
    def _ids(self) -> CallIds:
        return CallIds(FITTING_ID)

    def spoken(self, parts: Sequence[Part], role: Role) -> tuple[Part, ...]:
        """The parts that can be sent, results of tools first."""
        if len(parts) == 1 and isinstance(only := parts[0], Text) and _says_something(only):
            return tuple(parts)
        alien = _ALIEN[role]
        kept: list[Part] = []
        for part in map(pictured, parts):
            if isinstance(part, Text):
                if _says_something(part):
                    kept.append(part)
                else:
                    self._leave(part, None)
            elif isinstance(part, alien):
                self._leave(part, PLACE_LOSS)
            elif isinstance(part, File) and source_of(part) is None:
                self._leave(part, FILE_LOSS)
            elif not writable(part):
                self._leave(part, SEAL_LOSS)
            else:
                kept.append(part)
        if len(kept) > 1:
            kept.sort(key=lambda part: not isinstance(part, ToolResult))
        return tuple(kept)

    def _leave(self, part: Part, loss: Loss | None) -> None:
        if loss is not None:
            self.losses[loss] = None
        if not isinstance(part, Reasoning) and part.cache is not None:
            self.losses[GONE_LOSS] = None

    def content(self, parts: Sequence[Part]) -> str | list[dict[str, Any]]:
        """The blocks of the parts; the words alone where they are all that there is."""
        if len(parts) == 1 and isinstance(only := parts[0], Text) and only.is_plain:
            return only.text
        blocks = [self._block(part) for part in parts]
        if len(blocks) == 1 and blocks[0].keys() == _WORDS_ALONE:
            words: str = blocks[0]["text"]
            return words
        return blocks

    def _block(self, part: Part) -> dict[str, Any]:
        match part:
            case Text():
                return self._text(part)
            case Image():
                return self._image(part)
            case File():
                source = source_of(part) or {}
                block = document_block(part, source, cited=self._cited)
                return marked(block, part.cache)
            case Reasoning():
                return reasoning_block(part)
            case ToolCall():
                block, whole = call_block(part, self._ids.of_call(part.id))
                if not whole:
                    self.losses[ARGUMENTS_LOSS] = None
                return marked(block, part.cache)
            case ToolResult():
                return self._result(part)
            case _:
                assert_never(part)

    def _text(self, text: Text) -> dict[str, Any]:
        if text.refusal:
            self.losses[REFUSAL_LOSS] = None
        block: dict[str, Any] = {"type": "text", "text": text.text}
        if text.citations:
            cited = [citation_for_vendor(one, self._numbers) for one in text.citations]
            if None in cited:
                self.losses[RETURN_LOSS] = None
            if kept := [one for one in cited if one is not None]:
                block["citations"] = kept
        return marked(block, text.cache)

    def _image(self, image: Image) -> dict[str, Any]:
        if image.detail is not None:
            self.losses[DETAIL_LOSS] = None
        source = {"type": "base64", "media_type": image.media_type, "data": image.data}
        if image.url:
            source = {"type": "url", "url": image.url}
        return marked({"type": "image", "source": source}, image.cache)

    def _result(self, result: ToolResult) -> dict[str, Any]:
        block: dict[str, Any] = {
            "type": "tool_result",
            "tool_use_id": self._ids.of_result(result.call),
        }
        if parts := self.spoken(result.parts, "user"):
            block["content"] = self.content(parts)
        if result.is_error:
            block["is_error"] = True
        return marked(block, result.cache)


def call_block(call: ToolCall, name: str) -> tuple[dict[str, Any], bool]:
    """A call as a content block, under the id `name`; False where its input had to be wrapped."""
    given, whole = as_object(call.arguments)
    return {"type": "tool_use", "id": name, "name": call.name, "input": given}, whole
