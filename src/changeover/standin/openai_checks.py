"""How OpenAI checks a value of a request, and the words in which it refuses one.

Written from error bodies that callers reported; `param`, `code` and wording are the
vendor's, the same in all of its protocols.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from changeover.standin.asked import RefusalError, is_integer, is_number

_INVALID = "invalid_request_error"
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


def invalid(message: str, param: str | None, code: str | None) -> RefusalError:
    return RefusalError(400, _INVALID, message, param=param, code=code)


def _named(value: Any) -> str:
    """A JSON value's type in the vendor's words."""
    return "an empty array" if value == [] else _TYPES[type(value)]


def wrong_type(name: str, expected: str, value: Any) -> RefusalError:
    message = f"Invalid type for '{name}': expected {expected}, but got {_named(value)} instead."
    return invalid(message, name, "invalid_type")


def number(low: float, high: float) -> Check:
    def check(name: str, value: Any) -> None:
        if not is_number(value):
            raise wrong_type(name, "a decimal", value)
        if value < low:
            message = f"Expected a value >= {low:g}, but got {value} instead."
            message = f"Invalid '{name}': decimal below minimum value. {message}"
            raise invalid(message, name, "decimal_below_min_value")
        if value > high:
            message = f"Expected a value <= {high:g}, but got {value} instead."
            message = f"Invalid '{name}': decimal above maximum value. {message}"
            raise invalid(message, name, "decimal_above_max_value")

    return check


def integer(low: int | None = None, high: int | None = None) -> Check:
    def check(name: str, value: Any) -> None:
        if not is_integer(value):
            raise wrong_type(name, "an integer", value)
        if low is not None and value < low:
            message = f"Expected a value >= {low}, but got {value} instead."
            message = f"Invalid '{name}': integer below minimum value. {message}"
            raise invalid(message, name, "integer_below_min_value")
        if high is not None and value > high:
            message = f"Expected a value <= {high}, but got {value} instead."
            message = f"Invalid '{name}': integer above maximum value. {message}"
            raise invalid(message, name, "integer_above_max_value")

    return check


def of_type(expected: str, kind: type) -> Check:
    def check(name: str, value: Any) -> None:
        if not isinstance(value, kind):
            raise wrong_type(name, expected, value)

    return check


def one_of(*values: str) -> Check:
    listed = ", ".join(f"'{value}'" for value in values[:-1])

    def check(name: str, value: Any) -> None:
        if not isinstance(value, str):
            raise wrong_type(name, f"one of {listed}, or '{values[-1]}'", value)
        if value not in values:
            message = (
                f"Invalid value: '{value}'. Supported values are: {listed}, and '{values[-1]}'."
            )
            raise invalid(message, name, "invalid_value")

    return check


def anything(_name: str, _value: Any) -> None:
    """Refused later, unless it asks for nothing."""


text = of_type("a string", str)
flag = of_type("a boolean", bool)
json_object = of_type("an object", dict)
array = of_type("an array of objects", list)


def read_object(payload: bytes) -> dict[str, Any]:
    """The fields that a body gives; `null` counts as absent."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise invalid(_NOT_JSON, None, None) from error
    if not isinstance(body, dict):
        raise invalid(_NOT_JSON, None, None)
    return {name: value for name, value in body.items() if value is not None}


def missing(name: str) -> RefusalError:
    return invalid(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


def unknown(name: str) -> RefusalError:
    return invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
