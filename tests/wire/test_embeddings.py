"""Embeddings in each protocol: every field, there and back, and whatever bytes come."""

import base64
import inspect
import json
import re
import struct
from contextlib import suppress
from typing import Any, get_type_hints

import msgspec
import pytest
from google.genai import models, types
from hypothesis import given
from hypothesis import strategies as st
from openai.types import embedding_create_params

from changeover.conversation.embedding import EmbeddingInput, EmbeddingRequest, Embeddings
from changeover.conversation.model import File, Image, Text
from changeover.directory.model import Dialect
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.fields import Table
from changeover.wire.gemini_generate import embeddings as gemini
from changeover.wire.openai_chat import embeddings as openai
from changeover.wire.operation import EmbeddingCodec
from changeover.wire.operations import embedding_codec, passes
from tests.wire.test_gemini_fields import names

OPENAI, GEMINI = openai.OpenAIEmbeddings(), gemini.GeminiEmbeddings()
ALONE, TOGETHER = "/m:embedContent", "/m:batchEmbedContents"
BOTH = pytest.mark.parametrize("codec", [OPENAI, GEMINI])

words = st.text(min_size=1, max_size=20)
texts = words.map(lambda text: EmbeddingInput(parts=(Text(text=text),)))
counts = st.integers(0, 2**31 - 1)
requests = st.builds(
    EmbeddingRequest,
    model=st.just("m"),
    inputs=st.lists(texts, min_size=1, max_size=4).map(tuple),
    dimensions=st.none() | st.integers(1, 4096),
)
numbers = st.floats(-1, 1, width=32)
vectors = st.lists(st.lists(numbers, min_size=1, max_size=8).map(tuple), min_size=1, max_size=4)


def read(given: dict[str, Any], codec: EmbeddingCodec = OPENAI, target: str = "") -> Any:
    return codec.decode_request(json.dumps(given).encode(), target)


def lost(given: dict[str, Any], codec: EmbeddingCodec = OPENAI, target: str = "") -> set[str]:
    return {loss.field for loss in read(given, codec, target)[1]}


def test_each_field_of_openais_type_is_in_the_table():
    published = set(get_type_hints(embedding_create_params.EmbeddingCreateParams))
    assert "dimensions" in published <= set(openai.FIELDS)


def test_each_field_of_googles_types_is_in_the_tables():
    config = names(types.EmbedContentConfig) - {"httpOptions"}
    assert {"taskType", "autoTruncate"} <= config <= set(gemini.CONFIG)
    assert names(types.Content) <= set(gemini.CONTENT)
    source = inspect.getsource(models._EmbedContentConfig_to_mldev)
    sent = set(re.findall(r"'requests\[\]', '(\w+)'", source))
    assert {"taskType", "outputDimensionality"} <= sent <= set(gemini.FIELDS)


@pytest.mark.parametrize("table", [gemini.FIELDS, gemini.CONFIG])
def test_googles_fields_get_their_treatment(table: Table):
    content = {"parts": [{"text": "x"}]}
    for name, treatment in table.items():
        if treatment.kind == "reported":
            assert lost({"content": content, name: "strange"}, GEMINI, ALONE) == {name}
            inner = {"content": content, "embedContentConfig": {name: "strange"}}
            assert lost(inner, GEMINI, ALONE) == {f"embedContentConfig.{name}"}


def test_what_no_table_knows_is_reported():
    assert lost({"model": "m", "input": "x", "colour": 1}) == {"colour"}
    content = {"parts": [{"text": "x", "colour": 1}], "role": "model"}
    given = {"content": content, "colour": 1}
    assert lost(given, GEMINI, ALONE) == {
        "colour",
        "content.role",
        "content.parts[0].colour",
    }


@pytest.mark.parametrize(
    ("given", "inputs"),
    [
        ("a", ("a",)),
        (["a", "b"], ("a", "b")),
        ([1, 2], ((1, 2),)),
        ([[1, 2], [3]], ((1, 2), (3,))),
    ],
)
def test_openais_four_forms_of_an_input(given: Any, inputs: tuple[Any, ...]):
    request, _ = read({"model": "m", "input": given})
    read_as = [i.tokens or i.parts[0].text for i in request.inputs]
    assert tuple(read_as) == inputs


@pytest.mark.parametrize("given", [[], [[]], [True], 3, {"a": 1}, [["a"]], [-1], None])
def test_other_inputs_are_refused_by_name(given: Any):
    with pytest.raises(ProtocolError, match="input"):
        read({"model": "m", "input": given})


@BOTH
@given(request=requests)
def test_a_request_that_is_written_and_read_is_the_same(
    codec: EmbeddingCodec, request: EmbeddingRequest
):
    written = codec.write(request, "m")
    again, losses = codec.decode_request(written.body, written.target)
    alone = codec is GEMINI and len(request.inputs) == 1
    assert (again, losses) == (msgspec.structs.replace(request, alone=alone), ())
    assert codec.write(again, "m") == written


