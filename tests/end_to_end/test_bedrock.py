"""Amazon's SDK, unchanged, with every vendor's models; and what Bedrock's stand-in hears."""

import base64
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Any
from urllib.parse import quote

import anthropic
import botocore.exceptions
import openai
import pytest

from changeover.standin.anthropic_thinking import REDACTED_TRIGGER
from changeover.standin.settings import Fault
from tests.end_to_end.clouds import ROUTES, amazon, cloud_server, cloud_vendors
from tests.end_to_end.running import Server
from tests.end_to_end.tls import over_tls
from tests.matrix.upstreams import SERVICE
from tests.matrix.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FACT = "The visa report is due on 27 August."
QUESTION = f"{FACT} When is the visa report due?"
ASKED: Any = [{"role": "user", "content": [{"text": QUESTION}]}]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
TOOLS: Any = {
    "tools": [
        {
            "toolSpec": {
                "name": "get_weather",
                "description": "The weather now.",
                "inputSchema": {
                    "json": {"type": "object", "properties": {"city": {"type": "string"}}}
                },
            }
        },
        {"toolSpec": {"name": "now", "inputSchema": {"json": {"type": "object"}}}},
    ]
}
Way = Callable[..., AbstractContextManager[Any]]
each_route = pytest.mark.parametrize("way", ROUTES)


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    with cloud_vendors() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Server]:
    with cloud_server(tmp_path_factory.mktemp("bedrock"), vendors) as running:
        yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key(SERVICE)


@pytest.fixture(scope="module")
def secure(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """Amazon's SDK sends a key over TLS only."""
    with over_tls(server.url, tmp_path_factory.mktemp("tls")) as (url, certificate):
        yield lambda **variables: amazon(url, AWS_CA_BUNDLE=certificate, **variables)


@pytest.fixture(scope="module")
def bedrock(secure: Way, key: str) -> Iterator[Any]:
    with secure(AWS_BEARER_TOKEN_BEDROCK=key) as client:
        yield client


def words(response: Any) -> str:
    return "".join(block.get("text", "") for block in response["output"]["message"]["content"])


def headers(response: Any) -> Any:
    return response["ResponseMetadata"]["HTTPHeaders"]


@each_route
def test_a_whole_answer_by_every_way(bedrock: Any, way: str):
    answer = bedrock.converse(
        modelId=ROUTES[way],
        messages=ASKED,
        system=[{"text": "You help."}],
        inferenceConfig={"maxTokens": 200, "temperature": 0.5, "stopSequences": ["END"]},
    )
    assert FACT in words(answer)
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"]["outputTokens"] > 0
    assert answer["usage"]["totalTokens"] > answer["usage"]["inputTokens"] > 0
    assert headers(answer)["changeover-route"] == ROUTES[way]
    assert answer["ResponseMetadata"]["RequestId"] == headers(answer)["changeover-call"]


@each_route
def test_a_stream_by_every_way_adds_up_to_the_whole_answer(bedrock: Any, way: str):
    whole = bedrock.converse(modelId=ROUTES[way], messages=ASKED)
    response = bedrock.converse_stream(modelId=ROUTES[way], messages=ASKED)
    events = list(response["stream"])
    deltas = [e["contentBlockDelta"]["delta"] for e in events if "contentBlockDelta" in e]
    assert "".join(delta.get("text", "") for delta in deltas) == words(whole)
    assert len(deltas) > 3
    assert events[0] == {"messageStart": {"role": "assistant"}}
    assert events[-2] == {"messageStop": {"stopReason": "end_turn"}}
    assert events[-1]["metadata"]["usage"] == whole["usage"]


def test_each_way_is_its_hosts_own(bedrock: Any, vendors: Vendors):
    paths = {
        "converse": "/model/us.anthropic.claude-opus-4-5-20251101-v1:0/converse",
        "invoke": "/model/anthropic.claude-sonnet-4-5-20250929-v1:0/invoke",
        "vertex": "/v1/projects/stand-in/locations/global/publishers/anthropic/models/"
        "claude-sonnet-4-5@20250929:rawPredict",
        "azure": "/openai/v1/chat/completions",
    }
    for way, path in paths.items():
        bedrock.converse(modelId=ROUTES[way], messages=ASKED)
        assert (vendors.sent[-1].path, vendors.sent[-1].status) == (path, 200)


@each_route
@pytest.mark.parametrize("streamed", [False, True])
def test_tools_are_called_in_a_loop_by_every_way(bedrock: Any, way: str, streamed: bool):
    ask = 'Use get_weather "Paris" and get_weather "São Paulo". Then tell me what now is.'
    messages: Any = [{"role": "user", "content": [{"text": ask}]}]
    called = []
    for _ in range(3):
        message = _message(bedrock, ROUTES[way], messages, streamed=streamed)
        messages.append(message)
        calls = [block["toolUse"] for block in message["content"] if "toolUse" in block]
        if not calls:
            break
        called += [(call["name"], call["input"]) for call in calls]
        results = _results(message)
        messages.append({"role": "user", "content": results})
    assert called == [
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "São Paulo"}),
        ("now", {}),
    ]
    assert '{"answer":"noon"}' in "".join(b.get("text", "") for b in messages[-1]["content"])


