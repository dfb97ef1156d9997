"""What OpenAI's Chat Completions takes and refuses.

Written from the vendor's reference (developers.openai.com/api/reference, chat
completions), from the types of its official SDK and from error bodies that
callers reported; `param`, `code` and wording are the vendor's. `null` for an
optional field counts as absent, as with the vendor.

The order of checks: JSON, model, messages, unknown fields, each field's type and
range, combinations, and last whether the model takes the feature. A stand-in's
model takes text, images and functions: what it cannot do is refused in the words
that the vendor uses for a model without the feature.
"""

import re
from typing import Any

from changeover.standin import openai_tools as tools
from changeover.standin.asked import Asked, Role, Said
from changeover.standin.openai_checks import (
    Check,
    anything,
    array,
    flag,
    integer,
    invalid,
    json_object,
    number,
    of_type,
    one_of,
    read_object,
    text,
    wrong_type,
)

_ROLES = ("system", "assistant", "user", "function", "tool", "developer")
_READ_AS: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}
_PARTS = ("text", "image_url", "input_audio", "refusal", "audio", "file")
_MESSAGE_FIELDS = {"role", "content", "name", "refusal", "annotations"}
_FIELDS_OF = {"assistant": {"tool_calls"}, "tool": {"tool_call_id"}}
_SERVICE_TIERS = ("auto", "default", "fast", "flex", "scale", "priority")
_MOST_STOPS = 4
_LIMITS = {"gpt-4.1": 32_768, "gpt-4o": 16_384}


def _stop(name: str, value: Any) -> None:
    if isinstance(value, str):
        return
    if not isinstance(value, list):
        raise wrong_type(name, "one of a string or array of strings", value)
    for position, item in enumerate(value):
        if not isinstance(item, str):
            raise wrong_type(f"{name}[{position}]", "a string", item)
    if len(value) > _MOST_STOPS:
        message = (
            f"Invalid '{name}': array too long. Expected an array with maximum length "
            f"{_MOST_STOPS}, but got an array with length {len(value)} instead."
        )
        raise invalid(message, name, "array_above_max_length")


def _stream_options(name: str, value: Any) -> None:
    of_type("an object", dict)(name, value)
    for field, item in value.items():
        if field not in {"include_usage", "include_obfuscation"}:
            path = f"{name}.{field}"
            raise invalid(f"Unknown parameter: '{path}'.", path, "unknown_parameter")
        if item is not None:
            of_type("a boolean", bool)(f"{name}.{field}", item)


FIELDS: dict[str, Check] = {
    "model": text,
    "messages": array,
    "stream": flag,
    "stream_options": _stream_options,
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "presence_penalty": number(-2, 2),
    "frequency_penalty": number(-2, 2),
    "n": integer(1, 128),
    "max_tokens": integer(1),
    "max_completion_tokens": integer(1),
    "top_logprobs": integer(0, 20),
    "seed": integer(),
    "stop": _stop,
    "logit_bias": json_object,
    "logprobs": flag,
    "metadata": json_object,
    "user": text,
    "safety_identifier": text,
    "prompt_cache_key": text,
    "prompt_cache_retention": one_of("in_memory", "24h"),
    "prompt_cache_options": json_object,
    "service_tier": one_of(*_SERVICE_TIERS),
    "store": flag,
    "response_format": json_object,
    "modalities": of_type("an array of strings", list),
    "parallel_tool_calls": flag,
    "tools": tools.check_tools,
    "tool_choice": anything,
    "functions": array,
    "function_call": anything,
    "audio": json_object,
    "prediction": json_object,
    "moderation": json_object,
    "web_search_options": json_object,
}
"""The fields that the vendor knows, and what it checks of each."""

_PLAIN: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "logprobs": (False,),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
    "function_call": ("none",),
    **dict.fromkeys(("top_logprobs", "functions", "audio", "prediction"), ()),
    **dict.fromkeys(("moderation", "web_search_options"), ()),
}
"""Features beyond text, and the values with which a text model takes them all the same."""

_NOT_OF_THESE_MODELS = ("reasoning_effort", "verbosity")


def read_request(payload: bytes) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    given = read_object(payload)
    _check_fields(given)
    _check_combinations(given)
    tools.check_choice(given)
    _check_features(given)
    stop = given.get("stop", [])
    conversation = tuple(
        _said(position, message) for position, message in enumerate(given["messages"])
    )
    tools.check_order(given["messages"])
    asked = Asked(
        model=given["model"],
        conversation=conversation,
        stream=given.get("stream", False),
        stream_usage=bool(given.get("stream_options", {}).get("include_usage")),
        max_tokens=given.get("max_completion_tokens", given.get("max_tokens")),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
    )
    return tools.chosen(given, asked)