@given(request=requests, user=words, task=words)
def test_across_protocols_all_but_the_reported_arrives(
    request: EmbeddingRequest, user: str, task: str
):
    named = msgspec.structs.replace(request, user=user)
    written = GEMINI.write(named, "m")
    assert [loss.field for loss in written.losses] == ["user"]
    again, _ = GEMINI.decode_request(written.body, written.target)
    assert (again.inputs, again.dimensions) == (request.inputs, request.dimensions)
    tasked = tuple(msgspec.structs.replace(each, task=task) for each in request.inputs)
    back = OPENAI.write(msgspec.structs.replace(request, inputs=tasked), "m")
    assert {loss.field for loss in back.losses} == {"taskType"}
    assert OPENAI.decode_request(back.body)[0].inputs == request.inputs


@BOTH
@given(vectors=vectors, counted=counts)
def test_vectors_that_are_written_and_read_are_the_same(
    codec: EmbeddingCodec, vectors: list[tuple[float, ...]], counted: int
):
    inputs = tuple(EmbeddingInput(parts=(Text(text="x"),)) for _ in vectors)
    given = Embeddings(vectors=tuple(vectors), input_tokens=counted)
    for packed in (False, True):
        request = EmbeddingRequest(model="m", inputs=inputs, packed=packed)
        body, losses = codec.encode_reply(request, given, "shown")
        again = codec.decode_reply(body, len(vectors))
        assert (again.vectors, again.input_tokens, losses) == (given.vectors, counted, ())


def test_numbers_are_packed_as_little_endian_floats():
    request = EmbeddingRequest(
        model="m", inputs=(EmbeddingInput(parts=(Text(text="four words are here"),)),), packed=True
    )
    body, losses = OPENAI.encode_reply(request, Embeddings(vectors=((0.5, -2.0),)), "shown")
    told = json.loads(body)
    assert base64.b64decode(told["data"][0]["embedding"]) == struct.pack("<2f", 0.5, -2.0)
    assert told["usage"] == {"prompt_tokens": 5, "total_tokens": 5}
    assert [loss.field for loss in losses] == ["usage"]


@BOTH
@given(body=st.binary(max_size=200))
def test_arbitrary_bytes_are_a_protocol_error(codec: EmbeddingCodec, body: bytes):
    with pytest.raises(ProtocolError):
        codec.decode_request(body, ALONE)
    with pytest.raises(VendorProtocolError):
        codec.decode_reply(body, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
FIELD_NAMES = ("model", "input", "content", "requests", "data", "embedding", "embeddings", "usage")


@BOTH
@given(given=st.dictionaries(st.sampled_from(FIELD_NAMES), json_values), target=st.text(max_size=9))
def test_arbitrary_json_is_read_or_a_protocol_error(
    codec: EmbeddingCodec, given: dict[str, Any], target: str
):
    body = json.dumps(given).encode()
    for address in (ALONE, TOGETHER, target):
        with suppress(ProtocolError):
            codec.decode_request(body, address)
    with suppress(VendorProtocolError):
        codec.decode_reply(body, 1)


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [2.0]}],
        [{"index": 0, "embedding": [1e39]}, {"index": 1, "embedding": [1.0]}],
        [{"embedding": base64.b64encode(struct.pack("<f", float("nan"))).decode()}] * 2,
        [{"embedding": "AAA="}] * 2,
    ],
)
def test_vectors_that_are_missing_doubled_or_no_numbers_are_none(data: list[Any]):
    with pytest.raises(VendorProtocolError):
        OPENAI.decode_reply(json.dumps({"data": data}).encode(), 2)


def test_vectors_come_in_the_order_of_their_numbers():
    data = [{"index": 1, "embedding": [1.0]}, {"index": 0, "embedding": [0.0]}]
    assert OPENAI.decode_reply(json.dumps({"data": data}).encode(), 2).vectors == ((0.0,), (1.0,))


@pytest.mark.parametrize(
    ("dialect", "name"), [(None, "dimensions"), ("mistral", "output_dimension")]
)
def test_dimensions_have_the_hosts_own_name(dialect: Dialect | None, name: str):
    codec = embedding_codec("openai-chat", dialect)
    assert codec is not None
    request = EmbeddingRequest(
        model="m", inputs=(EmbeddingInput(parts=(Text(text="x"),)),), dimensions=8
    )
    assert json.loads(codec.write(request, "pinned").body) == {
        "model": "pinned",
        "input": ["x"],
        name: 8,
    }


