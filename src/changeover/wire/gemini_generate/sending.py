"""generateContent requests, written to vendors.

* The vendor refuses content without parts and text without words; they are left
  out, and reported where that changes what was asked.
* A request of instructions alone is sent as the user's, and reported.
* Ten stop sequences are too many: five are sent.
* Newer models refuse a function call without the signature of the thought that led
  to it. Calls of other models have none; Google's reference ("Thought signatures")
  names a value that stands for such a one, on the first call of a turn.
* An image in a tool's result stands beside the result, as the user's.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Image,
    Loss,
    Part,
    Sampling,
    Text,
    ToolCall,
    ToolResult,
    Turn,
    words_of,
)
from changeover.wire.gemini_generate.exchanges import written_response
from changeover.wire.gemini_generate.request import MAX_STOPS
from changeover.wire.gemini_generate.tools import written_tools

UNSIGNED = "skip_thought_signature_validator"


def encode_request(request: ChatRequest) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    losses: list[Loss] = []
    contents = _Contents(losses)
    system, turns = _system_and_turns(request, losses)
    body: dict[str, Any] = {"contents": [contents.content(turn) for turn in turns]}
    if system:
        body["systemInstruction"] = {"parts": [{"text": part.text} for part in system]}
    if config := _generation(request.sampling, losses):
        body["generationConfig"] = config
    body |= written_tools(request, losses)
    return msgspec.json.encode(body), tuple(losses)


def _system_and_turns(
    request: ChatRequest, losses: list[Loss]
) -> tuple[tuple[Text, ...], tuple[Turn, ...]]:
    if any(isinstance(p, Text) and p.refusal for turn in request.turns for p in turn.parts):
        why = "Gemini does not mark a refusal; its words are sent as text."
        losses.append(Loss(field="refusal", why=why))
    if request.prefill:
        why = "Gemini answers after a last turn of the model's instead of continuing it."
        losses.append(Loss(field="messages", why=why))
    system = tuple(part for part in request.system if part.text)
    turns = [Turn(role=turn.role, parts=_with_content(turn.parts)) for turn in request.turns]
    spoken = tuple(turn for turn in turns if turn.parts)
    if len(spoken) < len(turns):
        losses.append(Loss(field="messages", why="Gemini takes no turn without words."))
    if not spoken and system:
        why = "Gemini needs a turn; the instructions are sent as the user's."
        losses.append(Loss(field="messages", why=why))
        return (), (Turn(role="user", parts=system),)
    return system, spoken


def _with_content(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(part for part in parts if not isinstance(part, Text) or part.text)


def _generation(sampling: Sampling, losses: list[Loss]) -> dict[str, Any]:
    stop = [sequence for sequence in sampling.stop if sequence]
    if len(stop) < len(sampling.stop):
        losses.append(Loss(field="stop", why="Gemini takes no empty stop sequence."))
    if len(stop) > MAX_STOPS:
        why = f"Gemini takes {MAX_STOPS} stop sequences; the first {MAX_STOPS} are sent."
        losses.append(Loss(field="stop", why=why))
    numbers = {
        "temperature": sampling.temperature,
        "topP": sampling.top_p,
        "topK": sampling.top_k,
        "maxOutputTokens": sampling.max_tokens,
        "stopSequences": stop[:MAX_STOPS] or None,
    }
    return {name: value for name, value in numbers.items() if value is not None}


class _Contents:
    """Turns in their order; a result bears the name of the call that it answers."""

    def __init__(self, losses: list[Loss]) -> None:
        self._losses = losses
        self._names: dict[str, str] = {}

    def content(self, turn: Turn) -> dict[str, Any]:
        parts: list[dict[str, Any]] = []
        signed = False
        for part in turn.parts:
            written = self._parts(part)
            if isinstance(part, ToolCall) and not signed:
                written[0]["thoughtSignature"] = UNSIGNED
                signed = True
            parts += written
        return {"role": "user" if turn.role == "user" else "model", "parts": parts}

    def _parts(self, part: Part) -> list[dict[str, Any]]:
        match part:
            case Text():
                return [{"text": part.text}]
            case Image():
                return [self._image(part)]
            case ToolCall():
                self._names[part.id] = part.name
                call = {"id": part.id, "name": part.name, "args": self._arguments(part)}
                return [{"functionCall": call}]
            case ToolResult():
                return self._result(part)
            case _:
                assert_never(part)

    def _image(self, image: Image) -> dict[str, Any]:
        if image.detail is not None:
            why = "How closely to look at a picture is left to the model."
            self._losses.append(Loss(field="detail", why=why))
        if not image.url:
            return {"inlineData": {"mimeType": image.media_type, "data": image.data}}
        file = {"mimeType": image.media_type} if image.media_type else {}
        return {"fileData": {**file, "fileUri": image.url}}

    def _arguments(self, call: ToolCall) -> msgspec.Raw:
        written = object_text(call.arguments)
        if written is None:
            why = f"The arguments of {call.name} are no JSON object; Gemini is sent none."
            self._losses.append(Loss(field="arguments", why=why))
        return msgspec.Raw(b"{}" if written is None else written)

    def _result(self, result: ToolResult) -> list[dict[str, Any]]:
        response = {
            "id": result.call,
            "name": self._names.get(result.call, result.call),
            "response": written_response(words_of(result.parts), is_error=result.is_error),
        }
        images = [self._image(part) for part in result.parts if isinstance(part, Image)]
        if images:
            why = "A picture in a tool's result is sent beside it."
            self._losses.append(Loss(field="tool_result", why=why))
        return [{"functionResponse": response}, *images]


def object_text(arguments: str) -> bytes | None:
    """The arguments' bytes as they are, if they are one JSON object."""
    try:
        value = msgspec.json.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        return None
    return arguments.encode() if isinstance(value, dict) else None
