"""Answers in JSON: `response_format`, and what a strict schema must be.

A strict schema closes every object and requires every key ("Structured Outputs", "Supported
schemas" in OpenAI's guide). One that does not is refused there, so it is sent without `strict`
and reported. OpenAI also refuses `json_object` in a conversation that nowhere says JSON.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import Loss, OutputForm, Tool
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import review
from changeover.wire.openai_chat.fields import FORMAT, SCHEMA
from changeover.wire.openai_responses.output_form import is_strict
from changeover.wire.shapes import shape_from_client
from changeover.wire.tool_names import fitted

STRICT_LOSS = Loss(
    field="strict",
    why="The vendor takes a strict schema only if it closes every object and requires every key; "
    "this one is sent without strict.",
)
SAY_JSON = "Answer in JSON."
_UNNAMED = "answer"


class _Schema(msgspec.Struct):
    name: str
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None


class _Format(msgspec.Struct):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Any] | None = None


def read_format(given: dict[str, Any] | None, losses: list[Loss]) -> OutputForm | None:
    """The form that a client asks of the answer; None for text."""
    if given is None:
        return None
    losses += review(given, FORMAT, "response_format")
    form = shape_from_client(given, _Format, "response_format")
    match form.type:
        case "text":
            return None
        case "json_object":
            return OutputForm()
        case "json_schema":
            place = "response_format.json_schema"
            if form.json_schema is None:
                raise ProtocolError(
                    "The answer is to fit a schema, but there is none.",
                    field=place,
                    do="Give json_schema a name and a schema.",
                )
            losses += review(form.json_schema, SCHEMA, place)
            schema = shape_from_client(form.json_schema, _Schema, place)
            return OutputForm(
                schema=schema.schema or {},
                name=schema.name,
                description=schema.description,
                strict=schema.strict,
            )


def write_format(
    form: OutputForm, losses: dict[Loss, None], *, strict_schemas: bool
) -> dict[str, Any]:
    """The field; `strict_schemas` where the server refuses others as strict."""
    if form.schema is None:
        return {"type": "json_object"}
    told = {
        "description": form.description,
        "strict": strictly(form, losses, only=strict_schemas),
    }
    schema = {
        "name": fitted(form.name or _UNNAMED),
        "schema": form.schema,
        **{name: value for name, value in told.items() if value is not None},
    }
    return {"type": "json_schema", "json_schema": schema}


def strictly(asked: OutputForm | Tool, losses: dict[Loss, None], *, only: bool) -> bool | None:
    """Whether to ask for strictness: not where the vendor takes `only` strict schemas as such."""
    schema = asked.parameters if isinstance(asked, Tool) else asked.schema
    if asked.strict and only and schema is not None and not is_strict(schema):
        losses[STRICT_LOSS] = None
        return False
    return asked.strict
