"""What Gemini's generateContent takes and refuses.

Written from the vendor's reference (ai.google.dev/api: generate-content, errors),
from the types of its official SDK and from error bodies that callers reported;
types and wording are the vendor's.

The vendor reads JSON as ProtoJSON: a field's name in camel case or in snake case, one
object where a list is meant, `null` as absent. What no message knows is refused,
then what is of another type, then the conversation and the settings as a whole,
last what the model does not take (a stand-in writes text and calls tools), and the
order of calls and results.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from changeover.standin.asked import Asked, RefusalError, Said, is_number
from changeover.standin.gemini_tools import check_order, chosen, said, tool_problems

INVALID = "INVALID_ARGUMENT"
_MOST_STOPS = 5
_MOST_TOKENS = 65_536
_CATEGORY = "type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory"
_MODE = "type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode"
_CATEGORIES = tuple(
    f"HARM_CATEGORY_{name}"
    for name in (
        "UNSPECIFIED",
        "HARASSMENT",
        "HATE_SPEECH",
        "SEXUALLY_EXPLICIT",
        "DANGEROUS_CONTENT",
        "CIVIC_INTEGRITY",
    )
)
_PICTURES = {"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"}
_OPENING = "GenerateContentRequest"

Message = dict[str, "Shape"]
Shape = str | Message | tuple[str, "Shape"] | tuple[str, str, tuple[str, ...]]


def _list_of(shape: "Shape") -> "Shape":
    return ("list", shape)


_PART: Message = {
    "text": "TYPE_STRING",
    "thought": "TYPE_BOOL",
    "thoughtSignature": "TYPE_BYTES",
    "inlineData": {"mimeType": "TYPE_STRING", "data": "TYPE_BYTES", "displayName": "TYPE_STRING"},
    "fileData": {
        "mimeType": "TYPE_STRING",
        "fileUri": "TYPE_STRING",
        "displayName": "TYPE_STRING",
    },
    "functionCall": {"id": "TYPE_STRING", "name": "TYPE_STRING", "args": "object"},
    "functionResponse": {
        "id": "TYPE_STRING",
        "name": "TYPE_STRING",
        "response": "object",
        "willContinue": "TYPE_BOOL",
        "scheduling": "TYPE_STRING",
        "parts": _list_of("object"),
    },
    "executableCode": "object",
    "codeExecutionResult": "object",
    "videoMetadata": "object",
}
_CONTENT: Message = {"parts": _list_of(_PART), "role": "TYPE_STRING"}
_GENERATION: Message = {
    "temperature": "TYPE_FLOAT",
    "topP": "TYPE_FLOAT",
    "topK": "TYPE_INT32",
    "candidateCount": "TYPE_INT32",
    "maxOutputTokens": "TYPE_INT32",
    "stopSequences": _list_of("TYPE_STRING"),
    "presencePenalty": "TYPE_FLOAT",
    "frequencyPenalty": "TYPE_FLOAT",
    "seed": "TYPE_INT32",
    "responseLogprobs": "TYPE_BOOL",
    "logprobs": "TYPE_INT32",
    "responseMimeType": "TYPE_STRING",
    "responseSchema": "object",
    "responseJsonSchema": "object",
    "responseModalities": _list_of("TYPE_STRING"),
    "mediaResolution": "TYPE_STRING",
    "speechConfig": "object",
    "imageConfig": "object",
    "enableEnhancedCivicAnswers": "TYPE_BOOL",
    "thinkingConfig": {
        "includeThoughts": "TYPE_BOOL",
        "thinkingBudget": "TYPE_INT32",
        "thinkingLevel": "TYPE_STRING",
    },
}
_REQUEST: Message = {
    "model": "TYPE_STRING",
    "contents": _list_of(_CONTENT),
    "systemInstruction": _CONTENT,
    "generationConfig": _GENERATION,
    "safetySettings": _list_of(
        {"category": ("enum", _CATEGORY, _CATEGORIES), "threshold": "TYPE_STRING"}
    ),
    "tools": _list_of(
        {
            "functionDeclarations": _list_of(
                {
                    "name": "TYPE_STRING",
                    "description": "TYPE_STRING",
                    "parameters": "object",
                    "parametersJsonSchema": "object",
                    "response": "object",
                    "responseJsonSchema": "object",
                    "behavior": "TYPE_STRING",
                }
            ),
            "googleSearch": "object",
            "codeExecution": "object",
            "urlContext": "object",
        }
    ),
    "toolConfig": {
        "functionCallingConfig": {
            "mode": ("enum", _MODE, ("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED")),
            "allowedFunctionNames": _list_of("TYPE_STRING"),
        },
        "retrievalConfig": "object",
    },
    "cachedContent": "TYPE_STRING",
    "labels": "object",
    "serviceTier": "TYPE_STRING",
    "store": "TYPE_BOOL",
}
_SCALARS: dict[str, Callable[[Any], bool]] = {
    "TYPE_STRING": lambda value: isinstance(value, str),
    "TYPE_BYTES": lambda value: (
        isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/_-]*=*", value) is not None
    ),
    "TYPE_BOOL": lambda value: isinstance(value, bool),
    "TYPE_FLOAT": is_number,
    "TYPE_INT32": lambda value: is_number(value) and value == int(value) and abs(value) < 2**31,
    "object": lambda value: isinstance(value, dict),
}


def _invalid(message: str, field: str | None = None) -> RefusalError:
    return RefusalError(400, INVALID, message, param=field)


def read_request(payload: bytes, model: str, *, stream: bool) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise _invalid("Invalid JSON payload received. Root element must be a message.")
    given = _message(body, _REQUEST, "")
    problems = [f"* {_OPENING}.{problem}\n" for problem in _problems(given)]
    if problems:
        raise _invalid("".join(problems))
    for content in given["contents"]:
        if content.get("role", "user") not in {"user", "model"}:
            raise _invalid("Please use a valid role: user, model.")
    _check_features(given, model)
    check_order(given["contents"], model)
    system = given.get("systemInstruction")
    config = given.get("generationConfig", {})
    limit = config.get("maxOutputTokens")
    asked = Asked(
        model=model,
        conversation=(
            *((Said(role="system", text=_words(system)),) if system else ()),
            *(one for content in given["contents"] for one in said(content)),
        ),
        stream=stream,
        max_tokens=None if limit is None else int(limit),
        stops=tuple(config.get("stopSequences", ())),
    )
    return chosen(given, asked)


def _message(value: Any, message: Message, path: str) -> dict[str, Any]:
    """The message under its fields' JSON names."""
    if not isinstance(value, dict):
        raise _invalid(f"Invalid value at '{path}', {_shown(value)}", path)
    read: dict[str, Any] = {}
    for name, inner in value.items():
        found = next((known for known in message if name in {known, _snake(known)}), None)
        if found is None:
            at = f" at '{path}'" if path else ""
            text = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
            raise _invalid(text, path)
        if inner is not None:
            place = f"{path}.{_snake(found)}" if path else _snake(found)
            read[found] = _value(inner, message[found], place)
    return read


