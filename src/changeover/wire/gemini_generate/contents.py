"""A conversation's turns as `contents` for a vendor.

* A result of a tool bears the name of the call that it answers, and stands first in its
  content. Its pictures and documents go into it where the model takes that and their
  bytes are there (at Vertex AI also by address), else after the results.
* Vertex AI knows no ids of calls; results stand in the order of their calls there.
* What a vendor sealed is given back where it stood (`seals.py`). The first call of a
  content that has no signature, since another model made it, bears the text that
  Google's page "Thought signatures" names for that.
* Reasoning in words is given back as thoughts, as Google's own SDK does with every part
  of an answer (`chats.py` keeps contents whole); it is not sealed.
"""

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
from changeover.wire.arguments import as_object
from changeover.wire.gemini_generate.exchanges import written_response
from changeover.wire.gemini_generate.fields import UNSIGNED
from changeover.wire.gemini_generate.media import written_file, written_image
from changeover.wire.gemini_generate.receiver import Receiver
from changeover.wire.gemini_generate.signing import SignedParts, WirePart

_IN_RESULTS = frozenset({"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"})


class Contents:
    """Turns in their order."""

    def __init__(self, receiver: Receiver, losses: list[Loss]) -> None:
        self._receiver = receiver
        self._losses = losses
        self._names: dict[str, str] = {}
        self._order: dict[str, int] = {}

    def content(self, turn: Turn) -> dict[str, Any]:
        role = "user" if turn.role == "user" else "model"
        if len(turn.parts) == 1 and isinstance(only := turn.parts[0], Text):
            return {"role": role, "parts": [{"text": only.text}]}
        results = [part for part in turn.parts if isinstance(part, ToolResult)]
        others = [part for part in turn.parts if not isinstance(part, ToolResult)]
        before = self._results(results) if results else []
        return {"role": role, "parts": [*before, *self._parts(others)]}

    def _parts(self, parts: list[Text | Image | File | Reasoning | ToolCall]) -> list[WirePart]:
        writing = SignedParts()
        for part in parts:
            match part:
                case Text():
                    writing.add({"text": part.text})
                case Image() | File():
                    writing.add(self._medium(part))
                case ToolCall():
                    writing.add({"functionCall": self._call(part)})
                case Reasoning():
                    _think(part, writing)
                case _:
                    assert_never(part)
        return _with_a_signature(writing.whole())

    def _medium(self, part: Image | File) -> WirePart:
        match part:
            case Image():
                return written_image(part, self._receiver, self._losses)
            case File():
                return written_file(part, self._losses)
            case _:
                assert_never(part)

    def _call(self, call: ToolCall) -> WirePart:
        self._names[call.id] = call.name
        self._order[call.id] = len(self._order)
        arguments, whole = as_object(call.arguments)
        if not whole:
            why = f"The arguments of {call.name} are no JSON object; they are put into one."
            self._losses.append(Loss(field="arguments", why=why))
        return {**self._id(call.id), "name": call.name, "args": arguments}

    def _id(self, call: str) -> dict[str, str]:
        return {} if self._receiver.vertex else {"id": call}

    def _results(self, results: list[ToolResult]) -> list[WirePart]:
        if self._receiver.vertex:
            results = sorted(results, key=lambda result: self._order.get(result.call, -1))
        written: list[WirePart] = []
        beside: list[WirePart] = []
        for result in results:
            within = [part for part in _media(result) if self._goes_within(part)]
            without = [part for part in _media(result) if not self._goes_within(part)]
            written.append({"functionResponse": self._result(result, within)})
            beside += [self._medium(part) for part in without]
        if beside:
            why = "A picture or document in a tool's result is sent beside it."
            self._losses.append(Loss(field="tool_result", why=why))
        return [*written, *beside]

    def _result(self, result: ToolResult, media: list[Image | File]) -> WirePart:
        texts = [part.text for part in result.parts if isinstance(part, Text) and part.text]
        if _words_after_media(result.parts):
            why = "Words of a tool's result are sent before its pictures and documents."
            self._losses.append(Loss(field="tool_result", why=why))
        parts = [self._medium(part) for part in media]
        return {
            **self._id(result.call),
            "name": self._names.get(result.call, result.call),
            "response": written_response(texts, is_error=result.is_error),
            **({"parts": parts} if parts else {}),
        }

    def _goes_within(self, part: Image | File) -> bool:
        if not self._receiver.takes_media_in_results or (part.url and not self._receiver.vertex):
            return False
        return isinstance(part, Image) or (part.media_type or "text/plain") in _IN_RESULTS


def _media(result: ToolResult) -> list[Image | File]:
    return [part for part in result.parts if isinstance(part, Image | File)]


def _words_after_media(parts: tuple[Part, ...]) -> bool:
    spoken = [part for part in parts if not isinstance(part, Text) or part.text]
    kinds = [isinstance(part, Text) for part in spoken]
    return kinds != sorted(kinds, reverse=True)


def _think(part: Reasoning, writing: SignedParts) -> None:
    """Reasoning in words is a part of its own; a seal stands on its part or its neighbour."""
    sealed = part.sealed
    if part.text or (sealed is not None and sealed.on == "self"):
        writing.add({"text": part.text, "thought": True})
    if sealed is not None:
        writing.sign(sealed.value, sealed.on)


def _with_a_signature(parts: list[WirePart]) -> list[WirePart]:
    """The parts, the first call among which bears a signature in any case."""
    for part in parts:
        if "functionCall" in part:
            part.setdefault("thoughtSignature", UNSIGNED)
            break
    return parts


def written_contents(
    turns: tuple[Turn, ...], receiver: Receiver, losses: list[Loss]
) -> list[dict[str, Any]]:
    contents = Contents(receiver, losses)
    return [contents.content(turn) for turn in turns]


def sealed_here(turn: Turn, losses: list[Loss]) -> Turn:
    """The turn with the seals that Gemini made, and a loss for each of another's."""
    if Reasoning not in map(type, turn.parts):
        return turn
    parts: list[Part] = []
    for part in turn.parts:
        if isinstance(part, Reasoning) and part.sealed is not None and not _of_gemini(part):
            why = "Gemini takes back what its own models sealed."
            losses.append(Loss(field="reasoning", why=why))
            parts.append(msgspec.structs.replace(part, sealed=None))
        else:
            parts.append(part)
    return Turn(role=turn.role, parts=tuple(parts))


def _of_gemini(part: Reasoning) -> bool:
    return part.sealed is not None and part.sealed.form == "thought"
