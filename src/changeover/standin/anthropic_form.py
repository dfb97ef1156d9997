"""What Anthropic's Messages takes and refuses of an answer's form, and of strict tools' schemas.

Written from the vendor's reference ("Structured outputs", with its limits of JSON schemas)
and error bodies that callers reported. An answer of a given form is filled from the
person's words, as a tool's arguments are (`calling.py`).
"""

from collections.abc import Iterator
from typing import Any

from changeover.standin.asked import RefusalError

_BOUNDS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "patternProperties", "oneOf", "not", "if", "prefixItems",
)  # fmt: skip
_FORMATS = {
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
}  # fmt: skip


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "invalid_request_error", message)


def check_output(name: str, value: Any) -> None:
    """Refuses what is no configuration of the output; efforts are checked with thinking."""
    if not isinstance(value, dict):
        raise _invalid(f"{name}: Input should be an object")
    for field in value:
        if field not in {"effort", "format"}:
            raise _invalid(f"{name}.{field}: Extra inputs are not permitted")
    form = value.get("format")
    if form is None:
        return
    path = f"{name}.format"
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        raise _invalid(f"{path}.type: Input should be 'json_schema'")
    if not isinstance(form.get("schema"), dict):
        raise _invalid(f"{path}.schema: Field required")
    check_schema(f"{path}.schema", form["schema"])


def check_schema(path: str, schema: Any) -> None:
    """Refuses a schema that the vendor cannot hold an answer to."""
    if not isinstance(schema, dict):
        return
    _check_words(path, schema)
    for inner in _inner(schema):
        check_schema(path, inner)


def _check_words(path: str, schema: dict[str, Any]) -> None:
    kind = schema.get("type", "object")
    for word in _BOUNDS:
        if word in schema:
            raise _invalid(f"{path}: For '{kind}' type, property '{word}' is not supported")
    if schema.get("minItems", 0) not in (0, 1):
        raise _invalid(
            f"{path}: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
        )
    if schema.get("format", "date") not in _FORMATS:
        raise _invalid(f"{path}: For 'string' type, format '{schema['format']}' is not supported")
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise _invalid(
            f"{path}: For 'object' type, 'additionalProperties' must be explicitly set to false"
        )


def _inner(schema: dict[str, Any]) -> Iterator[Any]:
    """The schemas within a schema."""
    for word in ("properties", "$defs", "definitions"):
        if isinstance(named := schema.get(word), dict):
            yield from named.values()
    for word in ("anyOf", "allOf"):
        if isinstance(listed := schema.get(word), list):
            yield from listed
    yield schema.get("items")
