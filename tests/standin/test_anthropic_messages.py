"""Anthropic's protocol: the official SDK as client, and the table of refusals."""

from typing import Any

import anthropic
import httpx2
import msgspec
import pytest

from changeover.standin import voices
from changeover.standin.anthropic_request import read_request
from changeover.standin.asked import Asked, RefusalError

from .conftest import CLAUDE, GPT

MESSAGES = [
    {"role": "user", "content": "Le rapport est attendu le 27 août."},
    {"role": "assistant", "content": [{"type": "text", "text": "C'est noté."}]},
    {"role": "user", "content": [{"type": "text", "text": "Quand le rapport est-il attendu ?"}]},
]
ANSWER = (
    f"{voices.VOICES['anthropic'].quotes.fr}\n\n"
    "« Le rapport est attendu le 27 août. » (votre message 1)"
)
ASK: dict[str, Any] = {"model": CLAUDE, "max_tokens": 200, "messages": MESSAGES}
HEADERS = {"x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01"}


async def test_a_whole_answer(claude):
    reply = await claude.messages.create(**ASK, system=[{"type": "text", "text": "Aide-moi."}])
    assert reply.type == "message"
    assert reply.role == "assistant"
    assert reply.id.startswith("msg_01")
    assert reply.model == CLAUDE
    assert reply._request_id.startswith("req_011C")
    (block,) = reply.content
    assert (block.type, block.text) == ("text", ANSWER)
    assert (reply.stop_reason, reply.stop_sequence) == ("end_turn", None)
    assert reply.usage.input_tokens == 25
    assert reply.usage.output_tokens == 34
    assert reply.usage.cache_read_input_tokens == 0


async def test_a_stream_adds_up_to_the_whole_answer(claude):
    async with claude.messages.stream(**ASK) as stream:
        texts = [text async for text in stream.text_stream]
        reply = await stream.get_final_message()
    assert "".join(texts) == ANSWER
    assert len(texts) > 10
    assert reply.content[0].text == ANSWER
    assert reply.stop_reason == "end_turn"
    assert reply.usage.output_tokens == 34


async def test_events_come_in_the_vendors_order(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/anthropic/v1/messages", json={**ASK, "stream": True}, headers=HEADERS
        )
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = [block.split("\n") for block in response.text.removesuffix("\n\n").split("\n\n")]
    names = [name.removeprefix("event: ") for name, _ in events]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert set(names[3:-3]) == {"content_block_delta"}
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert all(f'"type":"{name}"' in data for name, (_, data) in zip(names, events, strict=True))


async def test_limits_and_stop_sequences_end_an_answer(claude):
    short = await claude.messages.create(**{**ASK, "max_tokens": 1})
    assert short.content[0].text == "Substitut"
    assert short.stop_reason == "max_tokens"
    assert short.usage.output_tokens == 1
    stopped = await claude.messages.create(**ASK, stop_sequences=["trouve", "Voici"])
    assert stopped.content[0].text == "Substitut d’Anthropic. "
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "Voici")


async def test_an_answer_stopped_at_once_has_no_block(claude):
    whole = await claude.messages.create(**ASK, stop_sequences=["Substitut"])
    assert whole.content == []
    async with claude.messages.stream(**ASK, stop_sequences=["Substitut"]) as stream:
        reply = await stream.get_final_message()
    assert reply.content == []
    assert reply.stop_sequence == "Substitut"


async def test_models_are_listed_and_found(claude):
    assert [model.id async for model in claude.models.list()] == [CLAUDE]
    assert (await claude.models.retrieve(CLAUDE)).type == "model"
    with pytest.raises(anthropic.NotFoundError):
        await claude.models.retrieve(GPT)


async def test_another_hosts_model_is_not_found(claude):
    with pytest.raises(anthropic.NotFoundError) as caught:
        await claude.messages.create(**{**ASK, "model": GPT})
    body: Any = caught.value.body
    assert body["error"] == {"type": "not_found_error", "message": f"model: {GPT}"}
    assert body["request_id"] == caught.value.request_id


@pytest.mark.parametrize(
    ("headers", "status", "kind", "message"),
    [
        ({"anthropic-version": "2023-06-01"}, 401, "authentication_error",
         "x-api-key header is required"),
        ({"x-api-key": "k"}, 400, "invalid_request_error", "anthropic-version: header is required"),
        ({"x-api-key": "k", "anthropic-version": "1999-01-01"}, 400, "invalid_request_error",
         'anthropic-version: "1999-01-01" is not a valid version'),
    ],
)  # fmt: skip
async def test_key_and_version_are_required(server, headers, status, kind, message):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/anthropic/v1/messages", json=ASK, headers=headers
        )
    assert response.status_code == status
    assert response.json()["type"] == "error"
    assert response.json()["error"] == {"type": kind, "message": message}
    assert response.json()["request_id"] == response.headers["request-id"]


