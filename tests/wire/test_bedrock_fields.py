"""Every field of Bedrock's published service model has a treatment, and gets it."""

import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    File,
    Image,
    Loss,
    Reasoning,
    Sealed,
    Text,
    Thinking,
    ToolChoice,
    ToolResult,
)
from changeover.wire.bedrock_converse import fields
from changeover.wire.errors import ProtocolError
from changeover.wire.fields import Table
from changeover.wire.registry import codec

MODEL = ServiceModel(Loader().load_service_model("bedrock-runtime", "service-2"))
MINIMAL: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
TOOL = {"toolSpec": {"name": "look_up", "inputSchema": {"json": {"type": "object"}}}}
PNG = {"format": "png", "source": {"bytes": "aGk="}}


def asked(target: str = "/m/converse", **given: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    return codec("bedrock-converse").decode_request(json.dumps(MINIMAL | given).encode(), target)


def said(*blocks: Any, by: str = "user") -> tuple[ChatRequest, tuple[Loss, ...]]:
    return asked(messages=[{"role": by, "content": list(blocks)}])


def names(shape: str) -> set[str]:
    return set(MODEL.shape_for(shape).members)


@pytest.mark.parametrize(
    ("shape", "table"),
    [
        ("InferenceConfiguration", fields.INFERENCE),
        ("OutputConfig", fields.OUTPUT),
        ("OutputFormat", fields.TEXT_FORMAT),
        ("OutputFormatStructure", fields.STRUCTURE),
        ("JsonSchemaDefinition", fields.SCHEMA),
        ("ToolConfiguration", fields.TOOL_CONFIG),
        ("Tool", fields.TOOL),
        ("ToolSpecification", fields.TOOL_SPEC),
        ("ToolChoice", fields.TOOL_CHOICE),
        ("Message", fields.MESSAGE),
        ("ContentBlock", fields.BLOCK),
        ("SystemContentBlock", fields.SYSTEM_BLOCK),
        ("ToolResultContentBlock", fields.RESULT_BLOCK),
        ("CachePointBlock", fields.CACHE_POINT),
        ("ImageBlock", fields.IMAGE),
        ("DocumentBlock", fields.DOCUMENT),
        ("DocumentSource", fields.DOCUMENT_SOURCE),
        ("SearchResultBlock", fields.SEARCH_RESULT),
        ("GuardrailConverseContentBlock", fields.GUARDED),
        ("GuardrailConverseTextBlock", fields.GUARDED_TEXT),
        ("ToolUseBlock", fields.TOOL_USE),
        ("ToolResultBlock", fields.TOOL_RESULT),
        ("ReasoningContentBlock", fields.REASONING),
        ("ReasoningTextBlock", fields.REASONING_TEXT),
        ("CitationsContentBlock", fields.CITED),
        ("Citation", fields.CITATION),
    ],
)
def test_each_field_of_the_service_model_is_in_its_table(shape: str, table: Table):
    assert names(shape) == set(table)


@pytest.mark.parametrize("operation", ["ConverseRequest", "ConverseStreamRequest"])
def test_each_field_of_a_request_is_in_the_table_and_the_model_in_the_address(operation: str):
    assert names(operation) - {"modelId"} == set(fields.FIELDS)


@pytest.mark.parametrize("name", fields.FIELDS)
def test_a_refused_field_is_refused_by_its_name_and_a_reported_one_told(name: str):
    treatment = fields.FIELDS[name]
    if treatment.kind == "refused":
        with pytest.raises(ProtocolError) as caught:
            asked(**{name: "something"})
        assert caught.value.field == name
        assert caught.value.means
        assert caught.value.do
    elif treatment.kind == "reported":
        _, losses = asked(**{name: "something"})
        assert losses == (Loss(field=name, why=treatment.why),)
        assert treatment.why
    else:
        assert treatment.kind in {"carried", "converted"}


@pytest.mark.parametrize("name", sorted(set(fields.FIELDS) - {"messages"}))
def test_null_is_as_absent(name: str):
    given: dict[str, Any] = {name: None}
    assert asked(**given) == asked()


REFUSED = [name for name, how in fields.BLOCK.items() if how.kind == "refused"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_block_that_is_not_carried_is_refused_by_its_name(name: str):
    assert len(REFUSED) == 4
    with pytest.raises(ProtocolError) as caught:
        said({"text": "a"}, {name: {"a": 1}})
    assert caught.value.field == f"messages[0].content[1].{name}"


@pytest.mark.parametrize(
    ("given", "losses"),
    [
        ({"serviceTier": {"type": "default"}, "projectIdentifier": "default"}, []),
        ({"performanceConfig": {"latency": "standard"}}, []),
        ({"additionalModelResponseFieldPaths": ["/stop_sequence"]}, []),
        ({"additionalModelResponseFieldPaths": ["/a"]}, ["additionalModelResponseFieldPaths"]),
        (
            {"additionalModelRequestFields": {"anthropic_beta": ["a"], "k": 1}},
            ["additionalModelRequestFields.anthropic_beta", "additionalModelRequestFields.k"],
        ),
        ({"inferenceConfig": {"topK": 3}}, ["inferenceConfig.topK"]),
    ],
)
def test_what_asks_for_nothing_is_as_absent_and_what_does_is_told(given: Any, losses: list[str]):
    assert [loss.field for loss in asked(**given)[1]] == losses


@pytest.mark.parametrize(
    ("blocks", "field"),
    [
        ([{}], "messages[0].content[0]"),
        (["a"], "messages[0].content[0]"),
        ([{"text": "a", "image": PNG}], "messages[0].content[0]"),
        ([{"text": 5}], "messages[0].content[0].text"),
        ([{"toolUse": {"toolUseId": "a", "name": "b", "input": {}}}], "messages[0].content[0].toolUse"),
        ([{"image": {**PNG, "format": "bmp"}}], "messages[0].content[0].image.format"),
        ([{"image": {**PNG, "source": {"s3Location": {"uri": "s3://a"}}}}], "messages[0].content[0].image.source.s3Location"),
        ([{"document": {"name": "a", "format": "odt", "source": {"bytes": "aGk="}}}], "messages[0].content[0].document.format"),
        ([{"document": {"name": "a", "format": "pdf", "source": {"bytes": ""}}}], "messages[0].content[0].document.source"),
        ([{"toolResult": {"toolUseId": "", "content": []}}], "messages[0].content[0].toolResult.toolUseId"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_refused_where_it_stands(blocks: list[Any], field: str):
    with pytest.raises(ProtocolError) as caught:
        said(*blocks)
    assert caught.value.field == field


def test_blocks_are_read_as_what_they_are():
    document = {
        "name": "Report (1)",
        "format": "csv",
        "source": {"text": "a,b"},
        "context": "Figures.",
        "citations": {"enabled": True},
    }
    results = [{"json": {"a": 1}}, {"text": "b"}, {"image": PNG}, {"document": document}]
    file = File(
        media_type="text/csv", text="a,b", name="Report (1)", context="Figures.", cited=True
    )
    image = Image(media_type="image/png", data="aGk=")
    request, losses = said(
        {"text": "Look"},
        {"cachePoint": {"type": "default", "ttl": "1h"}},
        {"image": PNG},
        {"document": document},
        {"toolResult": {"toolUseId": "1", "content": results, "status": "error"}},
        {"cachePoint": {"type": "default"}},
    )
    assert losses == ()
    assert request.turns[0].parts == (
        Text(text="Look", cache=CacheMark(ttl="1h")),
        image,
        file,
        ToolResult(
            call="1",
            parts=(Text(text='{"a":1}'), Text(text="b"), image, file),
            is_error=True,
            cache=CacheMark(),
        ),
    )


def test_what_becomes_something_else_is_told():
    found = {"source": "https://a.example", "title": "T", "content": [{"text": "x"}, {"text": "y"}]}
    guarded = {"text": {"text": "hm", "qualifiers": ["query"]}}
    pieces = {"name": "d", "format": "txt", "source": {"content": [{"text": "a"}, {"text": "b"}]}}
    request, losses = said(
        {"cachePoint": {"type": "default"}},
        {"searchResult": found},
        {"guardContent": guarded},
        {"document": pieces},
    )
    assert [loss.field for loss in losses] == [
        "messages[0].content[0].cachePoint",
        "messages[0].content[1].searchResult.source",
        "messages[0].content[2].guardContent.text.qualifiers",
        "messages[0].content[3].document.source.content",
    ]
    assert request.turns[0].parts == (
        File(media_type="text/plain", text="x\ny", name="T"),
        Text(text="hm"),
        File(media_type="text/plain", text="a\nb", name="d"),
    )


def test_reasoning_comes_back_as_what_was_wrapped_also_what_is_not_ours():
    request, losses = said(
        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "v1.k-_"}}},
        {"reasoningContent": {"reasoningText": {"text": "Plain"}}},
        {"reasoningContent": {"redactedContent": "djEuaw=="}},
        {"reasoningContent": {"redactedContent": "//8="}},
        by="assistant",
    )
    assert losses == ()
    assert request.turns[0].parts == (
        Reasoning(text="Hm", sealed=Sealed(form="wrapped", value="v1.k-_")),
        Reasoning(text="Plain"),
        Reasoning(sealed=Sealed(form="wrapped", value="v1.k")),
        Reasoning(sealed=Sealed(form="wrapped", value="//8=")),
    )


@pytest.mark.parametrize(
    ("given", "thinking"),
    [
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, Thinking(budget=2000)),
        ({"reasoning_config": {"type": "enabled", "budget_tokens": 9}}, Thinking(budget=9)),
        ({"thinking": {"type": "adaptive", "display": "omitted"}}, Thinking(show="none")),
        (
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
            Thinking(effort="max"),
        ),
        ({"thinking": {"type": "disabled"}}, Thinking(effort="none")),
        ({"reasoningConfig": {"type": "disabled"}}, Thinking(effort="none")),
        (
            {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}},
            Thinking(effort="low"),
        ),
        ({"reasoning_effort": "high"}, Thinking(effort="high")),
        ({"top_k": 5}, None),
    ],
)
def test_each_makers_way_to_ask_for_reasoning_is_read(given: Any, thinking: Thinking | None):
    request, losses = asked(additionalModelRequestFields=given)
    assert losses == ()
    assert request.thinking == thinking
    assert request.sampling.top_k == given.get("top_k")


