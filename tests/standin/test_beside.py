"""What the stand-ins take, refuse and answer beside chat."""

import json
import math
from typing import Any

import pytest

from changeover.standin.asked import RefusalError
from changeover.standin.beside import Sent, Task
from changeover.standin.operations import BESIDE, OF_MODELS
from changeover.standin.vectors import unit_vector

WORKS = {path: work for path, _, work in BESIDE}
VERSION = {"anthropic-version": "2023-06-01", "authorization": "Bearer sk-1"}
CONTENT: Any = {"parts": [{"text": "A boat"}]}
MESSAGES: Any = [{"role": "user", "content": "A boat"}]


def post(path: str, given: Any, **headers: str) -> Task:
    sent = Sent(payload=json.dumps(given).encode(), headers={**VERSION, **headers})
    return WORKS[path](sent)


def call(method: str, given: Any, model: str = "gemini-embedding-001") -> Task:
    sent = Sent(payload=json.dumps(given).encode(), headers={}, model=model, method=method)
    return OF_MODELS[method](sent)


def answer(task: Task) -> Any:
    return json.loads(b"".join(task.pieces()))


def test_a_vector_has_length_1_and_is_the_same_for_the_same_text_and_model():
    one = unit_vector("m", "A boat on the sea", 64, 256)
    assert one == unit_vector("m", "A boat on the sea", 64, 256)
    assert one != unit_vector("n", "A boat on the sea", 64, 256)
    for text in ("A boat", "", "!"):
        vector = unit_vector("m", text, 8, 256)
        assert math.isclose(sum(each * each for each in vector), 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"input": "x"}, "Missing required parameter: 'model'"),
        ({"model": "embed"}, "Missing required parameter: 'input'"),
        ({"model": "embed", "input": ""}, "'$.input' is invalid"),
        ({"model": "embed", "input": []}, "'$.input' is invalid"),
        ({"model": "embed", "input": ["a", [1]]}, "'$.input' is invalid"),
        ({"model": "embed", "input": ["a"] * 2049}, "array too long"),
        ({"model": "embed", "input": "x", "dimensions": 0}, "integer below minimum value"),
        ({"model": "embed", "input": "x", "dimensions": 1537}, "less than or equal to 1536"),
        ({"model": "embed", "input": "x", "encoding_format": "int8"}, "Supported values are"),
        ({"model": "embed", "input": "x", "output_dimension": 3}, "Unknown parameter"),
        ({"model": "gpt-4.1", "input": "x"}, "not allowed to generate embeddings"),
    ],
)
def test_openais_refusals_of_embeddings(given: Any, words: str):
    with pytest.raises(RefusalError) as refused:
        post("/embeddings", given)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("method", "given", "model", "words"),
    [
        ("embedContent", {}, "embed", "contents is not specified"),
        ("embedContent", {"content": CONTENT, "colour": 1}, "embed", "Unknown name"),
        ("embedContent", {"content": CONTENT, "taskType": "X"}, "embed", "task_type"),
        ("embedContent", {"content": CONTENT, "outputDimensionality": 0}, "embed", "between 1"),
        ("embedContent", {"content": CONTENT}, "gemini-2.5-pro", "not supported for embedContent"),
        ("batchEmbedContents", {"requests": []}, "embed", "value is required"),
        ("batchEmbedContents", {"requests": [{"content": CONTENT}]}, "embed", "the same"),
        ("countTokens", {"contents": [], "x": 1}, "m", "Unknown name"),
        ("countTokens", {"generateContentRequest": {"model": "models/n"}}, "m", "model name"),
    ],
)
def test_googles_refusals(method: str, given: Any, model: str, words: str):
    with pytest.raises(RefusalError) as refused:
        call(method, given, model)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        (
            "/messages/count_tokens",
            {"model": "m", "messages": MESSAGES, "max_tokens": 5},
            "max_tokens: Extra inputs are not permitted",
        ),
        ("/messages/count_tokens", {"model": "m"}, "messages"),
        ("/responses/input_tokens", {"model": "m", "input": "x", "store": False}, "'store'"),
        ("/audio/speech", {"model": "m", "input": "x"}, "'voice'"),
        ("/audio/speech", {"model": "m", "input": "x", "voice": "v", "speed": 9}, "'speed'"),
        ("/audio/transcriptions", {"model": "m"}, "multipart/form-data"),
        ("/images/generations", {"model": "m"}, "'prompt'"),
        ("/images/generations", {"model": "m", "prompt": "x", "n": 11}, "'n'"),
    ],
)
def test_refusals_of_counts_sound_and_pictures(path: str, given: Any, words: str):
    with pytest.raises(RefusalError) as refused:
        post(path, given)
    assert words in refused.value.message


def test_counts_are_of_words_and_tools():
    tool = {"name": "look", "input_schema": {"type": "object"}}
    bare = answer(post("/messages/count_tokens", {"model": "m", "messages": MESSAGES}))
    assert bare == {"input_tokens": 2}
    more = {"model": "m", "messages": MESSAGES, "tools": [tool]}
    assert answer(post("/messages/count_tokens", more))["input_tokens"] > 2
    asked = {"model": "m", "input": "A boat"}
    assert answer(post("/responses/input_tokens", asked)) == {
        "object": "response.input_tokens",
        "input_tokens": 2,
    }
    assert answer(call("countTokens", {"contents": [CONTENT]}))["totalTokens"] == 2


def test_only_googles_second_generation_counts_what_it_embeds():
    assert "usageMetadata" not in answer(call("embedContent", {"content": CONTENT}))
    second = answer(call("embedContent", {"content": CONTENT}, "gemini-embedding-2"))
    assert second["usageMetadata"]["promptTokenCount"] == 2