def _results(message: Any) -> list[Any]:
    return [
        {
            "toolResult": {
                "toolUseId": block["toolUse"]["toolUseId"],
                "content": [{"json": {"answer": block["toolUse"]["input"].get("city", "noon")}}],
                "status": "success",
            }
        }
        for block in message["content"]
        if "toolUse" in block
    ]


def _message(bedrock: Any, model: str, messages: Any, *, streamed: bool, **more: Any) -> Any:
    given = {"modelId": model, "messages": messages, "toolConfig": TOOLS, **more}
    if not streamed:
        return bedrock.converse(**given)["output"]["message"]
    blocks: dict[int, Any] = {}
    for event in bedrock.converse_stream(**given)["stream"]:
        if "contentBlockStart" in event:
            start = event["contentBlockStart"]
            call = {**start["start"]["toolUse"], "input": ""}
            blocks[start["contentBlockIndex"]] = {"toolUse": call}
        if "contentBlockDelta" in event:
            index = event["contentBlockDelta"]["contentBlockIndex"]
            _add(blocks, index, event["contentBlockDelta"]["delta"])
    for block in blocks.values():
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"]["input"] or "{}")
    return {"role": "assistant", "content": [blocks[at] for at in sorted(blocks)]}


def _add(blocks: dict[int, Any], index: int, delta: Any) -> None:
    """A delta's words to those of its block, as Amazon's examples do it."""
    if "toolUse" in delta:
        blocks[index]["toolUse"]["input"] += delta["toolUse"]["input"]
    elif "text" in delta:
        blocks.setdefault(index, {"text": ""})["text"] += delta["text"]
    elif "redactedContent" in delta.get("reasoningContent", {}):
        blocks[index] = {"reasoningContent": delta["reasoningContent"]}
    elif "reasoningContent" in delta:
        empty = {"reasoningText": {"text": ""}}
        said = blocks.setdefault(index, {"reasoningContent": empty})
        for name, piece in delta["reasoningContent"].items():
            text = said["reasoningContent"]["reasoningText"]
            text[name] = text.get(name, "") + piece


def test_pictures_arrive_as_bytes(bedrock: Any, vendors: Vendors):
    image = {"image": {"format": "png", "source": {"bytes": PNG}}}
    messages: Any = [{"role": "user", "content": [image, *ASKED[0]["content"]]}]
    for way in ("converse", "invoke", "azure"):
        assert FACT in words(bedrock.converse(modelId=ROUTES[way], messages=messages))
        assert base64.b64encode(PNG) in vendors.sent[-1].body


THINKING: Any = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
LIMIT: Any = {"maxTokens": 2000}
AROUND = [
    ("converse", "converse", "converse"),
    ("converse", "invoke", "converse"),
    ("vertex", "converse", "messages"),
    ("converse", "azure", "converse"),
]


@pytest.mark.parametrize("ways", AROUND, ids="-".join)
@pytest.mark.parametrize("streamed", [False, True])
def test_reasoning_goes_round_a_loop_of_tools_at_its_own_model_alone(
    bedrock: Any, vendors: Vendors, ways: tuple[str, ...], streamed: bool
):
    ask = f'Use get_weather "Paris". Then tell me what now is. {REDACTED_TRIGGER}'
    messages: Any = [{"role": "user", "content": [{"text": ask}]}]
    for way in ways:
        message = _message(
            bedrock,
            ROUTES[way],
            messages,
            streamed=streamed,
            inferenceConfig=LIMIT,
            additionalModelRequestFields=THINKING,
        )
        messages.append(message)
        messages.append({"role": "user", "content": _results(message) or [{"text": "Go on."}]})
    assert {sent.status for sent in vendors.sent[-3:]} == {200}
    first = messages[1]["content"]
    assert [next(iter(block)) for block in first][:2] == ["reasoningContent"] * 2
    assert first[0]["reasoningContent"]["reasoningText"]["text"].startswith("They say: Use get")
    opaque = first[0]["reasoningContent"]["reasoningText"]["signature"]
    assert all(opaque.encode() not in sent.body for sent in vendors.sent[-3:])


