"""Every field of Google's published schema has a treatment, and gets it."""

import inspect
import json
import re
from typing import Any

import pytest
from google.genai import models, types
from pydantic import BaseModel

from changeover.conversation.model import ChatRequest, Loss
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import Table
from changeover.wire.gemini_generate import fields
from changeover.wire.registry import codec

MINIMAL: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}


def asked(target: str = "/m:generateContent", **given: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    return codec("gemini-generate").decode_request(json.dumps(MINIMAL | given).encode(), target)


def in_config(**given: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    return asked(generationConfig=given)


def in_part(**given: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    parts = [{"text": "Hello", **given}]
    return asked(contents=[{"role": "model", "parts": parts}])


def names(kind: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in kind.model_fields.items()}


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (types.GenerationConfig, fields.GENERATION),
        (types.ThinkingConfig, fields.THINKING),
        (types.ToolConfig, fields.TOOL_CONFIG),
        (types.FunctionCallingConfig, fields.CALLING),
        (types.Tool, fields.TOOL),
        (types.FunctionDeclaration, fields.DECLARATION),
        (types.Content, fields.CONTENT),
        (types.Part, fields.PART),
        (types.FunctionCall, fields.CALL),
        (types.FunctionResponse, fields.RESULT),
        (types.FunctionResponsePart, fields.RESULT_PART),
        (types.FunctionResponseBlob, fields.INLINE),
        (types.FunctionResponseFileData, fields.FILE),
        (types.Blob, fields.INLINE),
        (types.FileData, fields.FILE),
    ],
)
def test_each_field_of_the_sdks_own_types_is_in_its_table(kind: type[BaseModel], table: Table):
    assert len(names(kind)) >= 2
    assert names(kind) <= set(table)


def test_each_field_that_the_sdk_writes_is_in_a_table():
    """What the SDK sends to this API stands in its converter alone, not in a type."""
    source = inspect.getsource(models._GenerateContentConfig_to_mldev)
    beside = set(re.findall(r"setv\(\s*parent_object,\s*\['(\w+)'\]", source))
    within = set(re.findall(r"setv\(\s*to_object,\s*\['(\w+)'\]", source))
    assert {"safetySettings", "tools", "cachedContent"} <= beside <= set(fields.FIELDS)
    assert {"temperature", "imageConfig"} <= within <= set(fields.GENERATION)


PLACES = {
    "": (fields.FIELDS, asked),
    "generationConfig": (fields.GENERATION, in_config),
    "contents[0].parts[0]": (fields.PART, in_part),
}
EVERY = [(place, name) for place, (table, _) in PLACES.items() for name in table]


@pytest.mark.parametrize(("place", "name"), EVERY)
def test_a_refused_field_is_refused_by_its_name_and_a_reported_one_told(place: str, name: str):
    table, send = PLACES[place]
    field = f"{place}.{name}" if place else name
    treatment = table[name]
    if treatment.kind == "refused":
        with pytest.raises(ProtocolError) as caught:
            send(**{name: "something"})
        assert caught.value.field == field
        assert caught.value.means
        assert caught.value.do
    elif treatment.kind == "reported":
        _, losses = send(**{name: "something"})
        assert losses == (Loss(field=field, why=treatment.why),)
        assert treatment.why
    else:
        assert treatment.kind in {"carried", "converted"}


OPTIONAL = [each for each in EVERY if each[1] not in {"contents", "text"}]


@pytest.mark.parametrize(("place", "name"), OPTIONAL)
def test_null_is_as_absent(place: str, name: str):
    _, send = PLACES[place]
    assert send(**{name: None}) == send()


@pytest.mark.parametrize(
    "given",
    [
        {"systemInstruction": None, "system_instruction": None},
        {"generationConfig": {"topP": 0.5, "top_p": 0.5}},
        {"contents": {"parts": {"text": "a", "inlineData": None, "inline_data": None}}},
    ],
)
def test_a_field_in_both_spellings_is_refused(given: dict[str, Any]):
    with pytest.raises(ProtocolError, match="given twice"):
        asked(**given)


READ: dict[str, Any] = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "tools": [{"functionDeclarations": [{"name": "look_up"}]}],
    "generationConfig": {"topP": 0.5},
    "labels": {"team": "visa"},
    "contents": [{"role": "model", "parts": [{"text": "Other"}]}],
}


@pytest.mark.parametrize("name", READ)
def test_a_carried_field_changes_the_request_without_loss(name: str):
    request, losses = asked(**{name: READ[name]})
    assert losses == ()
    assert request != asked()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 0.5),
        ("topP", 0.5),
        ("topK", 40.0),
        ("maxOutputTokens", 5),
        ("stopSequences", ["a"]),
        ("seed", -7),
        ("frequencyPenalty", 0.5),
        ("presencePenalty", -2),
        ("responseLogprobs", True),
        ("responseMimeType", "application/json"),
        ("thinkingConfig", {"thinkingBudget": 0}),
        ("thinkingConfig", {"thinking_level": "low"}),
        ("thinkingConfig", {"includeThoughts": True}),
    ],
)
def test_a_carried_setting_changes_the_request_without_loss(name: str, value: Any):
    request, losses = asked(generationConfig={name: value})
    assert losses == ()
    assert request != asked()[0]


