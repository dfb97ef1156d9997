"""Schemas: Google's dialect read as JSON Schema, and JSON Schema fitted to what Google takes.

Google's dialect (`Schema`: `responseSchema`, `parameters`) is OpenAPI 3.0's: types in
capitals, `nullable`, `example`, lengths as text, `defs` and `ref`. It is read into JSON
Schema. JSON Schema is what is written (`responseJsonSchema`, `parametersJsonSchema`);
Google's reference of `GenerationConfig` says of those:

* Beside a `$ref` stand only fields that begin with `$`: such a reference is put into an
  `anyOf` of one, beside which a description may stand.
* `enum` holds strings and numbers; there is no `const`: it becomes an `enum` of one.
* `$defs` is known, its older name `definitions` is not.
* A whole JSON Schema may be sent, but other keywords are not looked at. Where the answer
  must fit (an output's schema), each of them is a loss; a tool's arguments are the
  model's word anyhow.
"""

from collections.abc import Callable
from typing import Any

from changeover.conversation.model import Loss
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.names import in_camel_case

DEEPEST = 60
_COUNTS = frozenset(
    {"maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties"}
)
_DIGITS = 19
_NAMES = {"defs": "$defs", "ref": "$ref", "example": "examples"}
_BESIDE = frozenset({"nullable", "propertyOrdering"})
_MAPS = frozenset({"properties", "$defs", "definitions"})
_LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties"})
_UNSEEN = frozenset(
    {
        "allOf",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "if",
        "maxContains",
        "maxLength",
        "maxProperties",
        "minContains",
        "minLength",
        "minProperties",
        "multipleOf",
        "not",
        "pattern",
        "patternProperties",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)

Schema = dict[str, Any]


def json_schema(given: Schema, place: str = "", depth: int = 0) -> Schema:
    """JSON Schema for a schema in Google's dialect."""
    if depth > DEEPEST:
        raise ProtocolError(
            "A schema is nested too deeply.", field=place, do="Use fewer levels, or references."
        )

    def inner(value: Any) -> Any:
        return json_schema(value, place, depth + 1) if isinstance(value, dict) else value

    named = in_camel_case(given, place)
    schema = {
        _NAMES.get(name, name): _read(name, value, inner)
        for name, value in named.items()
        if name not in _BESIDE and value != "TYPE_UNSPECIFIED"
    }
    return _nullable(_ordered(schema, named.get("propertyOrdering")), named.get("nullable"))


def _read(name: str, value: Any, inner: Callable[[Any], Any]) -> Any:
    """The value of a field of the dialect as JSON Schema has it."""
    match name, value:
        case (("properties" | "defs"), dict()):
            return _each(value, inner)
        case (("anyOf" | "prefixItems"), list()):
            return [inner(one) for one in value]
        case (("items" | "additionalProperties"), _):
            return inner(value)
        case "example", _:
            return [value]
        case _, str():
            return _read_text(name, value)
        case _:
            return value


def _read_text(name: str, value: str) -> str | int:
    match name:
        case "type":
            return value.lower()
        case "ref":
            return value.replace("#/defs/", "#/$defs/")
        case _ if name in _COUNTS and value.isdecimal() and len(value) < _DIGITS:
            return int(value)
        case _:
            return value


def _each(schemas: Schema, change: Callable[[Any], Any]) -> Schema:
    return {name: change(schema) for name, schema in schemas.items()}


def _ordered(schema: Schema, order: Any) -> Schema:
    """The properties in the order that is asked for, which JSON Schema cannot say otherwise."""
    properties = schema.get("properties")
    if not isinstance(order, list) or not isinstance(properties, dict):
        return schema
    first = [name for name in order if isinstance(name, str) and name in properties]
    return {**schema, "properties": {name: properties[name] for name in [*first, *properties]}}


def _nullable(schema: Schema, nullable: Any) -> Schema:
    if nullable is not True:
        return schema
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list):
            schema["enum"] = [*schema["enum"], None]
    elif isinstance(schema.get("anyOf"), list):
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    return schema


def fitted(schema: Schema, field: str = "", losses: list[Loss] | None = None) -> Schema:
    """A JSON schema as Google takes it; with `losses`, what it will not look at is told."""
    unseen: set[str] = set()
    written = _fitted(schema, unseen, 0)
    if losses is not None:
        losses += [
            Loss(field=f"{field}.{name}", why=f"Gemini does not keep its answers to {name}.")
            for name in sorted(unseen)
        ]
    return written


def _fitted(given: Schema, unseen: set[str], depth: int) -> Schema:
    if depth > DEEPEST:
        return given

    def inner(value: Any) -> Any:
        return _fitted(value, unseen, depth + 1) if isinstance(value, dict) else value

    schema: Schema = {}
    for name, value in _unfolded(given).items():
        match value:
            case dict() if name in _MAPS:
                schema["$defs" if name == "definitions" else name] = _each(value, inner)
            case list() if name in _LISTS:
                schema[name] = [inner(one) for one in value]
            case dict() if name in _SINGLE:
                schema[name] = inner(value)
            case _:
                schema[name] = value
        if name in _UNSEEN:
            unseen.add(name)
    return _referring(_enumerated(schema, unseen))


def _unfolded(schema: Schema) -> Schema:
    """Without the dialect's name, and with an `allOf` of one schema as that schema."""
    plain = {name: value for name, value in schema.items() if name != "$schema"}
    match plain.get("allOf"):
        case [dict() as only] if "$ref" in only and "$ref" not in plain and "anyOf" not in plain:
            return {**{n: v for n, v in plain.items() if n != "allOf"}, "anyOf": [only]}
        case [dict() as only] if not set(only) & set(plain):
            return {**{n: v for n, v in plain.items() if n != "allOf"}, **only}
        case _:
            return plain


def _enumerated(schema: Schema, unseen: set[str]) -> Schema:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if not isinstance(values, list):
        return schema
    kept = [value for value in values if value is not None]
    rest = {name: value for name, value in schema.items() if name not in {"const", "enum"}}
    if not kept:
        return {**rest, "type": "null"}
    if all(isinstance(value, str | int | float) and not isinstance(value, bool) for value in kept):
        return {**rest, "enum": kept}
    unseen.add("const" if "const" in schema else "enum")
    return rest


def _referring(schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    target = schema["$ref"]
    if isinstance(target, str):
        target = target.replace("#/definitions/", "#/$defs/")
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    if all(name.startswith("$") for name in beside) or "anyOf" in beside:
        return {**beside, "$ref": target}
    return {**beside, "anyOf": [{"$ref": target}]}
