"""Pictures, documents and results of tools in Google's protocol, and Vertex AI's way of it."""

import base64
import json
from typing import Any

import pytest

from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Citation,
    File,
    Image,
    Loss,
    Part,
    Sampling,
    Text,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.codec import Codec
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.registry import codec

WIRE = GeminiGenerate()
VERTEX = codec("gemini-generate", "vertex")
PICTURE = Image(media_type="image/png", data="aGk=")
PDF = File(media_type="application/pdf", data="aGk=")


def read(**part: Any) -> tuple[Part, tuple[Loss, ...]]:
    given = {"contents": {"parts": part}}
    request, losses = WIRE.decode_request(
        json.dumps(given).encode(), WIRE.target("m", stream=False)
    )
    return request.turns[0].parts[0], losses


def test_bytes_in_the_sdks_alphabet_are_read_in_every_vendors():
    octets = bytes(range(248, 256))
    written = base64.urlsafe_b64encode(octets).decode()
    assert "-" in written
    part, _ = read(inlineData={"mimeType": "image/png", "data": written})
    assert part == Image(media_type="image/png", data=base64.b64encode(octets).decode())


def test_a_text_is_its_words_and_a_documents_name_is_kept():
    written = base64.b64encode("déjà".encode()).decode()
    part, losses = read(
        inline_data={"mime_type": "text/csv", "data": written, "display_name": "a.csv"}
    )
    assert (part, losses) == (File(media_type="text/csv", text="déjà", name="a.csv"), ())


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (
            {"fileUri": "https://example.org/a.PDF?x=1"},
            File(media_type="application/pdf", url="https://example.org/a.PDF?x=1"),
        ),
        ({"fileUri": "https://example.org/a.png"}, Image(url="https://example.org/a.png")),
        ({"fileUri": "https://example.org/a"}, Image(url="https://example.org/a")),
        (
            {"fileUri": "https://example.org/a", "mimeType": "text/plain"},
            File(media_type="text/plain", url="https://example.org/a"),
        ),
    ],
)
def test_an_address_is_a_pictures_or_a_documents(given: dict[str, str], part: Part):
    assert read(fileData=given) == (part, ())


def test_a_pictures_name_is_told():
    _, losses = read(inlineData={"mimeType": "image/png", "data": "aGk=", "displayName": "cat"})
    assert [loss.field for loss in losses] == ["contents[0].parts[0].inlineData.displayName"]


def sent(
    *parts: Part, wire: Codec = WIRE, model: str = "gemini-3-flash-preview", **more: Any
) -> tuple[dict[str, Any], list[str]]:
    calls = tuple(ToolCall(id=each, name=f"tool_{each}", arguments="{}") for each in "ab")
    turns = (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="assistant", parts=calls),
        Turn(role="user", parts=parts),
    )
    request = ChatRequest(model="m", system=(), turns=turns, **more)
    body, losses = wire.encode_request(request, model)
    return json.loads(body), [loss.field for loss in losses]


RESULTS = (
    ToolResult(call="b", parts=(Text(text="two"),)),
    ToolResult(call="a", parts=(Text(text="one"), PICTURE, PDF)),
)


def test_a_results_media_go_into_it_where_the_model_takes_that():
    body, losses = sent(*RESULTS)
    second, first = (part["functionResponse"] for part in body["contents"][2]["parts"])
    assert (second["id"], first["id"]) == ("b", "a")
    assert first["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": "aGk="}},
        {"inlineData": {"mimeType": "application/pdf", "data": "aGk="}},
    ]
    assert losses == []
    older, losses = sent(*RESULTS, model="gemini-2.5-pro")
    kinds = [next(iter(part)) for part in older["contents"][2]["parts"]]
    assert kinds == ["functionResponse", "functionResponse", "inlineData", "inlineData"]
    assert losses == ["tool_result"]


def test_words_after_a_results_picture_are_told_to_have_moved():
    result = ToolResult(call="a", parts=(PICTURE, Text(text="one")))
    assert sent(RESULTS[0], result)[1] == ["tool_result"]


def test_vertex_knows_no_ids_of_calls_so_that_results_stand_in_their_order():
    body, _ = sent(*RESULTS, wire=VERTEX)
    _, model, user = body["contents"]
    assert [part["functionCall"] for part in model["parts"]] == [
        {"name": "tool_a", "args": {}},
        {"name": "tool_b", "args": {}},
    ]
    given = [part["functionResponse"] for part in user["parts"]]
    assert [result["name"] for result in given] == ["tool_a", "tool_b"]
    assert not any("id" in result for result in given)


@pytest.mark.parametrize(
    ("file", "part", "lost"),
    [
        (
            File(text="déjà", name="a.txt", media_type="text/plain"),
            {
                "inlineData": {
                    "mimeType": "text/plain",
                    "data": "ZMOpasOg",
                    "displayName": "a.txt",
                }
            },
            [],
        ),
        (
            File(url="https://example.org/a"),
            {"fileData": {"mimeType": "application/pdf", "fileUri": "https://example.org/a"}},
            [],
        ),
        (
            File(data="aGk=", context="A memo.", cited=True),
            {"inlineData": {"mimeType": "application/pdf", "data": "aGk="}},
            ["file.context", "file.citations"],
        ),
    ],
)
def test_a_file_is_written_and_what_cannot_be_said_of_it_told(
    file: File, part: dict[str, Any], lost: list[str]
):
    body, losses = sent(*RESULTS, file)
    assert body["contents"][2]["parts"][-1] == part
    assert losses == lost


def test_vertex_takes_a_type_and_addresses_in_results():
    result = ToolResult(call="a", parts=(Image(url="https://example.org/a"),))
    body, losses = sent(RESULTS[0], result, wire=VERTEX)
    first, _ = body["contents"][2]["parts"]
    assert first["functionResponse"]["parts"] == [
        {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://example.org/a"}}
    ]
    assert losses == []


def test_what_there_are_no_words_for_is_told_by_name():
    marked = Text(text="a", cache=CacheMark())
    cited = Text(text="b", citations=(Citation(url="https://example.org"),))
    body, losses = sent(
        *RESULTS,
        marked,
        cited,
        user="u",
        verbosity="low",
        cache_key="k",
        metadata={"team": "visa", "Case": "A B"},
        sampling=Sampling(chances=30),
    )
    assert body["labels"] == {"team": "visa"}
    assert body["generationConfig"] == {"responseLogprobs": True, "logprobs": 20}
    assert losses == [
        "citations",
        "user",
        "verbosity",
        "cache_control",
        "prompt_cache_key",
        "top_logprobs",
        "metadata",
    ]
