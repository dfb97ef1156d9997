"""What OpenAI's Chat Completions takes and refuses of tools, calls and results.

Written from the vendor's reference ("Function calling"), the types of its official
SDK and error bodies that callers reported.

* Every call is answered by a message of the role `tool` right after the calls, and
  such a message answers one of them.
* Ids have at most 40 characters; names have a pattern and at most 64.
* A schema is an object's; a strict one closes every object and requires every key.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from changeover.standin.asked import Asked, Offered, is_object_schema
from changeover.standin.openai_checks import invalid, missing, unknown

_NAME = "^[a-zA-Z0-9_-]+$"
_LONGEST_ID = 40
_LONGEST_NAME = 64
_MOST_TOOLS = 128
_FUNCTION_FIELDS = {"name", "description", "parameters", "strict"}


def _is(path: str, value: Any, kind: type, expected: str) -> None:
    if not isinstance(value, kind):
        message = f"Invalid type for '{path}': expected {expected}."
        raise invalid(message, path, "invalid_type")


def _required(path: str, given: dict[str, Any], kinds: Mapping[str, tuple[type, str]]) -> None:
    for field, (kind, expected) in kinds.items():
        if given.get(field) is None:
            raise missing(f"{path}.{field}")
        _is(f"{path}.{field}", given[field], kind, expected)


def check_length(path: str, value: str, longest: int) -> None:
    """Refuses a text that is too long."""
    if len(value) > longest:
        message = (
            f"Invalid '{path}': string too long. Expected a string with maximum length {longest}, "
            f"but got a string with length {len(value)} instead."
        )
        raise invalid(message, path, "string_above_max_length")


def check_name(path: str, value: str) -> None:
    """Refuses what cannot be a function's name."""
    if not re.fullmatch(_NAME.strip("^$"), value):
        message = (
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the "
            f"pattern '{_NAME}'."
        )
        raise invalid(message, path, "invalid_value")
    check_length(path, value, _LONGEST_NAME)


def check_tools(name: str, tools: Any) -> None:
    """Refuses what is no list of functions."""
    _is(name, tools, list, "an array of objects")
    if len(tools) > _MOST_TOOLS:
        message = (
            f"Invalid '{name}': array too long. Expected an array with maximum length "
            f"{_MOST_TOOLS}, but got an array with length {len(tools)} instead."
        )
        raise invalid(message, name, "array_above_max_length")
    for position, tool in enumerate(tools):
        path = f"{name}[{position}]"
        _is(path, tool, dict, "an object")
        _required(path, tool, {"type": (str, "a string")})
        if tool["type"] != "function":
            message = f"Invalid value: '{tool['type']}'. Supported values are: 'function'."
            raise invalid(message, f"{path}.type", "invalid_value")
        _required(path, tool, {"function": (dict, "an object")})
        check_function(f"{path}.function", tool["function"])
        for field in tool:
            if field not in {"type", "function"}:
                raise unknown(f"{path}.{field}")


def check_function(path: str, function: dict[str, Any]) -> None:
    """Refuses what is no function."""
    _required(path, function, {"name": (str, "a string")})
    check_name(f"{path}.name", function["name"])
    for field in function:
        if field not in _FUNCTION_FIELDS:
            raise unknown(f"{path}.{field}")
    schema = function.get("parameters")
    if schema is None:
        return
    _is(f"{path}.parameters", schema, dict, "an object")
    wrong = f"Invalid schema for function '{function['name']}': "
    if schema and not is_object_schema(schema):
        kind = schema.get("type")
        wrong += f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
        raise invalid(wrong, f"{path}.parameters", "invalid_function_parameters")
    if function.get("strict") and (fault := _strict_fault(schema, ())):
        raise invalid(wrong + fault, f"{path}.parameters", "invalid_function_parameters")


