"""What OpenAI's Responses takes and refuses.

Written from the vendor's reference (developers.openai.com/api/reference, create a
model response), from the types of its official SDK and from error bodies that
callers reported; `param`, `code` and wording are the vendor's.

The order of checks: JSON, model, unknown fields, each field's type and range,
what the vendor would have stored, whether the model takes the feature, and last
the input item by item. A stand-in stores nothing, so every id of something
stored is unknown to it.
"""

from typing import Any

from changeover.standin.asked import RefusalError, Said
from changeover.standin.openai_checks import (
    Check,
    anything,
    array,
    flag,
    integer,
    invalid,
    json_object,
    missing,
    number,
    one_of,
    read_object,
    text,
    unknown,
)
from changeover.standin.openai_tools import check_length
from changeover.standin.responses_input import InputReader
from changeover.standin.responses_tools import check_choice, check_tools, chosen
from changeover.standin.responses_wanted import (
    Wanted,
    check_cache_options,
    check_include,
    check_json_said,
    check_model,
    check_reasoning,
    check_text,
    takes_marks,
    unsupported,
    wanted,
)

_MIN_TOKENS = 16
_MOST_PAIRS = 16
_MOVED = {
    "messages": "input",
    "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens",
    "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
}


def _at_most(longest: int) -> Check:
    def check(name: str, value: Any) -> None:
        text(name, value)
        check_length(name, value, longest)

    return check


def _stream_options(name: str, value: Any) -> None:
    json_object(name, value)
    for field, item in value.items():
        if field != "include_obfuscation":
            raise unknown(f"{name}.{field}")
        if item is not None:
            flag(f"{name}.{field}", item)


def _metadata(name: str, value: Any) -> None:
    json_object(name, value)
    if len(value) > _MOST_PAIRS:
        message = (
            f"Invalid '{name}': too many properties. Expected an object with at most "
            f"{_MOST_PAIRS} properties, but got an object with {len(value)} properties instead."
        )
        raise invalid(message, name, "object_above_max_properties")
    for key, item in value.items():
        _at_most(512)(f"{name}.{key}", item)
        if not 0 < len(key) <= 64:
            message = f"Invalid '{name}': key too long. Expected at most 64 characters."
            raise invalid(message, name, "string_above_max_length")


FIELDS: dict[str, Check] = {
    "model": text,
    "input": anything,
    "instructions": text,
    "stream": flag,
    "stream_options": _stream_options,
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "max_output_tokens": integer(_MIN_TOKENS),
    "max_tool_calls": integer(1),
    "top_logprobs": integer(0, 20),
    "metadata": _metadata,
    "user": text,
    "safety_identifier": _at_most(128),
    "prompt_cache_key": _at_most(64),
    "prompt_cache_retention": one_of("in_memory", "24h"),
    "prompt_cache_options": check_cache_options,
    "service_tier": one_of("auto", "default", "flex", "scale", "priority", "fast", "ultrafast"),
    "store": flag,
    "background": flag,
    "background_options": json_object,
    "truncation": one_of("auto", "disabled"),
    "include": check_include,
    "text": check_text,
    "reasoning": check_reasoning,
    "parallel_tool_calls": flag,
    "tools": check_tools,
    "tool_choice": anything,
    "previous_response_id": text,
    "conversation": anything,
    "prompt": json_object,
    "context_management": array,
    "moderation": json_object,
    "image": json_object,
    "access_programs": json_object,
}
"""The fields that the vendor knows, and what it checks of each."""

_PLAIN: dict[str, tuple[Any, ...]] = {
    "background": (False,),
    **dict.fromkeys(("moderation", "max_tool_calls", "context_management"), ()),
}
"""Features that no stand-in has, and the values with which it takes them all the same."""


def read_request(payload: bytes, account: str = "") -> Wanted:
    """The request in a body; `RefusalError` in the vendor's words when it would not take it."""
    given = read_object(payload)
    _check_fields(given)
    _check_stored(given)
    for name, taken in _PLAIN.items():
        if name in given and given[name] not in taken:
            raise unsupported(name)
    check_model(given)
    check_choice(given)
    conversation = InputReader(account, marks=takes_marks(given["model"])).read(given["input"])
    check_json_said(given, " ".join(said.text for said in conversation))
    if "instructions" in given:
        conversation = (Said(role="system", text=given["instructions"]), *conversation)
    asked = Wanted(
        model=given["model"],
        conversation=conversation,
        stream=given.get("stream", False),
        max_tokens=given.get("max_output_tokens"),
        **wanted(given, account),
    )
    return chosen(given, asked)


def _check_fields(given: dict[str, Any]) -> None:
    if not given.get("model"):
        raise missing("model")
    for name in given:
        if name in _MOVED:
            message = (
                f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved "
                f"to '{_MOVED[name]}'. Try again with the new parameter."
            )
            raise invalid(message, name, "unsupported_parameter")
        if name not in FIELDS:
            raise unknown(name)
    for name, check in FIELDS.items():
        if name in given:
            check(name, given[name])
    if "stream_options" in given and not given.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise invalid(message, "stream_options", None)


def _check_stored(given: dict[str, Any]) -> None:
    if "previous_response_id" in given:
        message = f"Previous response with id '{given['previous_response_id']}' not found."
        raise invalid(message, "previous_response_id", "previous_response_not_found")
    if "conversation" in given:
        raise RefusalError(404, "invalid_request_error", "Conversation not found.")
    if "prompt" in given:
        raise RefusalError(404, "invalid_request_error", "Prompt not found.")
    if "input" not in given:
        raise missing("input")