async def test_either_form_of_the_key_is_let_in(server):
    version = {"anthropic-version": "2023-06-01"}
    async with httpx2.AsyncClient() as client:
        for key in ({"x-api-key": "k"}, {"authorization": "Bearer k"}):
            response = await client.post(
                f"{server.url}/anthropic/v1/messages", json=ASK, headers=version | key
            )
            assert response.status_code == 200


def said(*messages: Any) -> dict[str, Any]:
    return {"messages": list(messages)}


def read(change: dict[str, Any], version: str = "2023-06-01") -> Asked:
    body = {name: value for name, value in {**ASK, **change}.items() if value is not ...}
    return read_request(msgspec.json.encode(body), version)


USER = {"role": "user", "content": "Hi."}
NON_EMPTY = "messages.1: all messages must have non-empty content except for the optional final assistant message"
REFUSED = [
    ({"model": ...}, "model: Field required"),
    ({"model": 7}, "model: Input should be a valid string"),
    ({"model": ""}, "model: String should have at least 1 character"),
    ({"max_tokens": ...}, "max_tokens: Field required"),
    ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": 1.5}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": 0}, "max_tokens: must be greater than or equal to 1"),
    ({"max_tokens": 64001},
     f"max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for {CLAUDE}"),
    ({"messages": ...}, "messages: Field required"),
    ({"messages": "hi"}, "messages: Input should be a valid array"),
    ({"messages": []}, "messages: at least one message is required"),
    (said("hi"), "messages.0: Input should be an object"),
    (said({"content": "hi"}), "messages.0.role: Field required"),
    (said({"role": "user"}), "messages.0.content: Field required"),
    (said({"role": "system", "content": "x"}, USER),
     ('messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, '
     'not "system" as an input message role.')),
    (said({"role": "tool", "content": "x"}), "messages.0.role: Input should be 'user' or 'assistant'"),
    (said({"role": "assistant", "content": "x"}, USER),
     'messages: first message must use the "user" role'),
    (said({"role": "user", "content": ""}), "messages.0: user messages must have non-empty content"),
    (said({"role": "user", "content": []}), "messages.0: user messages must have non-empty content"),
    (said(USER, {"role": "assistant", "content": ""}, USER), NON_EMPTY),
    (said({"role": "user", "content": [{"type": "text", "text": ""}]}),
     "messages: text content blocks must be non-empty"),
    (said({"role": "user", "content": " \n"}),
     "messages: text content blocks must contain non-whitespace text"),
    (said(USER, {"role": "assistant", "content": "So "}),
     "messages: final assistant content cannot end with trailing whitespace"),
    (said({"role": "user", "content": 7}), "messages.0.content: Input should be a valid array"),
    (said({"role": "user", "content": [{"text": "x"}]}), "messages.0.content.0.type: Field required"),
    (said({"role": "user", "content": [{"type": "text"}]}),
     "messages.0.content.0.text.text: Field required"),
    (said({"role": "user", "content": [{"type": "text", "text": "x", "mood": 1}]}),
     "messages.0.content.0.text.mood: Extra inputs are not permitted"),
    (said({"role": "user", "content": "x", "name": "anna"}),
     "messages.0.name: Extra inputs are not permitted"),
    (said({"role": "user", "content": [{"type": "document", "source": {}}]}),
     ("messages.0.content.0.document.source: Input tag 'None' found using 'type' does not match any "
      "of the expected tags: 'base64', 'content', 'file', 'text', 'url'")),
    (said({"role": "user", "content": [{"type": "server_tool_use", "id": "a"}]}),
     "messages.0.content.0: server_tool_use blocks are not supported by this model"),
    ({"system": 7}, "system: Input should be a valid array"),
    ({"system": [{"type": "text", "text": ""}]}, "system: text content blocks must be non-empty"),
    ({"system": [{"type": "thinking"}]}, "system.0.type: Input should be 'text'"),
    ({"temperature": 1.5}, "temperature: range: 0..1"),
    ({"temperature": "hot"}, "temperature: Input should be a valid number"),
    ({"temperature": None}, "temperature: Input should be a valid number"),
    ({"temperature": 1, "top_p": 0.5},
     "`temperature` and `top_p` cannot both be specified for this model. Please use only one."),
    ({"top_p": 2}, "top_p: range: 0..1"),
    ({"top_k": 0.5}, "top_k: Input should be a valid integer"),
    ({"stream": "yes"}, "stream: Input should be a valid boolean"),
    ({"stop_sequences": "x"}, "stop_sequences: Input should be a valid array"),
    ({"stop_sequences": ["\n"]}, "stop_sequences: each stop sequence must contain non-whitespace"),
    ({"metadata": {"name": "x"}}, "metadata.name: Extra inputs are not permitted"),
    ({"service_tier": "gold"}, "service_tier: Input should be 'auto' or 'standard_only'"),
    ({"tools": [{"name": "x"}]}, "tools.0.custom.input_schema: Field required"),
    ({"metadata": {"user_id": "x" * 257}},
     "metadata.user_id: String should have at most 256 characters"),
    ({"response_format": {}}, "response_format: Extra inputs are not permitted"),
    ({"stop": ["x"]}, "stop: Extra inputs are not permitted"),
    ({"n": 1, "temperature": 2}, "temperature: range: 0..1"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    refusal = caught.value
    assert refusal.message == message
    assert (refusal.status, refusal.kind) == (400, "invalid_request_error")


TAKEN = [
    {"system": ""},
    {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]},
    {"metadata": {"user_id": "x"}},
    {"metadata": None, "stop_sequences": None},
    {"temperature": 0, "top_k": 5},
    {"thinking": {"type": "disabled"}, "tools": []},
    said(USER, USER),
    said(USER, {"role": "assistant", "content": "So"}),
    said(USER, {"role": "assistant", "content": ""}),
]


