"""What Gemini's generateContent takes and refuses.

Written from the vendor's reference (ai.google.dev/api: generate-content, errors),
from the types of its official SDK and from error bodies that callers reported;
types and wording are the vendor's.

The vendor reads JSON as ProtoJSON: a field's name in camel case or in snake case, one
object where a list is meant, `null` as absent. What no message knows is refused,
then what is of another type, then the conversation and the settings as a whole,
last what the model does not take (a stand-in thinks, writes text and JSON, and calls
tools), the order of calls and results, and signatures.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from changeover.standin.asked import RefusalError, Said
from changeover.standin.gemini_asked import GeminiAsked
from changeover.standin.gemini_models import generation
from changeover.standin.gemini_schemas import (
    first_unreadable,
    json_schema_problems,
    lowered,
    problems,
    resolved,
)
from changeover.standin.gemini_shapes import REQUEST, SCALARS, VERTEX_REQUEST, Message, Shape
from changeover.standin.gemini_signatures import check_signatures
from changeover.standin.gemini_thinking import is_thinking, thinking_problem
from changeover.standin.gemini_tools import check_order, chosen, said, tool_problems

INVALID = "INVALID_ARGUMENT"
_MOST_STOPS = 5
_MOST_TOKENS = 65_536
_MOST_CHANCES = 20
_PICTURES = {"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"}
_IN_RESULTS = {"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"}
_OPENING = "GenerateContentRequest"
_JSON = "application/json"


def _invalid(message: str, field: str | None = None) -> RefusalError:
    return RefusalError(400, INVALID, message, param=field)


def read_request(payload: bytes, model: str, *, stream: bool, vertex: bool = False) -> GeminiAsked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise _invalid("Invalid JSON payload received. Root element must be a message.")
    given = _message(body, VERTEX_REQUEST if vertex else REQUEST, "")
    _check_schemas(given)
    found = [f"* {_OPENING}.{problem}\n" for problem in _problems(given)]
    if found:
        raise _invalid("".join(found))
    for content in given["contents"]:
        if content.get("role", "" if vertex else "user") not in {"user", "model"}:
            raise _invalid("Please use a valid role: user, model.")
    _check_features(given, model)
    _check_parts(given, model, vertex=vertex)
    check_order(given["contents"])
    check_signatures(given["contents"], model)
    return chosen(given, _asked(given, model, stream=stream))


def _asked(given: dict[str, Any], model: str, *, stream: bool) -> GeminiAsked:
    system = given.get("systemInstruction")
    config = given.get("generationConfig", {})
    limit = config.get("maxOutputTokens")
    thinking = config.get("thinkingConfig", {})
    thinks = is_thinking(thinking, model)
    return GeminiAsked(
        model=model,
        conversation=(
            *((Said(role="system", text=_words(system)),) if system else ()),
            *(one for content in given["contents"] for one in said(_readable(content))),
        ),
        stream=stream,
        max_tokens=None if limit is None else int(limit),
        stops=tuple(config.get("stopSequences", ())),
        thinks=thinks,
        shows=thinks and bool(thinking.get("includeThoughts")),
        chances=int(config.get("logprobs", 0)) if config.get("responseLogprobs") else None,
        form=_form(config),
    )


def _form(config: dict[str, Any]) -> dict[str, Any] | None:
    if config.get("responseMimeType") != _JSON:
        return None
    plain = config.get("responseJsonSchema") or lowered(config.get("responseSchema", {}))
    opened = resolved(plain)
    return opened if isinstance(opened, dict) else {}


def _readable(content: dict[str, Any]) -> dict[str, Any]:
    """The content with the words of its text files as text, and without thoughts."""
    parts = [part for part in content["parts"] if not part.get("thought")]
    return {**content, "parts": [_with_words(part) for part in parts]}


def _with_words(part: dict[str, Any]) -> dict[str, Any]:
    data = part.get("inlineData", {})
    if not data.get("mimeType", "").startswith("text/"):
        return part
    octets = base64.urlsafe_b64decode(data["data"].replace("+", "-").replace("/", "_") + "==")
    return {"text": octets.decode(errors="replace")}


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
            if not SCALARS[shape](value):
                failed = "Base64 decoding failed for " if shape == "TYPE_BYTES" else ""
                raise _invalid(
                    f"Invalid value at '{path}' ({shape}), {failed}{_shown(value)}", path
                )
            return value


def _declared(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, tool in enumerate(given.get("tools", ())):
        for number, declared in enumerate(tool.get("functionDeclarations", ())):
            yield f"tools[{at}].function_declarations[{number}]", declared


def _check_schemas(given: dict[str, Any]) -> None:
    """Refuses a schema in the vendor's dialect that its parser cannot read."""
    config = given.get("generationConfig", {})
    schemas = [("generation_config.response_schema", config.get("responseSchema"))]
    schemas += [(f"{place}.parameters", each.get("parameters")) for place, each in _declared(given)]
    for place, schema in schemas:
        if schema is not None and (message := first_unreadable(schema, place)):
            raise _invalid(message, place)