def _check_fields(given: dict[str, Any]) -> None:
    if not given.get("model"):
        raise invalid("you must provide a model parameter", None, None)
    if "messages" not in given:
        message = "Missing required parameter: 'messages'."
        raise invalid(message, "messages", "missing_required_parameter")
    for name in given:
        if name in _NOT_OF_THESE_MODELS:
            raise invalid(f"Unrecognized request argument supplied: {name}", None, None)
        if name not in FIELDS:
            raise invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    for name, check in FIELDS.items():
        if name in given:
            check(name, given[name])
    if not given["messages"]:
        message = (
            "Invalid 'messages': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise invalid(message, "messages", "empty_array")


def _check_combinations(given: dict[str, Any]) -> None:
    if "max_tokens" in given and "max_completion_tokens" in given:
        message = (
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        )
        raise invalid(message, "max_tokens", "invalid_parameter_combination")
    if "stream_options" in given and not given.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise invalid(message, "stream_options", None)
    if "top_logprobs" in given and not given.get("logprobs"):
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise invalid(message, "top_logprobs", None)
    most = next((_LIMITS[stem] for stem in _LIMITS if given["model"].startswith(stem)), None)
    for name in ("max_tokens", "max_completion_tokens"):
        if most is not None and given.get(name, 0) > most:
            message = (
                f"{name} is too large: {given[name]}. This model supports at most {most} "
                f"completion tokens, whereas you provided {given[name]}."
            )
            raise invalid(message, name, "invalid_value")


def _check_features(given: dict[str, Any]) -> None:
    for name, taken in _PLAIN.items():
        if name in given and given[name] not in taken:
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            raise invalid(message, name, "unsupported_parameter")


def _said(position: int, message: Any) -> Said:
    path = f"messages[{position}]"
    if not isinstance(message, dict):
        raise wrong_type(path, "an object", message)
    if message.get("role") is None:
        name = f"{path}.role"
        words = f"Missing required parameter: '{name}'."
        raise invalid(words, name, "missing_required_parameter")
    role = message["role"]
    one_of(*_ROLES)(f"{path}.role", role)
    if role not in _READ_AS or message.get("function_call"):
        words = "Invalid value: functions of the older form are not supported with this model."
        raise invalid(words, path, "unsupported_value")
    known = _MESSAGE_FIELDS | _FIELDS_OF.get(role, set())
    for name, value in message.items():
        if name not in known and value is not None:
            inner = f"{path}.{name}"
            raise invalid(f"Unknown parameter: '{inner}'.", inner, "unknown_parameter")
    _check_name(path, message.get("name"))
    calls = message.get("tool_calls")
    if calls is not None:
        tools.check_calls(f"{path}.tool_calls", calls)
        if message.get("content") is None:
            return Said(role="assistant", text="", calls=True)
    if "content" not in message:
        words = f"Missing required parameter: '{path}.content'."
        raise invalid(words, f"{path}.content", "missing_required_parameter")
    words = _content(path, position, message["content"], role)
    return Said(role=_READ_AS[role], text=words, calls=calls is not None)


def _check_name(path: str, name: Any) -> None:
    if name is None:
        return
    text(f"{path}.name", name)
    if re.fullmatch(r"[^\s<|\\/>]+", name) is None:
        message = (
            f"Invalid '{path}.name': string does not match pattern. Expected a string that "
            "matches the pattern '^[^\\s<|\\\\/>]+$'."
        )
        raise invalid(message, f"{path}.name", "invalid_value")


def _content(path: str, position: int, content: Any, role: str) -> str:
    name = f"{path}.content"
    if content is None:
        message = "Invalid value for 'content': expected a string, got null."
        raise invalid(message, f"messages.[{position}].content", None)
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise wrong_type(name, "one of a string or array of objects", content)
    if not content:
        message = (
            f"Invalid '{name}': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise invalid(message, name, "empty_array")
    words = [_part(f"{name}[{at}]", part, role) for at, part in enumerate(content)]
    return "\n\n".join(word for word in words if word)


def _part(path: str, part: Any, role: str) -> str:
    json_object(path, part)
    if part.get("type") is None:
        message = f"Missing required parameter: '{path}.type'."
        raise invalid(message, f"{path}.type", "missing_required_parameter")
    one_of(*_PARTS)(f"{path}.type", part["type"])
    if part["type"] == "image_url" and role == "user":
        _image(f"{path}.image_url", part.get("image_url"))
        return ""
    if part["type"] == "refusal" and role == "assistant":
        text(f"{path}.refusal", part.get("refusal"))
        refused: str = part["refusal"]
        return refused
    if part["type"] != "text":
        message = f"Invalid content type. {part['type']} is only supported by certain models."
        raise invalid(message, f"{path}.type", None)
    if part.get("text") is None:
        message = f"Missing required parameter: '{path}.text'."
        raise invalid(message, f"{path}.text", "missing_required_parameter")
    text(f"{path}.text", part["text"])
    for name in part:
        if name not in {"type", "text"}:
            message = f"Unknown parameter: '{path}.{name}'."
            raise invalid(message, f"{path}.{name}", "unknown_parameter")
    said: str = part["text"]
    return said


def _image(path: str, image: Any) -> None:
    json_object(path, image)
    if image.get("url") is None:
        message = f"Missing required parameter: '{path}.url'."
        raise invalid(message, f"{path}.url", "missing_required_parameter")
    text(f"{path}.url", image["url"])
    if not re.match(r"https?://|data:image/(?:png|jpeg|gif|webp);base64,.", image["url"]):
        message = "Invalid MIME type. Only image types are supported."
        raise invalid(message, f"{path}.url", "invalid_image_format")
    if image.get("detail") is not None:
        one_of("low", "high", "auto", "original")(f"{path}.detail", image["detail"])
