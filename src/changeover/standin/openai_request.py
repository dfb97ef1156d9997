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
from collections.abc import Callable
from typing import Any

import msgspec

from changeover.standin import openai_tools as tools
from changeover.standin.asked import Asked, RefusalError, Role, Said, is_integer, is_number

_INVALID = "invalid_request_error"
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
_TYPES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal number",
    str: "a string",
    list: "an array",
    dict: "an object",
}
_NOT_JSON = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using "
    "your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not "
    "valid JSON. If you have trouble figuring out how to fix this, please contact us through our "
    "help center at help.openai.com.)"
)

Check = Callable[[str, Any], None]


def _invalid(message: str, param: str | None, code: str | None) -> RefusalError:
    return RefusalError(400, _INVALID, message, param=param, code=code)


def _named(value: Any) -> str:
    """A JSON value's type in the vendor's words."""
    return "an empty array" if value == [] else _TYPES[type(value)]


def _wrong_type(name: str, expected: str, value: Any) -> RefusalError:
    message = f"Invalid type for '{name}': expected {expected}, but got {_named(value)} instead."
    return _invalid(message, name, "invalid_type")


def _number(low: float, high: float) -> Check:
    def check(name: str, value: Any) -> None:
        if not is_number(value):
            raise _wrong_type(name, "a decimal", value)
        if value < low:
            message = f"Expected a value >= {low:g}, but got {value} instead."
            message = f"Invalid '{name}': decimal below minimum value. {message}"
            raise _invalid(message, name, "decimal_below_min_value")
        if value > high:
            message = f"Expected a value <= {high:g}, but got {value} instead."
            message = f"Invalid '{name}': decimal above maximum value. {message}"
            raise _invalid(message, name, "decimal_above_max_value")

    return check


def _integer(low: int | None = None, high: int | None = None) -> Check:
    def check(name: str, value: Any) -> None:
        if not is_integer(value):
            raise _wrong_type(name, "an integer", value)
        if low is not None and value < low:
            message = f"Expected a value >= {low}, but got {value} instead."
            message = f"Invalid '{name}': integer below minimum value. {message}"
            raise _invalid(message, name, "integer_below_min_value")
        if high is not None and value > high:
            message = f"Expected a value <= {high}, but got {value} instead."
            message = f"Invalid '{name}': integer above maximum value. {message}"
            raise _invalid(message, name, "integer_above_max_value")

    return check


def _of_type(expected: str, kind: type) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, kind):
            raise _wrong_type(name, expected, value)

    return check


def _one_of(*values: str) -> Check:
    listed = ", ".join(f"'{value}'" for value in values[:-1])

    def check(name: str, value: Any) -> None:
        if not isinstance(value, str):
            raise _wrong_type(name, f"one of {listed}, or '{values[-1]}'", value)
        if value not in values:
            message = (
                f"Invalid value: '{value}'. Supported values are: {listed}, and '{values[-1]}'."
            )
            raise _invalid(message, name, "invalid_value")

    return check


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


def _anything(_name: str, _value: Any) -> None:
    """Refused later, unless it asks for nothing."""


_text = _of_type("a string", str)
_flag = _of_type("a boolean", bool)
_object = _of_type("an object", dict)
_array = _of_type("an array of objects", list)

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
    "tools": tools.check_tools,
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
    "function_call": ("none",),
    **dict.fromkeys(("top_logprobs", "functions", "audio", "prediction"), ()),
    **dict.fromkeys(("moderation", "web_search_options"), ()),
}
"""Features beyond text, and the values with which a text model takes them all the same."""

_NOT_OF_THESE_MODELS = ("reasoning_effort", "verbosity")


def read_request(payload: bytes) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid(_NOT_JSON, None, None) from error
    if not isinstance(body, dict):
        raise _invalid(_NOT_JSON, None, None)
    given = {name: value for name, value in body.items() if value is not None}
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
    if role not in _READ_AS or message.get("function_call"):
        text = "Invalid value: functions of the older form are not supported with this model."
        raise _invalid(text, path, "unsupported_value")
    known = _MESSAGE_FIELDS | _FIELDS_OF.get(role, set())
    for name, value in message.items():
        if name not in known and value is not None:
            inner = f"{path}.{name}"
            raise _invalid(f"Unknown parameter: '{inner}'.", inner, "unknown_parameter")
    _check_name(path, message.get("name"))
    calls = message.get("tool_calls")
    if calls is not None:
        tools.check_calls(f"{path}.tool_calls", calls)
        if message.get("content") is None:
            return Said(role="assistant", text="", calls=True)
    if "content" not in message:
        text = f"Missing required parameter: '{path}.content'."
        raise _invalid(text, f"{path}.content", "missing_required_parameter")
    words = _content(path, position, message["content"], role)
    return Said(role=_READ_AS[role], text=words, calls=calls is not None)


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


def _content(path: str, position: int, content: Any, role: str) -> str:
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
    words = [_part(f"{name}[{at}]", part, role) for at, part in enumerate(content)]
    return "\n\n".join(word for word in words if word)


def _part(path: str, part: Any, role: str) -> str:
    _object(path, part)
    if part.get("type") is None:
        message = f"Missing required parameter: '{path}.type'."
        raise _invalid(message, f"{path}.type", "missing_required_parameter")
    _one_of(*_PARTS)(f"{path}.type", part["type"])
    if part["type"] == "image_url" and role == "user":
        _image(f"{path}.image_url", part.get("image_url"))
        return ""
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


def _image(path: str, image: Any) -> None:
    _object(path, image)
    if image.get("url") is None:
        message = f"Missing required parameter: '{path}.url'."
        raise _invalid(message, f"{path}.url", "missing_required_parameter")
    _text(f"{path}.url", image["url"])
    if not re.match(r"https?://|data:image/(?:png|jpeg|gif|webp);base64,.", image["url"]):
        message = "Invalid MIME type. Only image types are supported."
        raise _invalid(message, f"{path}.url", "invalid_image_format")
    if image.get("detail") is not None:
        _one_of("low", "high", "auto", "original")(f"{path}.detail", image["detail"])
