"""The messages of a Chat Completions request, as clients write them.

* `system` and `developer` messages mean the same and may stand anywhere; both become the
  request's instructions.
* An assistant's `refusal` stays marked as one. Reasoning that the client gives back
  (`thinking.py`) comes before its text, its calls after it; what a seal of the reasoning
  belongs to stands beside it.
* `prefix` on the last message, which Mistral knows, asks that the answer continue it.
* A tool's result is a message of the role `tool`, of text alone.
"""

from typing import Any

import msgspec

from changeover.conversation.model import Citation, Loss, Part, Text, ToolCall, ToolResult
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.citations import read_citations
from changeover.wire.openai_chat.fields import CALL, MESSAGE
from changeover.wire.openai_chat.parts import Content, read_part
from changeover.wire.openai_chat.thinking import FROM_CLIENT, placed, read_thoughts
from changeover.wire.shapes import shape_from_client
from changeover.wire.transcript import Transcript

_WORDS_ALONE = 2  # fields: the role and the content
_SPEAKERS = ("user", "assistant")
_INSTRUCTING = ("system", "developer")


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
    annotations: list[dict[str, Any]] | None = None
    prefix: bool | None = None


def read_message(given: dict[str, Any], index: int, into: Transcript) -> bool:
    """Adds a client's message to the transcript; `ProtocolError` for what is none.

    True where the answer is to continue it.
    """
    # Most messages are one text of one side, and nothing else.
    if len(given) == _WORDS_ALONE and type(words := given.get("content")) is str:
        role = given.get("role")
        if role in _SPEAKERS:
            into.say(role, (Text(text=words),))
            return False
        if role in _INSTRUCTING:
            into.instruct((Text(text=words),), f"messages[{index}].role")
            return False
    place = f"messages[{index}]"
    message = shape_from_client(given, _Message, place)
    into.losses += review(given, MESSAGE, place)
    match message.role:
        case "system" | "developer":
            into.instruct(_words(message, place, into.losses), f"{place}.role")
        case "user":
            into.say("user", _parts(message, place, into.losses))
        case "assistant":
            into.say("assistant", _answer(message, given, place, into.losses))
            return bool(message.prefix)
        case "tool":
            into.answer(_result(message, place, into.losses))
        case _:
            raise ProtocolError(
                f"A message of the role {message.role!r} is not supported here.",
                field=f"{place}.role",
                do="Use system, developer, user, assistant or tool.",
            )
    return False


def _answer(
    message: _Message, given: dict[str, Any], place: str, losses: list[Loss]
) -> tuple[Part, ...]:
    before, after, of_calls = placed(read_thoughts(given, FROM_CLIENT, place, losses))
    calls: list[Part] = []
    for index, written in enumerate(message.tool_calls or ()):
        at = f"{place}.tool_calls[{index}]"
        losses += review(written, CALL, at)
        call = shape_from_client(written, _Call, at)
        arguments = call.function.arguments or "{}"
        calls += of_calls.pop(call.id, [])
        calls.append(ToolCall(id=call.id, name=call.function.name, arguments=arguments))
    calls += [part for parts in of_calls.values() for part in parts]
    silent = message.content in (None, "", []) and message.refusal is None
    if silent and (calls or before or after):
        return (*before, *after, *calls)
    return (*before, *_cited(message, place, losses), *after, *calls)


def _cited(message: _Message, place: str, losses: list[Loss]) -> tuple[Text, ...]:
    """An assistant's words with their citations, which count in all of its content."""
    words = _words(message, place, losses)
    citations = read_citations(message.annotations or (), place, losses)
    if not citations:
        return words
    cited: list[Text] = []
    begin = 0
    for text in words:
        inside = tuple(_shifted(one, begin) for one in citations if _is_in(one, begin, text))
        cited.append(msgspec.structs.replace(text, citations=inside))
        begin += 0 if text.refusal else len(text.text)
    return tuple(cited)


def _is_in(citation: Citation, begin: int, text: Text) -> bool:
    start = citation.start or 0
    return not text.refusal and begin <= start and start - begin <= len(text.text)


def _shifted(citation: Citation, begin: int) -> Citation:
    if citation.start is None or citation.end is None:
        return citation
    return msgspec.structs.replace(citation, start=citation.start - begin, end=citation.end - begin)


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
                f"A message of the role {message.role!r} takes no images and no files.",
                field=f"{place}.content[{index}].type",
                do="Send images and files in a user's message.",
            )
        words.append(part)
    return tuple(words)


def _parts(message: _Message, place: str, losses: list[Loss]) -> tuple[Content, ...]:
    if isinstance(message.content, str) and message.refusal is None:
        return (Text(text=message.content),)
    parts: list[Content] = []
    if isinstance(message.content, str):
        parts.append(Text(text=message.content))
    for index, given in enumerate(message.content or () if not parts else ()):
        assert isinstance(given, dict)
        parts.append(read_part(given, f"{place}.content[{index}]", losses))
    if message.refusal is not None:
        parts.append(Text(text=message.refusal, refusal=True))
    if not parts:
        raise ProtocolError(
            "A message has no content.",
            field=f"{place}.content",
            do="Give it text, or leave the message out.",
        )
    return tuple(parts)
