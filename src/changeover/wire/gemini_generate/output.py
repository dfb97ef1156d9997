"""An answer as JSON: `responseMimeType`, `responseSchema` and `responseJsonSchema`.

A schema comes in Google's dialect or as JSON Schema, never both (Google's reference of
`GenerationConfig`); it is written as JSON Schema. The vendor always keeps to it, and
knows no name for it; a description of the whole goes into the schema.
"""

from typing import Any

from changeover.conversation.model import Loss, OutputForm
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.schemas import fitted, json_schema

JSON = "application/json"
_PLAIN = frozenset({"", "text/plain"})
_PLACE = "generationConfig"


def read_output(
    media_type: str, schema: dict[str, Any] | None, plain: dict[str, Any] | None
) -> OutputForm | None:
    """What a client asks of the answer's form: by Google's `schema`, or by a `plain` one."""
    if schema is not None and plain is not None:
        raise ProtocolError(
            "The field generationConfig.responseJsonSchema is a second schema of the answer.",
            field=f"{_PLACE}.responseJsonSchema",
            do="Give responseSchema or responseJsonSchema.",
        )
    if media_type == JSON:
        read = plain if schema is None else json_schema(schema, f"{_PLACE}.responseSchema")
        return OutputForm(schema=read)
    if media_type not in _PLAIN:
        raise ProtocolError(
            f"The field generationConfig.responseMimeType asks for {media_type!r}.",
            field=f"{_PLACE}.responseMimeType",
            means="Other vendors answer in text or in JSON.",
            do=f"Ask for text/plain or {JSON}.",
        )
    if schema is not None or plain is not None:
        raise ProtocolError(
            "The field generationConfig.responseMimeType does not ask for JSON, but a schema does.",
            field=f"{_PLACE}.responseMimeType",
            do=f"Give {JSON} beside the schema.",
        )
    return None


def written_output(output: OutputForm | None, losses: list[Loss]) -> dict[str, Any]:
    """The fields that ask for JSON."""
    if output is None:
        return {}
    if output.schema is None:
        return {"responseMimeType": JSON}
    schema = output.schema
    if output.description is not None and "description" not in schema:
        schema = {**schema, "description": output.description}
    written = fitted(schema, "response_format.schema", losses)
    return {"responseMimeType": JSON, "responseJsonSchema": written}
