"""What OpenAI's Chat Completions takes and refuses.

Written from the vendor's reference (developers.openai.com/api/reference, chat
completions), from the types of its official SDK and from error bodies that
callers reported; `param`, `code` and wording are the vendor's. `null` for an
optional field counts as absent, as with the vendor.

The order of checks: JSON, model, messages, unknown fields, each field's type and
range, combinations, and last whether the model takes the feature. A stand-in is
a model for text alone: what it cannot do is refused in the words that the vendor
uses for a model without the feature.
"""

import re
from typing import Any

from changeover.standin.asked import Asked, Role, Said
from changeover.standin.openai_checks import Check
from changeover.standin.openai_checks import anything as _anything
from changeover.standin.openai_checks import array as _array
from changeover.standin.openai_checks import flag as _flag
from changeover.standin.openai_checks import integer as _integer
from changeover.standin.openai_checks import invalid as _invalid
from changeover.standin.openai_checks import json_object as _object
from changeover.standin.openai_checks import number as _number
from changeover.standin.openai_checks import of_type as _of_type
from changeover.standin.openai_checks import one_of as _one_of
from changeover.standin.openai_checks import read_object as _read_object
from changeover.standin.openai_checks import text as _text
from changeover.standin.openai_checks import wrong_type as _wrong_type

_ROLES = ("system", "assistant", "user", "function", "tool", "developer")
_READ_AS: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}
_PARTS = ("text", "image_url", "input_audio", "refusal", "audio", "file")
_MESSAGE_FIELDS = {"role", "content", "name", "refusal", "annotations"}
_SERVICE_TIERS = ("auto", "default", "fast", "flex", "scale", "priority")
_MOST_STOPS = 4
_LIMITS = {"gpt-4.1": 32_768, "gpt-4o": 16_384}


def _stop(name: str, value: Any) -> None:
    if isinstance(value, str):
        return
    if not isinstance(value, list):
        raise _wrong_type(name, "one of a string or array of strings", value)
    for position, item in enumerate(value):
        if not isinstance(item, str):
            raise _wrong_type(f"{name}[{position}]", "a string", item)
    if len(value) > _MOST_STOPS:
        message = (
            f"Invalid '{name}': array too long. Expected an array with maximum length "
            f"{_MOST_STOPS}, but got an array with length {len(value)} instead."
        )
        raise _invalid(message, name, "array_above_max_length")


def _stream_options(name: str, value: Any) -> None:
    _of_type("an object", dict)(name, value)
    for field, item in value.items():
        if field not in {"include_usage", "include_obfuscation"}:
            path = f"{name}.{field}"
            raise _invalid(f"Unknown parameter: '{path}'.", path, "unknown_parameter")
        if item is not None:
            _of_type("a boolean", bool)(f"{name}.{field}", item)


FIELDS: dict[str, Check] = {
    "model": _text,
    "messages": _array,
    "stream": _flag,
    "stream_options": _stream_options,
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "presence_penalty": _number(-2, 2),
    "frequency_penalty": _number(-2, 2),
    "n": _integer(1, 128),
    "max_tokens": _integer(1),
    "max_completion_tokens": _integer(1),
    "top_logprobs": _integer(0, 20),
    "seed": _integer(),
    "stop": _stop,
    "logit_bias": _object,
    "logprobs": _flag,
    "metadata": _object,
    "user": _text,
    "safety_identifier": _text,
    "prompt_cache_key": _text,
    "prompt_cache_retention": _one_of("in_memory", "24h"),
    "prompt_cache_options": _object,
    "service_tier": _one_of(*_SERVICE_TIERS),
    "store": _flag,
    "response_format": _object,
    "modalities": _of_type("an array of strings", list),
    "parallel_tool_calls": _flag,
    "tools": _array,
    "tool_choice": _anything,
    "functions": _array,
    "function_call": _anything,
    "audio": _object,
    "prediction": _object,
    "moderation": _object,
    "web_search_options": _object,
}
"""The fields that the vendor knows, and what it checks of each."""

_PLAIN: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "logprobs": (False,),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
    "tool_choice": ("none",),
    "function_call": ("none",),
    "tools": ([],),
    **dict.fromkeys(
        ("top_logprobs", "functions", "parallel_tool_calls", "audio", "prediction"), ()
    ),
    **dict.fromkeys(("moderation", "web_search_options"), ()),
}
"""Features beyond text, and the values with which a text model takes them all the same."""

_NOT_OF_THESE_MODELS = ("reasoning_effort", "verbosity")


def read_request(payload: bytes) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    given = _read_object(payload)
    _check_fields(given)
    _check_combinations(given)
    _check_features(given)
    stop = given.get("stop", [])
    return Asked(
        model=given["model"],
        conversation=tuple(
            _said(position, message) for position, message in enumerate(given["messages"])
        ),
        stream=given.get("stream", False),
        stream_usage=bool(given.get("stream_options", {}).get("include_usage")),
        max_tokens=given.get("max_completion_tokens", given.get("max_tokens")),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
    )


