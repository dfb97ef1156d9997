"""JSON schemas that the vendor holds an answer or a strict tool's input to.

Source: Anthropic's reference, "Structured outputs" ("JSON Schema limitations"), and what
its own SDK makes of a schema before it sends one. The vendor takes:

* types, `properties`, `required`, `items`, `enum` and `const` of simple values, `anyOf`,
  `allOf`, references within the schema, titles, descriptions and defaults;
* of bounds only `minItems` of 0 or 1, of formats only those below;
* objects only with `additionalProperties: false`;
* no schema that refers to itself.

What else a schema says moves into its description, where the model reads it but is not
held to it; `oneOf` becomes `anyOf`. Each is a loss. An object that says nothing of further
properties gets none: what fits then fits the schema as given. One without any properties
would only be empty, so that is a loss too.
"""

from typing import Any

import msgspec

_CARRIED = frozenset(
    {
        "type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "$ref",
        "$defs", "definitions", "title", "description", "default", "additionalProperties",
    }
)  # fmt: skip
_FORMATS = frozenset(
    {
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6",
        "uuid",
    }
)  # fmt: skip
_DEFINITIONS = ("$defs", "definitions")
_NAMED = ("properties", *_DEFINITIONS)
_LISTED = ("anyOf", "allOf")


class Fitted(msgspec.Struct, frozen=True):
    """A schema that the vendor takes, and the words of the given one that are not in it."""

    schema: dict[str, Any]
    lost: tuple[str, ...] = ()


def fitted(schema: dict[str, Any]) -> Fitted | None:
    """The schema as the vendor takes it; None where it refers to itself."""
    if _circular(schema):
        return None
    lost: dict[str, None] = {}
    made = _fit(schema, lost)
    return Fitted(made if isinstance(made, dict) else schema, tuple(lost))


def _fit(schema: Any, lost: dict[str, None]) -> Any:
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    aside: dict[str, Any] = {}
    for word, value in schema.items():
        if word in _NAMED and isinstance(value, dict):
            made[word] = {name: _fit(inner, lost) for name, inner in value.items()}
        elif word in _LISTED and isinstance(value, list):
            made[word] = [_fit(inner, lost) for inner in value]
        elif word == "items":
            made[word] = _fit(value, lost)
        elif word == "oneOf" and isinstance(value, list) and "anyOf" not in schema:
            made["anyOf"] = [_fit(inner, lost) for inner in value]
            lost["oneOf"] = None
        elif _taken(word, value):
            made[word] = value
        else:
            aside[word] = value
    lost |= dict.fromkeys(aside)
    _describe(made, aside)
    _close(made, lost)
    return made


def _taken(word: str, value: Any) -> bool:
    match word:
        case "enum":
            return isinstance(value, list) and not any(isinstance(v, dict | list) for v in value)
        case "const":
            return not isinstance(value, dict | list)
        case "format":
            return value in _FORMATS if isinstance(value, str) else False
        case "minItems":
            return value in (0, 1)
        case "additionalProperties":
            return value is False
        case _:
            return word in _CARRIED


def _describe(made: dict[str, Any], aside: dict[str, Any]) -> None:
    """Says in words what cannot be held to, but not that more properties are welcome."""
    told = {word: value for word, value in aside.items() if word != "additionalProperties"}
    if told:
        words = msgspec.json.encode(told).decode()
        before = made.get("description")
        made["description"] = f"{before}\n\n{words}" if isinstance(before, str) else words


def _close(made: dict[str, Any], lost: dict[str, None]) -> None:
    if made.get("type") == "object" and "additionalProperties" not in made:
        made["additionalProperties"] = False
        if not made.get("properties"):
            lost["additionalProperties"] = None


def _circular(schema: dict[str, Any]) -> bool:
    """Whether a definition reaches itself by references."""
    reached = {
        f"#/{word}/{name}": set(_references(inner))
        for word in _DEFINITIONS
        if isinstance(schema.get(word), dict)
        for name, inner in schema[word].items()
    }
    root = {word: value for word, value in schema.items() if word not in _DEFINITIONS}
    reached["#"] = set(_references(root))
    for name, first in reached.items():
        seen: set[str] = set()
        ahead = list(first)
        while ahead:
            there = ahead.pop()
            if there == name:
                return True
            if there not in seen:
                seen.add(there)
                ahead += reached.get(there, ())
    return False


def _references(schema: Any) -> list[str]:
    found: list[str] = []
    ahead = [schema]
    while ahead:
        one = ahead.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str):
                found.append(one["$ref"])
            ahead += one.values()
        elif isinstance(one, list):
            ahead += one
    return found
