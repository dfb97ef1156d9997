"""generateContent requests, written to vendors.

* The vendor refuses content without parts and text without words; they are left
  out, and reported where that changes what was asked.
* A request of instructions alone is sent as the user's, and reported.
* Ten stop sequences are too many: five are sent.
* Newer models refuse a function call without the signature of the thought that led
  to it. Calls of other models have none; Google's reference ("Thought signatures")
  names a value that stands for such a one, on the first call of a turn.
* Results of tools stand first in their content, and images of theirs after them.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Loss,
    Part,
    Reasoning,
    Sampling,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.arguments import as_object
from changeover.wire.gemini_generate.exchanges import written_response
from changeover.wire.gemini_generate.fields import UNSIGNED
from changeover.wire.gemini_generate.request import MAX_STOPS
from changeover.wire.gemini_generate.tools import written_tools
from changeover.wire.gemini_generate.turns import together


def encode_request(request: ChatRequest) -> tuple[bytes, tuple[Loss, ...]]:
    """The request as a vendor takes it, and what of it this protocol cannot say."""
    losses: list[Loss] = []
    contents = _Contents(losses)
    system, turns = _system_and_turns(request, losses)
    body: dict[str, Any] = {"contents": [contents.content(turn) for turn in together(turns)]}
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
        results = [self._result(part) for part in turn.parts if isinstance(part, ToolResult)]
        pictures = [self._image(image) for image in _beside_results(turn)]
        if pictures:
            why = "A picture in a tool's result is sent beside it."
            self._losses.append(Loss(field="tool_result", why=why))
        others = [self._part(p) for p in turn.parts if not isinstance(p, ToolResult)]
        for part in others:
            if "functionCall" in part:
                part["thoughtSignature"] = UNSIGNED
                break
        role = "user" if turn.role == "user" else "model"
        return {"role": role, "parts": [*results, *pictures, *others]}

    def _part(self, part: Text | Image | File | Reasoning | ToolCall) -> dict[str, Any]:
        match part:
            case Text():
                return {"text": part.text}
            case Image():
                return self._image(part)
            case ToolCall():
                self._names[part.id] = part.name
                call = {"id": part.id, "name": part.name, "args": self._arguments(part)}
                return {"functionCall": call}
            case File() | Reasoning():
                raise NotImplementedError
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
        written, whole = as_object(call.arguments)
        if not whole:
            why = f"The arguments of {call.name} are no JSON object; they are put into one."
            self._losses.append(Loss(field="arguments", why=why))
        return written

    def _result(self, result: ToolResult) -> dict[str, Any]:
        texts = [part.text for part in result.parts if isinstance(part, Text) and part.text]
        response = {
            "id": result.call,
            "name": self._names.get(result.call, result.call),
            "response": written_response(texts, is_error=result.is_error),
        }
        return {"functionResponse": response}


def _beside_results(turn: Turn) -> list[Image]:
    results = [part for part in turn.parts if isinstance(part, ToolResult)]
    return [part for result in results for part in result.parts if isinstance(part, Image)]