def test_the_effort_beside_the_models_own_fields_is_read():
    assert asked(outputConfig={"effort": "xhigh"})[0].thinking == Thinking(effort="xhigh")


@pytest.mark.parametrize(
    ("choice", "own", "read", "parallel"),
    [
        ({"auto": {}}, None, ToolChoice(mode="auto"), None),
        ({"any": {}}, None, ToolChoice(mode="required"), None),
        ({"tool": {"name": "look_up"}}, None, ToolChoice(mode="named", name="look_up"), None),
        (None, {"type": "none"}, ToolChoice(mode="none"), None),
        (
            None,
            {"type": "tool", "name": "look_up", "disable_parallel_tool_use": True},
            ToolChoice(mode="named", name="look_up"),
            False,
        ),
    ],
)
def test_the_choice_among_tools_is_read(choice, own, read, parallel):
    request, losses = asked(
        toolConfig={"tools": [TOOL, {"cachePoint": {"type": "default"}}], "toolChoice": choice},
        additionalModelRequestFields={"tool_choice": own},
    )
    assert losses == ()
    assert (request.tool_choice, request.parallel_calls) == (read, parallel)
    assert [tool.cache for tool in request.tools] == [CacheMark()]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"toolConfig": {"tools": []}}, "toolConfig.tools"),
        ({"toolConfig": {"tools": [{"systemTool": {"name": "a"}}]}}, "toolConfig.tools[0].systemTool"),
        ({"toolConfig": {"tools": [TOOL], "toolChoice": {"tool": {"name": "other"}}}}, "toolConfig.toolChoice.tool.name"),
        ({"toolConfig": {"tools": [TOOL], "toolChoice": {"auto": {}}}, "additionalModelRequestFields": {"tool_choice": {"type": "auto"}}}, "additionalModelRequestFields.tool_choice"),
        ({"additionalModelRequestFields": {"output_config": {"format": {"a": 1}}}}, "additionalModelRequestFields.output_config.format"),
        ({"messages": []}, "messages"),
        ({"inferenceConfig": {"temperature": 1.5}}, "inferenceConfig.temperature"),
        ({"inferenceConfig": {"maxTokens": 0}}, "inferenceConfig.maxTokens"),
        ({"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "["}}}}}, "outputConfig.textFormat.structure.jsonSchema.schema"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused_where_it_stands(given: Any, field: str):
    with pytest.raises(ProtocolError) as caught:
        asked(**given)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("target", "model", "stream"),
    [
        ("/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", "anthropic.claude-sonnet-4-5-20250929-v1:0", False),
        ("/maker%2Fmodel@host/converse-stream", "maker/model@host", True),
        ("/maker/model/converse?a=b", "maker/model", False),
        ("/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.a/converse", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.a", False),
    ],
)  # fmt: skip
def test_the_address_names_the_model_as_the_client_wrote_it(target: str, model: str, stream: bool):
    request, _ = asked(target)
    assert (request.model, request.stream) == (model, stream)
    wire = codec("bedrock-converse")
    again = asked(wire.target(model, stream=stream))[0]
    assert (again.model, again.stream) == (model, stream)


@pytest.mark.parametrize("target", ["/m/count-tokens", "/converse", "", "/m/converse/x"])
def test_an_address_that_is_not_served_says_why(target: str):
    with pytest.raises(ProtocolError, match="Send POST to") as caught:
        asked(target)
    assert caught.value.status == 404
