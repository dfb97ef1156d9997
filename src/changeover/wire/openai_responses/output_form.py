"""What form the answer has: `text` of a request.

Source: OpenAI's guide "Structured model outputs" and `ResponseTextConfigParam` of its SDK.

* A schema has a name of letters, digits, `_` and `-`, at most 64. What does not fit is made
  to; a schema without a name is called `answer`.
* A strict schema closes every object and requires every key. The vendor refuses one that
  does not, so it is sent as one that is not strict, which is reported.
* JSON without a schema is only given where the word JSON stands in the input, among which
  `instructions` do not count. Where nobody says it an instruction is added, which is
  reported.
"""

import re
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from changeover.conversation.model import ChatRequest, Loss, OutputForm, words_of

STRICT_LOSS = Loss(
    field="output.strict",
    why="The schema leaves keys open, which a strict one may not; it is sent as not strict.",
)
WORD_LOSS = Loss(
    field="output", why="Responses gives JSON only where the word is said; an instruction says it."
)
SAY_JSON = "Answer with a JSON object."
_UNFIT = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST = 64


class WireFormat(msgspec.Struct):
    """The `format` of a text."""

    type: Literal["text", "json_object", "json_schema"]
    name: str = ""
    schema: dict[str, Any] | None = None
    description: str | None = None
    strict: bool | None = None


class WireText(msgspec.Struct):
    """A request's `text` object."""

    format: WireFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


def read_form(given: WireText | None) -> OutputForm | None:
    """The form that a client asks for; None for plain text."""
    match given and given.format:
        case WireFormat(type="json_object"):
            return OutputForm()
        case WireFormat(type="json_schema") as form:
            return OutputForm(
                schema=form.schema or {},
                name=form.name,
                description=form.description,
                strict=form.strict,
            )
        case _:
            return None


def write_text(request: ChatRequest, losses: dict[Loss, None]) -> dict[str, Any]:
    """The field `text`, where a form or a length is asked."""
    text: dict[str, Any] = {}
    if request.output is not None:
        text["format"] = _format(request.output, losses)
    if request.verbosity is not None:
        text["verbosity"] = request.verbosity
    return {"text": text} if text else {}


def lacks_word(request: ChatRequest) -> bool:
    """Whether the vendor would refuse the request for the word JSON that no turn says."""
    if request.output is None or request.output.schema is not None:
        return False
    return not any(says_word(words_of(turn.parts)) for turn in request.turns)


def says_word(words: str) -> bool:
    """Whether words hold the one that the vendor wants to read."""
    return "json" in words.lower()


def _format(form: OutputForm, losses: dict[Loss, None]) -> dict[str, Any]:
    if form.schema is None:
        return {"type": "json_object"}
    strict = form.strict
    if strict and not is_strict(form.schema):
        losses[STRICT_LOSS] = None
        strict = False
    said = {"description": form.description, "strict": strict}
    return {
        "type": "json_schema",
        "name": _UNFIT.sub("_", form.name)[:_LONGEST] or "answer",
        "schema": form.schema,
        **{name: value for name, value in said.items() if value is not None},
    }


def is_strict(schema: dict[str, Any]) -> bool:
    """Whether every object in the schema is closed and every key of it required."""
    if "properties" in schema or schema.get("type") == "object":
        properties = schema.get("properties") or {}
        required = schema.get("required") or ()
        if schema.get("additionalProperties") is not False or not _all_in(properties, required):
            return False
    return all(is_strict(inner) for inner in _inner(schema))


def _all_in(properties: Any, required: Any) -> bool:
    return (
        isinstance(properties, dict)
        and isinstance(required, list | tuple)
        and all(key in required for key in properties)
    )


def _inner(schema: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name in ("properties", "$defs", "definitions"):
        found = schema.get(name)
        yield from _objects(found.values() if isinstance(found, dict) else ())
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        found = schema.get(name)
        yield from _objects(found if isinstance(found, list) else ())
    yield from _objects([schema.get("items")])


def _objects(values: Iterable[Any]) -> Iterable[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))