def _check_fields(given: dict[str, Any]) -> None:
    if not given.get("model"):
        raise _invalid("you must provide a model parameter", None, None)
    if "messages" not in given:
        message = "Missing required parameter: 'messages'."
        raise _invalid(message, "messages", "missing_required_parameter")
    for name in given:
        if name in _NOT_OF_THESE_MODELS:
            raise _invalid(f"Unrecognized request argument supplied: {name}", None, None)
        if name not in FIELDS:
            raise _invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    for name, check in FIELDS.items():
        if name in given:
            check(name, given[name])
    if not given["messages"]:
        message = (
            "Invalid 'messages': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise _invalid(message, "messages", "empty_array")


def _check_combinations(given: dict[str, Any]) -> None:
    if "max_tokens" in given and "max_completion_tokens" in given:
        message = (
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        )
        raise _invalid(message, "max_tokens", "invalid_parameter_combination")
    if "stream_options" in given and not given.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise _invalid(message, "stream_options", None)
    if "top_logprobs" in given and not given.get("logprobs"):
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise _invalid(message, "top_logprobs", None)
    most = next((_LIMITS[stem] for stem in _LIMITS if given["model"].startswith(stem)), None)
    for name in ("max_tokens", "max_completion_tokens"):
        if most is not None and given.get(name, 0) > most:
            message = (
                f"{name} is too large: {given[name]}. This model supports at most {most} "
                f"completion tokens, whereas you provided {given[name]}."
            )
            raise _invalid(message, name, "invalid_value")


def _check_features(given: dict[str, Any]) -> None:
    for name, taken in _PLAIN.items():
        if name in given and given[name] not in taken:
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            raise _invalid(message, name, "unsupported_parameter")


def _said(position: int, message: Any) -> Said:
    path = f"messages[{position}]"
    if not isinstance(message, dict):
        raise _wrong_type(path, "an object", message)
    if message.get("role") is None:
        name = f"{path}.role"
        text = f"Missing required parameter: '{name}'."
        raise _invalid(text, name, "missing_required_parameter")
    role = message["role"]
    _one_of(*_ROLES)(f"{path}.role", role)
    if role not in _READ_AS or message.get("tool_calls") or message.get("function_call"):
        text = "Invalid value: tool calls are not supported with this model."
        raise _invalid(text, path, "unsupported_value")
    for name, value in message.items():
        if name not in _MESSAGE_FIELDS and value is not None:
            inner = f"{path}.{name}"
            raise _invalid(f"Unknown parameter: '{inner}'.", inner, "unknown_parameter")
    _check_name(path, message.get("name"))
    if "content" not in message:
        text = f"Missing required parameter: '{path}.content'."
        raise _invalid(text, f"{path}.content", "missing_required_parameter")
    return Said(role=_READ_AS[role], text=_content(path, position, message["content"]))


def _check_name(path: str, name: Any) -> None:
    if name is None:
        return
    _text(f"{path}.name", name)
    if re.fullmatch(r"[^\s<|\\/>]+", name) is None:
        message = (
            f"Invalid '{path}.name': string does not match pattern. Expected a string that "
            "matches the pattern '^[^\\s<|\\\\/>]+$'."
        )
        raise _invalid(message, f"{path}.name", "invalid_value")


def _content(path: str, position: int, content: Any) -> str:
    name = f"{path}.content"
    if content is None:
        message = "Invalid value for 'content': expected a string, got null."
        raise _invalid(message, f"messages.[{position}].content", None)
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise _wrong_type(name, "one of a string or array of objects", content)
    if not content:
        message = (
            f"Invalid '{name}': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise _invalid(message, name, "empty_array")
    return "\n\n".join(_part(f"{name}[{at}]", part) for at, part in enumerate(content))


def _part(path: str, part: Any) -> str:
    _object(path, part)
    if part.get("type") is None:
        message = f"Missing required parameter: '{path}.type'."
        raise _invalid(message, f"{path}.type", "missing_required_parameter")
    _one_of(*_PARTS)(f"{path}.type", part["type"])
    if part["type"] != "text":
        message = f"Invalid content type. {part['type']} is only supported by certain models."
        raise _invalid(message, f"{path}.type", None)
    if part.get("text") is None:
        message = f"Missing required parameter: '{path}.text'."
        raise _invalid(message, f"{path}.text", "missing_required_parameter")
    _text(f"{path}.text", part["text"])
    for name in part:
        if name not in {"type", "text"}:
            message = f"Unknown parameter: '{path}.{name}'."
            raise _invalid(message, f"{path}.{name}", "unknown_parameter")
    text: str = part["text"]
    return text