def test_what_only_bedrock_knows_passes_to_bedrock_and_is_told_elsewhere(
    bedrock: Any, vendors: Vendors
):
    given = {"messages": ASKED, "performanceConfig": {"latency": "optimized"}}
    answer = bedrock.converse(modelId=ROUTES["converse"], **given)
    assert "changeover-losses" not in headers(answer)
    assert json.loads(vendors.sent[-1].body) == given
    assert list(bedrock.converse_stream(modelId=ROUTES["converse"], **given)["stream"])
    elsewhere = bedrock.converse(modelId=ROUTES["azure"], **given)
    assert headers(elsewhere)["changeover-losses"] == "performanceConfig"


def test_the_bytes_of_a_stream_are_bedrocks_own(server: Server, key: str, vendors: Vendors):
    question = {"role": "user", "content": [{"text": QUESTION}]}
    asked = urllib.request.Request(
        f"{server.url}model/{quote(ROUTES['converse'], safe='')}/converse-stream",
        data=json.dumps({"messages": [question]}).encode(),
        headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
        assert answer.read() == vendors.sent[-1].answer


def test_reasoning_that_was_not_asked_for_does_not_stand_before_words(bedrock: Any):
    answer = bedrock.converse(modelId=ROUTES["converse"], messages=ASKED)
    assert "text" in answer["output"]["message"]["content"][0]


@pytest.mark.parametrize("way", ["converse", "invoke", "vertex"])
@pytest.mark.parametrize("streamed", [False, True])
def test_documents_are_read_and_cited(bedrock: Any, way: str, streamed: bool):
    document = {
        "format": "txt",
        "name": "Visa report",
        "source": {"bytes": FACT.encode()},
        "citations": {"enabled": True},
    }
    content = [{"document": document}, {"text": "When is the visa report due?"}]
    given = {"modelId": ROUTES[way], "messages": [{"role": "user", "content": content}]}
    if streamed:
        events = bedrock.converse_stream(**given)["stream"]
        deltas = [e["contentBlockDelta"]["delta"] for e in events if "contentBlockDelta" in e]
        cited = [delta["citation"] for delta in deltas if "citation" in delta]
    else:
        blocks = bedrock.converse(**given)["output"]["message"]["content"]
        cited = [
            one
            for block in blocks
            for one in block.get("citationsContent", {}).get("citations", [])
        ]
    assert [one["sourceContent"] for one in cited] == [[{"text": FACT}]]
    assert cited[0]["title"] == "Visa report"
    span = {"documentIndex": 0, "start": 0, "end": len(FACT)}
    assert cited[0]["location"] == {"documentChar": span}


def test_an_answer_in_a_given_form(bedrock: Any):
    schema = {
        "type": "object",
        "properties": {"due": {"type": "string"}},
        "required": ["due"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}
    for way in ("converse", "invoke"):
        answer = bedrock.converse(
            modelId=ROUTES[way], messages=ASKED, outputConfig={"textFormat": form}
        )
        assert set(json.loads(words(answer))) == {"due"}, way


def test_the_other_sdks_are_answered_through_converse(server: Server, key: str, vendors: Vendors):
    claude: anthropic.Anthropic = server.claude(key)
    gpt: openai.OpenAI = server.gpt(key)
    message = claude.messages.create(
        model=ROUTES["converse"], max_tokens=99, messages=[{"role": "user", "content": FACT}]
    )
    assert message.stop_reason == "end_turn"
    completion = gpt.chat.completions.create(
        model=ROUTES["converse"], messages=[{"role": "user", "content": FACT}], stream=True
    )
    assert [chunk for chunk in completion if chunk.choices and chunk.choices[0].delta.content]
    assert {sent.path.rpartition("/")[2] for sent in vendors.sent[-2:]} == {
        "converse",
        "converse-stream",
    }


@pytest.mark.parametrize("way", ["converse", "messages"])
def test_anthropics_own_clients_for_clouds_are_served(server: Server, key: str, way: str):
    messages: Any = [{"role": "user", "content": QUESTION}]
    on_bedrock = anthropic.AnthropicBedrock(
        api_key=key, aws_region="eu-west-1", base_url=server.url, max_retries=0
    )
    on_vertex = anthropic.AnthropicVertex(
        access_token=key, region="eu", project_id="p", base_url=f"{server.url}v1", max_retries=0
    )
    for client in (on_bedrock, on_vertex):
        with client:
            given: Any = {"model": ROUTES[way], "max_tokens": 99, "messages": messages}
            whole = client.messages.create(**given)
            with client.messages.stream(**given) as stream:
                streamed = stream.get_final_message()
            assert [block.text for block in streamed.content if block.type == "text"] == [
                block.text for block in whole.content if block.type == "text"
            ]
            assert whole.stop_reason == "end_turn"
            with pytest.raises(anthropic.NotFoundError):
                client.messages.create(**{**given, "model": "nothing/such"})


def test_a_signed_request_is_told_how_to_send_the_key(server: Server):
    keys = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden"}
    with (
        amazon(server.url, **keys) as client,
        pytest.raises(client.exceptions.AccessDeniedException) as caught,
    ):
        client.converse(modelId=ROUTES["converse"], messages=ASKED)
    assert "AWS_BEARER_TOKEN_BEDROCK" in str(caught.value)
    assert headers(caught.value.response)["changeover-error"] == "signed_request"


def test_errors_are_raised_as_amazons(server: Server, key: str, secure: Way, bedrock: Any):
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException) as caught:
        bedrock.converse(modelId="nothing/such", messages=ASKED)
    assert headers(caught.value.response)["changeover-error"] == "model_not_found"
    with pytest.raises(bedrock.exceptions.ValidationException, match="guardrailConfig"):
        bedrock.converse(
            modelId=ROUTES["converse"],
            messages=ASKED,
            guardrailConfig={"guardrailIdentifier": "a", "guardrailVersion": "1"},
        )
    with (
        secure(AWS_BEARER_TOKEN_BEDROCK="co_unknown") as client,
        pytest.raises(client.exceptions.AccessDeniedException),
    ):
        client.converse(modelId=ROUTES["converse"], messages=ASKED)
    lost = server.post("/model/a.b/nothing", key, b"{}")
    assert lost.status_code == 404
    assert lost.headers["x-amzn-errortype"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (429, "ThrottlingException"),
        (424, "ModelErrorException"),
        (503, "ServiceUnavailableException"),
    ],
)
def test_a_vendors_error_is_raised_as_its_own(bedrock: Any, vendors: Vendors, status, name):
    vendors.faults["aws"] = Fault(kind="status", status=status)
    try:
        with pytest.raises(getattr(bedrock.exceptions, name), match=f"aws answered HTTP {status}"):
            bedrock.converse(modelId=ROUTES["converse"], messages=ASKED)
    finally:
        del vendors.faults["aws"]


