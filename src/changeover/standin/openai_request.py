"""What OpenAI's Chat Completions takes and refuses.

Written from the vendor's reference (developers.openai.com/api/reference, chat
completions), from the types of its official SDK and from error bodies that
callers reported; `param`, `code` and wording are the vendor's. `null` for an
optional field counts as absent, as with the vendor.

The order of checks: JSON, model, messages, unknown fields, each field's type and
range, combinations, whether the model takes the feature (`openai_wanted.py`), and last the
messages one by one.
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
from changeover.standin.openai_parts import read_content
from changeover.standin.openai_wanted import (
    check_features,
    check_format,
    check_json_said,
    reasons,
    wanted,
)
from changeover.standin.responses_wanted import Wanted, check_cache_options, takes_marks

_ROLES = ("system", "assistant", "user", "function", "tool", "developer")
_READ_AS: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}
_MESSAGE_FIELDS = {"role", "content", "name", "refusal", "annotations"}
_FIELDS_OF = {"assistant": {"tool_calls"}, "tool": {"tool_call_id"}}
_SERVICE_TIERS = ("auto", "default", "fast", "flex", "scale", "priority")
_MOST_STOPS = 4
_LIMITS = {"gpt-4.1": 32_768, "gpt-4o": 16_384}


def _at_most(longest: int) -> Check:
    def check(name: str, value: Any) -> None:
        text(name, value)
        tools.check_length(name, value, longest)

    return check


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
    "safety_identifier": _at_most(128),
    "prompt_cache_key": _at_most(64),
    "prompt_cache_retention": one_of("in_memory", "24h"),
    "prompt_cache_options": check_cache_options,
    "service_tier": one_of(*_SERVICE_TIERS),
    "store": flag,
    "response_format": check_format,
    "reasoning_effort": one_of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "verbosity": one_of("low", "medium", "high"),
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


def read_request(payload: bytes) -> Asked:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    given = read_object(payload)
    _check_fields(given)
    _check_combinations(given)
    tools.check_choice(given)
    check_features(given)
    stop = given.get("stop", [])
    marks = takes_marks(given["model"])
    conversation = tuple(
        _said(position, message, marks=marks) for position, message in enumerate(given["messages"])
    )
    tools.check_order(given["messages"])
    check_json_said(given, "\n".join(said.text for said in conversation))
    asked = Wanted(
        **wanted(given),
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
        if name == "reasoning_effort" and not reasons(given["model"]):
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


def _said(position: int, message: Any, *, marks: bool) -> Said:
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
    words = read_content(path, position, message["content"], role, marks=marks)
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