def _strict_fault(schema: dict[str, Any], context: tuple[str, ...]) -> str | None:
    """What of a schema a strict function does not take."""
    properties = schema.get("properties", {})
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return (
                f"In context={context}, 'additionalProperties' is required to be supplied and to "
                "be false."
            )
        left_out = [key for key in properties if key not in schema.get("required", [])]
        if left_out:
            return (
                f"In context={context}, 'required' is required to be supplied and to be an array "
                f"including every key in properties. Missing '{left_out[0]}'."
            )
    inner = [(key, one) for key, one in properties.items() if isinstance(one, dict)]
    faults = (_strict_fault(one, (*context, "properties", key)) for key, one in inner)
    return next((fault for fault in faults if fault), None)


def check_choice(given: dict[str, Any]) -> None:
    """Refuses a choice that is none, and choices without tools."""
    tools = given.get("tools", [])
    choice = given.get("tool_choice", "none")
    for name, asks in (
        ("tool_choice", choice != "none"),
        ("parallel_tool_calls", "parallel_tool_calls" in given),
    ):
        if asks and not tools:
            message = f"'{name}' is only allowed when 'tools' are specified."
            raise invalid(message, name, None)
    if isinstance(choice, str):
        if choice not in {"none", "auto", "required"}:
            message = (
                f"Invalid value: '{choice}'. Supported values are: 'none', 'auto', and 'required'."
            )
            raise invalid(message, "tool_choice", "invalid_value")
        return
    _is("tool_choice", choice, dict, "one of a string or an object")
    _required("tool_choice", choice, {"type": (str, "a string"), "function": (dict, "an object")})
    _required("tool_choice.function", choice["function"], {"name": (str, "a string")})
    if choice["function"]["name"] not in {tool["function"]["name"] for tool in tools}:
        message = "Tool choice 'function' not found in 'tools' parameter."
        raise invalid(message, "tool_choice", None)


def check_calls(path: str, calls: Any) -> None:
    """Refuses what an assistant's message cannot hold as its calls."""
    _is(path, calls, list, "an array of objects")
    if not calls:
        message = (
            f"Invalid '{path}': empty array. Expected an array with minimum length 1, "
            "but got an empty array instead."
        )
        raise invalid(message, path, "empty_array")
    for position, call in enumerate(calls):
        at = f"{path}[{position}]"
        _is(at, call, dict, "an object")
        _required(
            at,
            call,
            {"id": (str, "a string"), "type": (str, "a string"), "function": (dict, "an object")},
        )
        check_length(f"{at}.id", call["id"], _LONGEST_ID)
        function = call["function"]
        strings = {"name": (str, "a string"), "arguments": (str, "a string")}
        _required(f"{at}.function", function, strings)
        check_name(f"{at}.function.name", function["name"])


def check_order(messages: Sequence[dict[str, Any]]) -> None:
    """Refuses calls without results and results without calls."""
    waiting: list[str] = []
    for position, message in enumerate(messages):
        if message["role"] == "tool":
            call = message.get("tool_call_id")
            if call is None:
                raise missing(f"messages[{position}].tool_call_id")
            if call not in waiting:
                raise invalid(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceeding message with 'tool_calls'.",
                    f"messages.[{position}].role",
                    None,
                )
            waiting.remove(call)
            continue
        _check_none_waits(waiting, position)
        waiting = [call["id"] for call in message.get("tool_calls") or ()]
    _check_none_waits(waiting, len(messages))


def _check_none_waits(waiting: list[str], position: int) -> None:
    if waiting:
        raise invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            f"{', '.join(waiting)}",
            f"messages.[{position}].role",
            None,
        )


def chosen(given: dict[str, Any], asked: Asked) -> Asked:
    """`asked` with the tools that a request offers and the choice that it makes."""
    choice = given.get("tool_choice", "auto")
    named = choice["function"]["name"] if isinstance(choice, dict) else ""
    return msgspec.structs.replace(
        asked,
        tools=tuple(
            Offered(name=tool["function"]["name"], schema=tool["function"].get("parameters") or {})
            for tool in given.get("tools", [])
        ),
        choice="named" if named else choice,
        named=named,
        parallel=given.get("parallel_tool_calls", True),
    )