@pytest.mark.parametrize(
    "given",
    [
        {"generationConfig": {"candidateCount": 1, "responseMimeType": "text/plain"}},
        {"generationConfig": {"responseModalities": ["TEXT"], "seed": None}},
        {"generation_config": {"thinking_config": {"include_thoughts": False}}},
        {"tools": [], "safetySettings": [], "labels": {}, "store": False},
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "THINKING_LEVEL_UNSPECIFIED"}}},
        {"generationConfig": {"responseLogprobs": False, "logprobs": 0}},
        {"toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}},
    ],
)
def test_a_value_that_asks_for_nothing_is_as_absent(given: dict[str, Any]):
    assert asked(**given) == asked()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"generationConfig": {"topK": 1.5}}, "generationConfig.topK"),
        ({"generationConfig": {"candidateCount": 2}}, "generationConfig.candidateCount"),
        ({"generationConfig": {"logprobs": 2}}, "generationConfig.logprobs"),
        ({"generationConfig": {"frequencyPenalty": 3}}, "generationConfig.frequencyPenalty"),
        (
            {"generationConfig": {"responseMimeType": "text/x.enum"}},
            "generationConfig.responseMimeType",
        ),
        ({"generationConfig": {"responseSchema": {"a": 1}}}, "generationConfig.responseMimeType"),
        (
            {
                "generationConfig": {
                    "responseMimeType": "application/json",
                    "responseSchema": {"type": "OBJECT"},
                    "responseJsonSchema": {"type": "object"},
                }
            },
            "generationConfig.responseJsonSchema",
        ),
        (
            {"generationConfig": {"thinkingConfig": {"thinkingLevel": "DEEP"}}},
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
        (
            {"generationConfig": {"thinkingConfig": {"thinkingLevel": "LOW", "thinkingBudget": 9}}},
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
        (
            {"generationConfig": {"thinkingConfig": {"thinkingBudget": -2}}},
            "generationConfig.thinkingConfig.thinkingBudget",
        ),
        ({"cachedContent": "cachedContents/1"}, "cachedContent"),
        ({"contents": [{"role": "king", "parts": [{"text": "a"}]}]}, "contents[0].role"),
        ({"contents": [{"parts": [{}]}]}, "contents[0].parts[0]"),
        ({"contents": []}, "contents"),
        ({"tools": [{"googleSearch": {"a": 1}}]}, "tools[0].googleSearch"),
        (
            {"contents": {"parts": {"inlineData": {"mimeType": "audio/wav", "data": "aGk="}}}},
            "contents[0].parts[0].inlineData.mimeType",
        ),
        (
            {"contents": {"parts": {"fileData": {"fileUri": "gs://bucket/cat.png"}}}},
            "contents[0].parts[0].fileData.fileUri",
        ),
        (
            {
                "contents": {
                    "parts": {
                        "fileData": {
                            "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/a",
                            "mimeType": "application/pdf",
                        }
                    }
                }
            },
            "contents[0].parts[0].fileData.fileUri",
        ),
        (
            {"contents": {"parts": {"inlineData": {"mimeType": "text/plain", "data": "/w=="}}}},
            "contents[0].parts[0].inlineData.data",
        ),
        (
            {"contents": {"parts": {"functionResponse": {"name": "look_up"}}}},
            "contents[0].parts[0].functionResponse",
        ),
    ],
)
def test_what_cannot_be_carried_is_refused_where_it_stands(given: dict[str, Any], field: str):
    with pytest.raises(ProtocolError) as caught:
        asked(**given)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("target", "status", "says"),
    [
        ("/m:countTokens", 404, "countTokens"),
        ("/m", 404, "Send POST to"),
        ("/:generateContent", 404, "Send POST to"),
        ("/m:streamGenerateContent", 400, r"Add \?alt=sse"),
        ("/m:streamGenerateContent?alt=json", 400, r"Add \?alt=sse"),
    ],
)
def test_an_address_that_cannot_be_served_says_why(target: str, status: int, says: str):
    with pytest.raises(ProtocolError, match=says) as caught:
        asked(target)
    assert caught.value.status == status


def test_the_address_names_the_model_as_the_client_wrote_it():
    request, losses = asked("/maker/name%2D1@host:generateContent?fields=a&prettyPrint=false")
    assert (request.model, request.stream) == ("maker/name-1@host", False)
    assert [loss.field for loss in losses] == ["fields"]
    assert asked("/m:streamGenerateContent?alt=sse")[0].stream