@pytest.mark.parametrize("change", TAKEN)
def test_what_the_vendor_takes_is_taken(change):
    asked = read(change)
    assert asked.model == CLAUDE
    assert asked.conversation


async def test_a_refusal_reaches_the_sdk_whole(claude):
    with pytest.raises(anthropic.BadRequestError) as caught:
        await claude.messages.create(**{**ASK, "max_tokens": 0})
    body: Any = caught.value.body
    assert body["type"] == "error"
    assert body["error"] == {
        "type": "invalid_request_error",
        "message": "max_tokens: must be greater than or equal to 1",
    }
    assert caught.value.request_id == body["request_id"]


CITED = [{"type": "text", "text": "Hi.", "citations": [{"type": "char_location"}]}]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"temperature": 1.0}, "temperature"),
        ({"top_p": 1}, "top_p"),
        ({"top_k": 5}, "top_k"),
        (said({"role": "user", "content": CITED}), "messages.0.content.0.text.citations"),
    ],
)
def test_the_latest_version_no_longer_takes_what_earlier_ones_take(change, name):
    assert read(change).model == CLAUDE
    with pytest.raises(RefusalError) as caught:
        read(change, "2026-10-21")
    assert caught.value.message == f"{name}: Extra inputs are not permitted"


async def test_the_sdks_version_refuses_sampling(claude):
    with pytest.raises(anthropic.BadRequestError):
        await claude.messages.create(**ASK, extra_body={"temperature": 1.0})
    older = {"anthropic-version": "2023-06-01"}
    assert await claude.messages.create(**ASK, extra_body={"temperature": 1.0}, extra_headers=older)


async def test_what_is_not_json_is_refused(server):
    async with httpx2.AsyncClient(base_url=server.url, headers=HEADERS) as client:
        for payload in (b"", b"{", b"\xff", b"[" * 100_000):
            response = await client.post("/anthropic/v1/messages", content=payload)
            assert response.status_code == 400
            message = response.json()["error"]["message"]
            assert message.startswith("The request body is not valid JSON")


async def test_an_oversized_body_is_refused(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/anthropic/v1/messages",
            content=b" " * (32 * 1024 * 1024 + 1),
            headers=HEADERS,
        )
    assert response.status_code == 413
    assert response.json()["error"]["type"] == "request_too_large"


async def test_paths_that_the_vendor_lacks(server):
    async with httpx2.AsyncClient(base_url=server.url, headers=HEADERS) as client:
        for path in ("/anthropic/v1/chat/completions", "/anthropic/v1/nothing"):
            response = await client.post(path, json=ASK)
            assert response.status_code == 404
            assert response.json()["error"]["type"] == "not_found_error"
        assert (await client.get("/anthropic/v1/messages")).status_code == 405
