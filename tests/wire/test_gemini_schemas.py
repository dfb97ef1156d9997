"""Schemas between Google's dialect and JSON Schema, and what of them Google keeps to."""

import json
from typing import Any

import pytest

from changeover.conversation.model import ChatRequest, Loss, OutputForm, Text, Tool, Turn
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.gemini_generate.schemas import fitted, json_schema

WIRE = GeminiGenerate()


def test_a_union_that_may_be_nothing_and_references_become_json_schema():
    given = {
        "type": "OBJECT",
        "properties": {
            "b": {"any_of": [{"type": "STRING"}, {"ref": "#/defs/day"}], "nullable": True},
            "a": {"type": "TYPE_UNSPECIFIED", "example": 1},
        },
        "property_ordering": ["a"],
        "defs": {"day": {"type": "STRING", "format": "date"}},
        "additional_properties": False,
    }
    read = json_schema(given)
    assert read == {
        "type": "object",
        "properties": {
            "a": {"examples": [1]},
            "b": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/day"}, {"type": "null"}]},
        },
        "$defs": {"day": {"type": "string", "format": "date"}},
        "additionalProperties": False,
    }
    assert list(read["properties"]) == ["a", "b"]


FITTED: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"const": "a"}, {"enum": ["a"]}, []),
    ({"const": None}, {"type": "null"}, []),
    ({"type": "boolean", "const": True}, {"type": "boolean"}, ["const"]),
    (
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a"]},
        [],
    ),
    (
        {"$schema": "x", "definitions": {"d": {"const": 1}}, "$ref": "#/definitions/d"},
        {"$defs": {"d": {"enum": [1]}}, "$ref": "#/$defs/d"},
        [],
    ),
    (
        {"properties": {"a": {"$ref": "#/$defs/d", "description": "It."}}},
        {"properties": {"a": {"description": "It.", "anyOf": [{"$ref": "#/$defs/d"}]}}},
        [],
    ),
    (
        {"allOf": [{"$ref": "#/$defs/d"}], "default": 1},
        {"anyOf": [{"$ref": "#/$defs/d"}], "default": 1},
        [],
    ),
    ({"allOf": [{"type": "string"}]}, {"type": "string"}, []),
    (
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        ["allOf", "minLength"],
    ),
    (
        {"items": {"type": "string", "pattern": "a"}, "additionalProperties": False},
        {"items": {"type": "string", "pattern": "a"}, "additionalProperties": False},
        ["pattern"],
    ),
]


@pytest.mark.parametrize(("given", "written", "unseen"), FITTED)
def test_a_json_schema_is_fitted_and_what_is_not_looked_at_is_told(
    given: dict[str, Any], written: dict[str, Any], unseen: list[str]
):
    losses: list[Loss] = []
    assert fitted(given, "schema", losses) == written
    assert [loss.field for loss in losses] == [f"schema.{name}" for name in unseen]
    assert fitted(written) == written


def body(**given: Any) -> tuple[dict[str, Any], list[str]]:
    turn = Turn(role="user", parts=(Text(text="Hi"),))
    request = ChatRequest(model="m", system=(), turns=(turn,), **given)
    written, losses = WIRE.encode_request(request, "gemini-3-flash-preview")
    return json.loads(written), [loss.field for loss in losses]


STRICT = {
    "type": "object",
    "properties": {"city": {"type": ["string", "null"]}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}


def test_a_strict_schema_of_an_answer_arrives_whole():
    form = OutputForm(schema=STRICT, name="trip", description="A trip.", strict=True)
    written, losses = body(output=form)
    assert written["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseJsonSchema": {**STRICT, "description": "A trip."},
    }
    assert losses == []
    assert body(output=OutputForm())[0]["generationConfig"] == {
        "responseMimeType": "application/json"
    }


def test_an_answers_schema_is_kept_to_and_a_tools_is_the_models_word():
    schema = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}
    assert body(output=OutputForm(schema=schema))[1] == ["response_format.schema.minLength"]
    written, losses = body(tools=(Tool(name="f", parameters=schema),))
    assert written["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"] == schema
    assert losses == []


def test_googles_schema_of_an_answer_is_read():
    config = {
        "responseMimeType": "application/json",
        "responseSchema": {"type": "ARRAY", "items": {"type": "STRING"}, "minItems": "1"},
    }
    given = {"contents": {"parts": {"text": "Hi"}}, "generationConfig": config}
    request, losses = WIRE.decode_request(
        json.dumps(given).encode(), WIRE.target("m", stream=False)
    )
    assert request.output == OutputForm(
        schema={"type": "array", "items": {"type": "string"}, "minItems": 1}
    )
    assert losses == ()


def test_a_schema_without_a_floor_is_refused_or_left_as_it_is():
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(100):
        deep = {"items": deep}
    with pytest.raises(ProtocolError, match="too deeply"):
        json_schema(deep)
    assert fitted(deep) == deep