@pytest.mark.parametrize("dialect", ["mistral", "ollama"])
def test_tokens_are_refused_where_a_host_takes_texts_alone(dialect: Dialect):
    codec = embedding_codec("openai-chat", dialect)
    assert codec is not None
    with pytest.raises(ProtocolError, match="numbers of tokens"):
        codec.write(EmbeddingRequest(model="m", inputs=(EmbeddingInput(tokens=(1,)),)), "m")


def test_dimensions_are_refused_where_a_model_has_one_length():
    codec = embedding_codec("openai-chat", "llama-cpp")
    assert codec is not None
    inputs = (EmbeddingInput(parts=(Text(text="x"),)),)
    with pytest.raises(ProtocolError, match="dimensions"):
        codec.write(EmbeddingRequest(model="m", inputs=inputs, dimensions=8), "m")


def test_pictures_and_files_go_to_google_and_to_nobody_who_embeds_text_alone():
    parts = [
        {"text": "A boat:"},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"inline_data": {"mime_type": "application/pdf", "data": "BBBB"}},
        {"fileData": {"fileUri": "gs://b/o"}},
    ]
    request, losses = read({"content": {"parts": parts}}, GEMINI, ALONE)
    assert losses == ()
    assert request.inputs[0].parts == (
        Text(text="A boat:"),
        Image(media_type="image/png", data="AAAA"),
        File(media_type="application/pdf", data="BBBB"),
        File(url="gs://b/o"),
    )
    written = json.loads(GEMINI.write(request, "m").body)["content"]["parts"]
    assert [*written[0], *written[1], *written[2], *written[3]] == [
        "text",
        "inlineData",
        "inlineData",
        "fileData",
    ]
    with pytest.raises(ProtocolError, match="text alone"):
        OPENAI.write(request, "m")


def test_a_batch_names_one_model_and_one_length():
    one = {"model": "models/m", "content": {"parts": [{"text": "x"}]}}
    for other in ({**one, "model": "models/n"}, {**one, "outputDimensionality": 3}):
        with pytest.raises(ProtocolError, match=r"requests\[1\]"):
            read({"requests": [one, other]}, GEMINI, TOGETHER)


def test_a_file_that_google_keeps_is_refused():
    uri = "https://generativelanguage.googleapis.com/v1beta/files/abc"
    with pytest.raises(ProtocolError, match="keeps"):
        read({"content": {"parts": [{"fileData": {"fileUri": uri}}]}}, GEMINI, ALONE)


@given(
    request=requests, more=st.dictionaries(words.filter(lambda w: w not in openai.FIELDS), words)
)
def test_what_is_passed_on_is_what_came_but_for_the_model(
    request: EmbeddingRequest, more: dict[str, str]
):
    written = OPENAI.write(request, "asked")
    came = {**json.loads(written.body), **more}
    passed = OPENAI.pass_request(json.dumps(came).encode(), "", "pinned")
    assert json.loads(passed.body) == {**came, "model": "pinned"}
    assert passed.beside == written.beside
    written = GEMINI.write(request, "asked")
    passed = GEMINI.pass_request(written.body, written.target, "pinned")
    assert (passed.body, passed.target) == (
        written.body.replace(b"models/asked", b"models/pinned"),
        written.target.replace("/asked:", "/pinned:"),
    )
    odd = b'{"requests_": [{"content": {"parts": [{"text": "x"}]}}]}'
    GEMINI.decode_request(odd, TOGETHER)
    assert b'"models/pinned"' in GEMINI.pass_request(odd, TOGETHER, "pinned").body
    body = b'{"embedding": {"values": [1.0], "colour": 1}}'
    assert GEMINI.pass_reply(body, "shown") == body


@pytest.mark.parametrize(
    ("client", "host", "dialect", "passed"),
    [
        ("openai-chat", "openai-chat", None, True),
        ("openai-chat", "openai-responses", "azure", True),
        ("openai-chat", "openai-chat", "mistral", False),
        ("openai-chat", "gemini-generate", None, False),
        ("gemini-generate", "gemini-generate", None, True),
        ("gemini-generate", "openai-chat", None, False),
    ],
)
def test_which_hosts_take_a_request_as_it_came(
    client: Any, host: Any, dialect: Dialect | None, passed: bool
):
    assert passes(client, host, dialect) is passed


@pytest.mark.parametrize("count", [-1, 2**53, 10**30])
def test_counts_that_no_answer_has_are_no_answer(count: int):
    data = [{"object": "embedding", "index": 0, "embedding": [0.5]}]
    openai = {"object": "list", "data": data, "usage": {"prompt_tokens": count}}
    gemini = {"embedding": {"values": [0.5]}, "usageMetadata": {"promptTokenCount": count}}
    for codec, answer in ((OPENAI, openai), (GEMINI, gemini)):
        with pytest.raises(VendorProtocolError):
            codec.decode_reply(json.dumps(answer).encode(), 1)
