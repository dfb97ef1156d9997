"""Calls of tools and their results in a client's contents.

Ids are optional in this protocol. A call without one gets the number of its place;
a result without one belongs to the first call of its name that has none yet.

A result is an object, and beside it `parts` may hold pictures and documents (from the
third generation of models on). What this codec writes for other vendors' results,
`{"output": TEXT}` and `{"error": TEXT}` (the keys that Google's reference names; a list
of several texts), is read back as that text; any other object is the JSON text of it.
"""

from typing import Any

import msgspec

from changeover.conversation.model import File, Image, Loss, Text, ToolCall, ToolResult
from changeover.wire.arguments import is_object
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.gemini_generate.fields import CALL, RESULT, RESULT_PART
from changeover.wire.gemini_generate.media import read_file, read_inline
from changeover.wire.gemini_generate.names import in_camel_case, listed
from changeover.wire.shapes import shape_from_client


class _Call(msgspec.Struct):
    name: str
    id: str | None = None
    args: dict[str, Any] | None = None


class _Result(msgspec.Struct):
    name: str
    id: str | None = None
    response: dict[str, Any] | None = None
    parts: list[dict[str, Any]] | None = None


class _ResultPart(msgspec.Struct, rename="camel"):
    inline_data: dict[str, Any] | None = None
    file_data: dict[str, Any] | None = None


class Exchanges:
    """The calls seen so far, and which of them have a result."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._open: list[ToolCall] = []
        self._count = 0

    def call(self, given: dict[str, Any], place: str) -> ToolCall:
        named = in_camel_case(given, place)
        self._losses += review(named, CALL, place)
        shaped = shape_from_client(named, _Call, place)
        self._count += 1
        call = ToolCall(
            id=shaped.id or f"call-{self._count}",
            name=shaped.name,
            arguments=msgspec.json.encode(shaped.args or {}).decode(),
        )
        self._open.append(call)
        return call

    def result(self, given: dict[str, Any], place: str) -> ToolResult:
        named = in_camel_case(given, place)
        named["parts"] = listed(named.get("parts"))
        self._losses += review(named, RESULT, place)
        shaped = shape_from_client(named, _Result, place)
        texts, is_error = read_response(shaped.response or {})
        words = tuple(Text(text=text) for text in texts if text)
        media = tuple(
            self._medium(part, f"{place}.parts[{index}]")
            for index, part in enumerate(shaped.parts or ())
        )
        call = self._answered(shaped, place)
        return ToolResult(call=call, parts=(*words, *media), is_error=is_error)

    def _medium(self, given: dict[str, Any], place: str) -> Image | File:
        named = in_camel_case(given, place)
        self._losses += review(named, RESULT_PART, place)
        match shape_from_client(named, _ResultPart, place):
            case _ResultPart(inline_data=dict(inline)):
                return read_inline(inline, f"{place}.inlineData", self._losses)
            case _ResultPart(file_data=dict(file)):
                return read_file(file, f"{place}.fileData", self._losses)
            case _:
                raise ProtocolError(
                    "A part of a tool's result has nothing in it that is known.",
                    field=place,
                    do="Give it inlineData, or leave it out.",
                )

    def _answered(self, result: _Result, place: str) -> str:
        if result.id:
            self._open = [call for call in self._open if call.id != result.id]
            return result.id
        found = next((call for call in self._open if call.name == result.name), None)
        if found is None:
            raise ProtocolError(
                f"A result of {result.name} answers no call.",
                field=place,
                do="Send the model's functionCall before its functionResponse.",
            )
        self._open.remove(found)
        return found.id


def read_response(response: dict[str, Any]) -> tuple[list[str], bool]:
    """A result as texts, and whether it is an error."""
    is_error = set(response) == {"error"}
    known = response.get("error" if is_error else "output") if len(response) == 1 else None
    match known:
        case str():
            return [known], is_error
        case [str(), str(), *_] if all(isinstance(each, str) for each in known):
            return known, is_error
        case _:
            return [msgspec.json.encode(response).decode()], is_error


def written_response(texts: list[str], *, is_error: bool) -> dict[str, Any]:
    """The object for a result's texts: itself where it came from one, else under the known keys."""
    if len(texts) == 1 and not is_error and is_object(texts[0]):
        value: dict[str, Any] = msgspec.json.decode(texts[0])
        if read_response(value) == (texts, False):
            return value
    said = texts if len(texts) > 1 else "".join(texts)
    return {"error" if is_error else "output": said}
