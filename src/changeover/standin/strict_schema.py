"""What of a JSON schema OpenAI does not take where it is to be held strictly.

Written from the vendor's guide "Structured model outputs" (supported schemas) and error
bodies that callers reported: every object is closed and requires every key, at any depth.
"""

from collections.abc import Iterable, Mapping
from typing import Any

_LISTS = ("anyOf", "allOf", "oneOf")
_MAPS = ("properties", "$defs", "definitions")


def strict_fault(schema: Mapping[str, Any], context: tuple[str, ...] = ()) -> str | None:
    """The vendor's words for what is wrong, None for a schema that it takes."""
    properties = schema.get("properties") or {}
    if schema.get("type") == "object" or properties:
        if schema.get("additionalProperties") is not False:
            return (
                f"In context={context}, 'additionalProperties' is required to be supplied and to "
                "be false."
            )
        left_out = [key for key in properties if key not in (schema.get("required") or [])]
        if left_out:
            return (
                f"In context={context}, 'required' is required to be supplied and to be an array "
                f"including every key in properties. Missing '{left_out[0]}'."
            )
    faults = (strict_fault(inner, (*context, *path)) for path, inner in _inner(schema))
    return next((fault for fault in faults if fault), None)


def _inner(schema: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for name in _MAPS:
        found = schema.get(name)
        for key, value in found.items() if isinstance(found, dict) else ():
            if isinstance(value, dict):
                yield (name, key), value
    for name in _LISTS:
        found = schema.get(name)
        for at, value in enumerate(found if isinstance(found, list) else ()):
            if isinstance(value, dict):
                yield (name, str(at)), value
    if isinstance(schema.get("items"), dict):
        yield ("items",), schema["items"]
