"""The form of the answer: `output_config.format`, a JSON schema that it is held to.

Source: Anthropic's reference, "Structured outputs". The vendor's answer always fits its
schema, so what a client asks here is strict. A name is written as the schema's title and a
description as the schema's, where it has none of its own. JSON without a schema cannot be
asked for. What a schema says that the vendor does not take is in `schemas.py`.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import Loss, OutputForm
from changeover.wire.anthropic_messages.schemas import fitted


class WireFormat(msgspec.Struct):
    """The field `format`."""

    type: Literal["json_schema"]
    schema: dict[str, Any]


def read_form(given: WireFormat | None) -> OutputForm | None:
    """The form that a client asks for."""
    return None if given is None else OutputForm(schema=given.schema, strict=True)


def written_form(form: OutputForm | None, losses: list[Loss]) -> dict[str, Any] | None:
    """The field `format`; None where there is no form, or none that the vendor takes."""
    if form is None:
        return None
    if form.schema is None:
        why = "Messages takes no JSON without a schema; the answer may be any text."
        losses.append(Loss(field="response_format", why=why))
        return None
    fit = fitted(form.schema)
    if fit is None:
        why = "Messages takes no schema that refers to itself; the answer may be any text."
        losses.append(Loss(field="schema.$ref", why=why))
        return None
    losses += lost_words(fit.lost, "schema")
    schema = dict(fit.schema)
    if form.name:
        schema.setdefault("title", form.name)
    if form.description:
        schema.setdefault("description", form.description)
    return {"type": "json_schema", "schema": schema}


def lost_words(words: tuple[str, ...], place: str) -> list[Loss]:
    """The losses for words of a schema that the vendor does not take."""
    why = "Messages does not hold an answer to this word of a schema."
    return [Loss(field=f"{place}.{word}", why=why) for word in words]
