"""Schemas as Google takes them: its own dialect field by field, JSON Schema nearly whole.

Written from the vendor's reference (`Schema`, `GenerationConfig.responseJsonSchema`) and
from error bodies that callers reported; wording is the vendor's.

The dialect is a message like any other: what it does not know is refused by name, a
list of types is no type, an object needs properties and a list its items. In a JSON
Schema nothing may stand beside a `$ref` but what begins with `$`.
"""

from collections.abc import Iterator
from typing import Any

_TYPES = {"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"}
_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1beta.Type"
_FIELDS = {
    "additionalProperties", "anyOf", "default", "defs", "description", "enum", "example",
    "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "nullable", "pattern", "properties",
    "propertyOrdering", "ref", "required", "title", "type",
}  # fmt: skip
_DEEPEST = 32


def first_unreadable(schema: Any, path: str) -> str | None:
    """What the vendor's parser says of a schema in its dialect, None where it reads it."""
    for place, inner in _walk(schema, path):
        if not isinstance(inner, dict):
            return f"Invalid value at '{place}', a schema is a message"
        for name, value in inner.items():
            if _camel(name) not in _FIELDS:
                return (
                    f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot "
                    "find field."
                )
            if name == "type" and isinstance(value, list):
                return (
                    f"Invalid JSON payload received. Unknown name \"type\" at '{place}': Proto "
                    "field is not repeating, cannot start list."
                )
            if name == "type" and str(value).upper() not in _TYPES:
                return f"Invalid value at '{place}.type' ({_TYPE}), \"{value}\""
    return None


def problems(schema: Any, path: str) -> Iterator[str]:
    """What the vendor finds wrong with a schema in its dialect that it could read."""
    for place, inner in _walk(schema, path):
        kind = str(inner.get("type", "")).upper()
        properties = inner.get("properties")
        if kind == "OBJECT" and not properties and "properties" in inner:
            yield f"{place}.properties: should be non-empty for OBJECT type"
        if kind == "ARRAY" and "items" not in inner:
            yield f"{place}.items: missing field."
        if "enum" in inner and kind not in {"STRING", ""}:
            yield f"{place}.enum: only allowed for STRING type"
        for at, name in enumerate(inner.get("required", ())):
            if name not in (properties or {}):
                yield f"{place}.required[{at}]: property is not defined"


def json_schema_problems(schema: Any, path: str, depth: int = 0) -> Iterator[str]:
    """What the vendor finds wrong with a JSON Schema."""
    if isinstance(schema, list):
        for at, each in enumerate(schema):
            yield from json_schema_problems(each, f"{path}[{at}]", depth + 1)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    beside = [name for name in schema if not name.startswith("$")]
    if isinstance(schema.get("$ref"), str) and beside:
        yield f"{path}: $ref cannot be set together with {beside[0]}"
    values = schema.get("enum")
    if isinstance(values, list) and not all(_is_word_or_number(value) for value in values):
        yield f"{path}.enum: only strings and numbers are allowed"
    for name, inner in schema.items():
        if name not in {"enum", "default", "const", "examples", "required"}:
            yield from json_schema_problems(inner, f"{path}.{name}", depth + 1)


def _is_word_or_number(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _walk(schema: Any, path: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    yield path, schema
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    for name, value in schema.items():
        place = f"{path}.{_snake(name)}"
        match _camel(name), value:
            case (("properties" | "defs"), dict()):
                for key, inner in value.items():
                    yield from _walk(inner, f"{place}[{key}]", depth + 1)
            case "items", _:
                yield from _walk(value, place, depth + 1)
            case "anyOf", list():
                for at, inner in enumerate(value):
                    yield from _walk(inner, f"{place}[{at}]", depth + 1)
            case _:
                pass


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each[:1].upper() + each[1:] for each in others)


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def lowered(schema: Any) -> Any:
    """A schema of the dialect with its types as JSON Schema has them."""
    if isinstance(schema, list):
        return [lowered(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: lowered(value) for name, value in schema.items()}
    if isinstance(plain.get("type"), str):
        plain["type"] = plain["type"].lower()
    return plain


def resolved(schema: Any, definitions: dict[str, Any] | None = None, depth: int = 0) -> Any:
    """A JSON Schema with its references and unions opened: the first branch is taken."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return schema
    known = {**(definitions or {}), **(schema.get("$defs") or {})}
    if isinstance(schema.get("$ref"), str):
        target = known.get(schema["$ref"].rpartition("/")[2], {})
        return resolved(target, known, depth + 1)
    union = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(union, list) and union:
        return resolved(union[0], known, depth + 1)
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    opened = {name: resolved(inner, known, depth + 1) for name, inner in properties.items()}
    return {**schema, "properties": opened}