@pytest.mark.parametrize("way", ["converse", "invoke"])
def test_a_stream_that_breaks_raises_in_its_middle(bedrock: Any, vendors: Vendors, way: str):
    vendors.faults["aws"] = Fault(kind="close-mid-stream")
    heard: list[Any] = []
    try:
        response = bedrock.converse_stream(modelId=ROUTES[way], messages=ASKED)
        with closing(response["stream"]) as stream:
            broke = botocore.exceptions.EventStreamError
            with pytest.raises(broke, match="internalServerException"):
                heard.extend(_heard(stream, heard))
        assert "contentBlockDelta" in heard[-1]
    finally:
        del vendors.faults["aws"]


def _heard(stream: Any, heard: list[Any]) -> Iterator[Any]:
    for event in stream:
        heard.append(event)
        yield from ()


def test_a_refusal_by_an_order_is_451_in_amazons_shape(server: Server, secure: Way):
    server.run("scenario", "play", "--until", "2026-03-03")
    housing = server.key("fannie-documents")
    with (
        secure(AWS_BEARER_TOKEN_BEDROCK=housing) as client,
        pytest.raises(client.exceptions.AccessDeniedException) as caught,
    ):
        client.converse(modelId="claude-sonnet-4-5", messages=ASKED)
    assert "housing-order" in str(caught.value)
    told = caught.value.response["ResponseMetadata"]
    assert told["HTTPStatusCode"] == 451
    assert told["HTTPHeaders"]["changeover-error"] == "barred_by_order"