def _problems(given: dict[str, Any]) -> Iterator[str]:
    """What the vendor finds wrong with the whole, each by its place."""
    if not given.get("contents"):
        yield "contents: contents is not specified"
    for at, content in enumerate(given.get("contents", ())):
        yield from _content_problems(content, f"contents[{at}]")
    if "systemInstruction" in given:
        yield from _content_problems(given["systemInstruction"], "system_instruction")
    yield from _setting_problems(given.get("generationConfig", {}))
    yield from _form_problems(given.get("generationConfig", {}))
    yield from tool_problems(given)
    for place, declared in _declared(given):
        yield from problems(declared.get("parameters", {}), f"{place}.parameters")
        plain = declared.get("parametersJsonSchema")
        yield from json_schema_problems(plain, f"{place}.parameters_json_schema")


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
    for name in ("frequencyPenalty", "presencePenalty"):
        if not -2 <= config.get(name, 0) <= 2:
            yield f"{path}.{_snake(name)}: {_snake(name)} must be in the range [-2.0, 2.0]."
    for name in ("topK", "maxOutputTokens", "candidateCount"):
        if config.get(name, 1) < 1:
            yield f"{path}.{_snake(name)}: {_snake(name)} must be positive."
    if len(config.get("stopSequences", ())) > _MOST_STOPS:
        yield (f"{path}.stop_sequences: the number of stop_sequences must not exceed {_MOST_STOPS}")
    if not 0 <= config.get("logprobs", 0) <= _MOST_CHANCES:
        yield f"{path}.logprobs: logprobs must be in the range [0, {_MOST_CHANCES}]."
    if config.get("logprobs") and not config.get("responseLogprobs"):
        yield f"{path}.logprobs: logprobs requires response_logprobs to be set to true."


def _form_problems(config: dict[str, Any]) -> Iterator[str]:
    path = "generation_config"
    both = "responseSchema" in config and "responseJsonSchema" in config
    if both:
        yield f"{path}.response_json_schema: response_schema must be omitted if it is set."
    for name in ("responseSchema", "responseJsonSchema"):
        if name in config and config.get("responseMimeType") != _JSON:
            yield f"{path}.response_mime_type: {_snake(name)} requires {_JSON}."
    yield from problems(config.get("responseSchema", {}), f"{path}.response_schema")
    plain = config.get("responseJsonSchema")
    yield from json_schema_problems(plain, f"{path}.response_json_schema")


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
        "Output other than text and JSON": config.get("responseMimeType", "text/plain")
        not in {"text/plain", _JSON},
        "Multiple candidates": config.get("candidateCount", 1) > 1,
    }
    for feature, asked in missing.items():
        if asked:
            raise _invalid(f"{feature} is not enabled for models/{model}")
    if problem := thinking_problem(config.get("thinkingConfig", {}), model):
        raise _invalid(problem)


def _check_parts(given: dict[str, Any], model: str, *, vertex: bool) -> None:
    for content in given["contents"]:
        for part in content["parts"]:
            if "functionResponse" in part:
                _check_result(part["functionResponse"], model)
            elif "functionCall" not in part:
                _check_part(part, model, vertex=vertex)


def _check_result(result: dict[str, Any], model: str) -> None:
    parts = result.get("parts", [])
    if parts and generation(model) < 3:
        raise _invalid("Multimodal function responses are not supported for this model.")
    for part in parts:
        kind = (part.get("inlineData") or part.get("fileData") or {}).get("mimeType")
        if kind not in _IN_RESULTS:
            raise _invalid(f"Unsupported MIME type: {kind}")


def _check_part(part: dict[str, Any], model: str, *, vertex: bool) -> None:
    data = part.get("inlineData") or part.get("fileData")
    if data is not None:
        kind = data.get("mimeType", "" if vertex else "image/png")
        if kind not in _PICTURES | {"application/pdf", _JSON} and not kind.startswith("text/"):
            raise _invalid(f"Unsupported MIME type: {kind}")
        return
    if "text" not in part:
        raise _invalid(f"Only text, image and document input is enabled for models/{model}")
    if not part["text"] and "thoughtSignature" not in part:
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