def _value(value: Any, shape: Shape, path: str) -> Any:
    match shape:
        case dict():
            return _message(value, shape, path)
        case ("list", inner):
            values = value if isinstance(value, list) else [value]
            assert isinstance(inner, str | dict | tuple)
            return [_value(each, inner, f"{path}[{at}]") for at, each in enumerate(values)]
        case ("enum", str(kind), tuple(values)):
            if value not in values:
                raise _invalid(f"Invalid value at '{path}' ({kind}), {_shown(value)}", path)
            return value
        case _:
            assert isinstance(shape, str)
            if not _SCALARS[shape](value):
                raise _invalid(f"Invalid value at '{path}' ({shape}), {_shown(value)}", path)
            return value


def _problems(given: dict[str, Any]) -> Iterator[str]:
    """What the vendor finds wrong with the whole, each by its place."""
    if not given.get("contents"):
        yield "contents: contents is not specified"
    for at, content in enumerate(given.get("contents", ())):
        yield from _content_problems(content, f"contents[{at}]")
    if "systemInstruction" in given:
        yield from _content_problems(given["systemInstruction"], "system_instruction")
    yield from _setting_problems(given.get("generationConfig", {}))
    yield from tool_problems(given)


def _content_problems(content: dict[str, Any], path: str) -> Iterator[str]:
    if not content.get("parts"):
        yield f"{path}.parts: contents.parts must not be empty."
    for at, part in enumerate(content.get("parts", ())):
        if not set(part) - {"thought", "thoughtSignature", "videoMetadata"}:
            yield (
                f"{path}.parts[{at}].data: required oneof field 'data' must have one "
                "initialized field"
            )


def _setting_problems(config: dict[str, Any]) -> Iterator[str]:
    path = "generation_config"
    if not 0 <= config.get("temperature", 0) <= 2:
        yield f"{path}.temperature: temperature must be in the range [0.0, 2.0]."
    if not 0 <= config.get("topP", 0) <= 1:
        yield f"{path}.top_p: top_p must be in the range [0.0, 1.0]."
    for name in ("topK", "maxOutputTokens", "candidateCount"):
        if config.get(name, 1) < 1:
            yield f"{path}.{_snake(name)}: {_snake(name)} must be positive."
    if len(config.get("stopSequences", ())) > _MOST_STOPS:
        yield (f"{path}.stop_sequences: the number of stop_sequences must not exceed {_MOST_STOPS}")


def _check_features(given: dict[str, Any], model: str) -> None:
    config = given.get("generationConfig", {})
    limit = config.get("maxOutputTokens", 1)
    if limit > _MOST_TOKENS:
        raise _invalid(
            f"Unable to submit request because it has a maxOutputTokens value of {limit} but the "
            f"supported range is from 1 (inclusive) to {_MOST_TOKENS + 1} (exclusive). Update the "
            "value and try again."
        )
    missing = {
        "Search and code execution": any(
            set(tool) - {"functionDeclarations"} for tool in given.get("tools", ())
        ),
        "JSON mode": config.get("responseMimeType", "text/plain") != "text/plain",
        "Multiple candidates": config.get("candidateCount", 1) > 1,
        "Logprobs": bool(config.get("responseLogprobs")),
        "Thinking": bool(config.get("thinkingConfig")),
    }
    for feature, asked in missing.items():
        if asked:
            raise _invalid(f"{feature} is not enabled for models/{model}")
    for content in given["contents"]:
        for part in content["parts"]:
            _check_part(part, model)


def _check_part(part: dict[str, Any], model: str) -> None:
    if "functionCall" in part or "functionResponse" in part:
        return
    data = part.get("inlineData") or part.get("fileData")
    if data is not None:
        if data.get("mimeType", "image/png") not in _PICTURES:
            raise _invalid(f"Unsupported MIME type: {data.get('mimeType')}")
        return
    if "text" not in part:
        raise _invalid(f"Only text and image input is enabled for models/{model}")
    if not part["text"]:
        raise _invalid(
            "Unable to submit request because it must have a text parameter. Add a text parameter "
            "and try again."
        )


def _words(content: dict[str, Any]) -> str:
    return "\n\n".join(part["text"] for part in content["parts"] if "text" in part)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()
