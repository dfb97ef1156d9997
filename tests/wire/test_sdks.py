"""The official SDKs, unchanged, read what the encoders write; no network is touched."""

import json
from collections.abc import Iterable
from typing import Any

import anthropic
import httpx2
import msgspec
import openai
import pytest
from hypothesis import given, settings
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from changeover.conversation.events import Event, Failed, fold, unfold
from changeover.conversation.model import Loss, Reply, Text, ToolCall, Usage
from changeover.directory.model import Capabilities, Model
from changeover.wire.codec import Codec, ReplyContext
from changeover.wire.registry import codec
from tests.strategies import replies, streams
from tests.wire.projections import anthropic_reply, openai_reply

CONTEXT = ReplyContext(
    id="reply-1", model="shown", created=1_772_000_000, include_usage=True, system_fingerprint="fp"
)
QUIET = ReplyContext(id="reply-1", model="shown", created=1_772_000_000)
OPENAI, ANTHROPIC = codec("openai-chat"), codec("anthropic-messages")
REPLY = Reply(
    id="vendor-1",
    model="vendor-model",
    parts=(Text(text="Hello"), Text(text=" there")),
    stop="length",
    usage=Usage(input_tokens=20, output_tokens=3, cached_tokens=5, cache_written_tokens=2),
    losses=(Loss(field="thinking", why="Not carried."),),
)
MESSAGES: Any = [{"role": "user", "content": "Hi"}]


def transport(body: bytes, status: int, content_type: str, path: str) -> httpx2.Client:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.url.path == path
        return httpx2.Response(status, content=body, headers={"content-type": content_type})

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def openai_client(
    body: bytes, status: int = 200, content_type: str = "application/json", path: str = OPENAI.path
) -> openai.OpenAI:
    http = transport(body, status, content_type, path)
    return openai.OpenAI(
        api_key="k", base_url="http://127.0.0.1:1/v1", http_client=http, max_retries=0
    )


def anthropic_client(
    body: bytes,
    status: int = 200,
    content_type: str = "application/json",
    path: str = ANTHROPIC.path,
) -> anthropic.Anthropic:
    http = transport(body, status, content_type, path)
    return anthropic.Anthropic(
        api_key="k", base_url="http://127.0.0.1:1", http_client=http, max_retries=0
    )


def stream_of(wire: Codec, events: Iterable[Event], context: ReplyContext = CONTEXT) -> bytes:
    encoder = wire.stream_encoder(context)
    return b"".join(encoder.encode(event) for event in events)


def test_openai_create():
    client = openai_client(OPENAI.encode_reply(REPLY, CONTEXT))
    answer = client.chat.completions.create(model="m", messages=MESSAGES)
    choice = answer.choices[0]
    assert (choice.message.content, choice.message.refusal) == ("Hello there", None)
    assert (choice.finish_reason, answer.id, answer.model) == ("length", "reply-1", "shown")
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (20, 3)
    assert answer.usage.prompt_tokens_details is not None
    assert answer.usage.prompt_tokens_details.cached_tokens == 5


def test_openai_plain_stream_with_and_without_counts():
    for context, expected in ((CONTEXT, [None, None, None, None, 23]), (QUIET, [None] * 4)):
        client = openai_client(
            stream_of(OPENAI, unfold(REPLY), context), content_type="text/event-stream"
        )
        chunks = list(client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
        assert [c.usage and c.usage.total_tokens for c in chunks] == expected
        text = [c.choices[0].delta.content for c in chunks if c.choices]
        assert text == ["", "Hello", " there", None]
        assert chunks[3].choices[0].finish_reason == "length"
        assert {c.created for c in chunks} == {1_772_000_000}


@settings(max_examples=50)
@given(events=streams())
def test_openai_stream_helper_accumulates_the_projection(events):
    client = openai_client(stream_of(OPENAI, events), content_type="text/event-stream")
    with client.chat.completions.stream(model="m", messages=MESSAGES) as stream:
        try:
            final: Any = stream.get_final_completion()
        except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError) as error:
            final = error.completion  # how the helper ends for these reasons, with any vendor
    expected = openai_reply(fold(events), CONTEXT)
    message = final.choices[0].message
    texts = [part for part in expected.parts if isinstance(part, Text)]
    calls = [part for part in expected.parts if isinstance(part, ToolCall)]
    assert (message.content or "") == "".join(p.text for p in texts if not p.refusal)
    assert (message.refusal or "") == "".join(p.text for p in texts if p.refusal)
    heard = [(c.id, c.function.name, c.function.arguments) for c in message.tool_calls or ()]
    assert heard == [(call.id, call.name, call.arguments) for call in calls]
    assert (final.choices[0].finish_reason == "tool_calls") is (expected.stop == "tool-use")
    assert (final.usage and final.usage.prompt_tokens) == expected.usage.input_tokens


@settings(max_examples=50)
@given(reply=replies())
def test_openai_types_validate_every_reply(reply):
    ChatCompletion.model_validate_json(OPENAI.encode_reply(reply, CONTEXT))


def test_anthropic_create():
    client = anthropic_client(ANTHROPIC.encode_reply(REPLY, CONTEXT))
    answer = client.messages.create(model="m", max_tokens=5, messages=MESSAGES)
    assert [block.text for block in answer.content if block.type == "text"] == ["Hello", " there"]
    assert (answer.stop_reason, answer.id, answer.model) == ("max_tokens", "reply-1", "shown")
    usage = answer.usage
    assert (
        usage.input_tokens,
        usage.cache_read_input_tokens,
        usage.cache_creation_input_tokens,
    ) == (13, 5, 2)


def test_anthropic_plain_stream():
    body = stream_of(ANTHROPIC, unfold(REPLY))
    client = anthropic_client(body, content_type="text/event-stream")
    events = list(client.messages.create(model="m", max_tokens=5, messages=MESSAGES, stream=True))
    assert [event.type for event in events] == [
        "message_start",
        *["content_block_start", "content_block_delta", "content_block_stop"] * 2,
        "message_delta",
        "message_stop",
    ]


@settings(max_examples=50)
@given(events=streams())
def test_anthropic_stream_helper_accumulates_the_projection(events):
    client = anthropic_client(stream_of(ANTHROPIC, events), content_type="text/event-stream")
    with client.messages.stream(model="m", max_tokens=5, messages=MESSAGES) as stream:
        final = stream.get_final_message()
    heard = fold(ANTHROPIC.decode_reply(final.to_json().encode()))
    assert respaced(heard) == respaced(anthropic_reply(fold(events), CONTEXT))


def respaced(reply: Reply) -> Reply:
    """The reply with its calls' arguments as the SDK reads them, which is not as text."""
    parts = [
        msgspec.structs.replace(part, arguments=json.dumps(json.loads(part.arguments)))
        if isinstance(part, ToolCall)
        else part
        for part in reply.parts
    ]
    return msgspec.structs.replace(reply, parts=tuple(parts))


@settings(max_examples=50)
@given(reply=replies())
def test_anthropic_types_validate_every_reply(reply):
    anthropic.types.Message.model_validate_json(ANTHROPIC.encode_reply(reply, CONTEXT))


RESPONSES = codec("openai-responses")


def test_openai_responses_create():
    client = openai_client(RESPONSES.encode_reply(REPLY, CONTEXT), path=RESPONSES.path)
    answer = client.responses.create(model="m", input="Hi")
    assert (answer.output_text, answer.id, answer.model) == ("Hello there", "reply-1", "shown")
    assert answer.status == "incomplete"
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (20, 3)
    assert answer.usage.input_tokens_details.cached_tokens == 5
    assert answer.usage.input_tokens_details.cache_write_tokens == 2


@settings(max_examples=50)
@given(events=streams())
def test_openai_responses_stream_helper_accumulates_the_whole_response(events):
    body = stream_of(RESPONSES, events)
    client = openai_client(body, content_type="text/event-stream", path=RESPONSES.path)
    seen: list[Any] = list(client.responses.create(model="m", input="Hi", stream=True))
    for event in seen:
        type(event).model_validate(event.to_dict())
    whole = json.loads(RESPONSES.encode_reply(fold(events), CONTEXT))
    assert seen[-1].response.to_dict(mode="json") == whole
    done = [e.item.to_dict(mode="json") for e in seen if e.type == "response.output_item.done"]
    assert done == whole["output"]
    if whole["status"] == "completed":
        client = openai_client(body, content_type="text/event-stream", path=RESPONSES.path)
        with client.responses.stream(model="m", input="Hi") as stream:
            assert stream.get_final_response().output_text == seen[-1].response.output_text


@given(reply=replies())
def test_openai_responses_types_take_every_reply(reply):
    Response.model_validate_json(RESPONSES.encode_reply(reply, CONTEXT))


OPENAI_ERRORS = {
    400: (openai.BadRequestError, "invalid_request_error"),
    401: (openai.AuthenticationError, "invalid_request_error"),
    403: (openai.PermissionDeniedError, "request_forbidden"),
    404: (openai.NotFoundError, "invalid_request_error"),
    413: (openai.APIStatusError, "invalid_request_error"),
    429: (openai.RateLimitError, "rate_limit_exceeded"),
    451: (openai.APIStatusError, "request_forbidden"),
    500: (openai.InternalServerError, "server_error"),
    502: (openai.InternalServerError, "server_error"),
    503: (openai.InternalServerError, "server_error"),
    504: (openai.InternalServerError, "server_error"),
}
ANTHROPIC_ERRORS = {
    400: (anthropic.BadRequestError, "invalid_request_error"),
    401: (anthropic.AuthenticationError, "authentication_error"),
    403: (anthropic.PermissionDeniedError, "permission_error"),
    404: (anthropic.NotFoundError, "not_found_error"),
    413: (anthropic.APIStatusError, "request_too_large"),
    429: (anthropic.RateLimitError, "rate_limit_error"),
    451: (anthropic.APIStatusError, "permission_error"),
    500: (anthropic.InternalServerError, "api_error"),
    502: (anthropic.InternalServerError, "api_error"),
    503: (anthropic.InternalServerError, "overloaded_error"),
    504: (anthropic.InternalServerError, "timeout_error"),
}


@pytest.mark.parametrize("status", OPENAI_ERRORS)
def test_openai_errors(status):
    body = OPENAI.encode_error(status, "barred", "The order says no.", "call_1")
    exception, kind = OPENAI_ERRORS[status]
    with pytest.raises(exception) as caught:
        openai_client(body, status).chat.completions.create(model="m", messages=MESSAGES)
    assert caught.value.status_code == status
    assert (caught.value.type, caught.value.code) == (kind, "barred")
    assert "The order says no." in str(caught.value)


@pytest.mark.parametrize("status", ANTHROPIC_ERRORS)
def test_anthropic_errors(status):
    body = ANTHROPIC.encode_error(status, "barred", "The order says no.", "call_1")
    exception, kind = ANTHROPIC_ERRORS[status]
    with pytest.raises(exception) as caught:
        anthropic_client(body, status).messages.create(model="m", max_tokens=5, messages=MESSAGES)
    assert (caught.value.status_code, caught.value.type) == (status, kind)
    assert caught.value.error_code == "barred"
    assert "The order says no." in str(caught.value)
    assert json.loads(body)["request_id"] == "call_1"


def test_a_failure_mid_stream_raises_in_both_sdks():
    events = [*unfold(REPLY)[:3], Failed(kind="overloaded_error", message="Later.")]
    chat = openai_client(stream_of(OPENAI, events), content_type="text/event-stream")
    with pytest.raises(openai.APIError, match=r"Later\.") as caught:
        list(chat.chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert caught.value.code == "overloaded_error"
    messages = anthropic_client(stream_of(ANTHROPIC, events), content_type="text/event-stream")
    with (
        pytest.raises(anthropic.APIStatusError, match=r"Later\.") as raised,
        messages.messages.stream(model="m", max_tokens=5, messages=MESSAGES) as stream,
    ):
        stream.until_done()
    assert raised.value.type == "overloaded_error"


MODELS = [
    Model(
        id="openai/gpt-4.1",
        name="GPT-4.1",
        maker="openai",
        capabilities=Capabilities(context=1_000_000),
    ),
    Model(
        id="house/open",
        name="Open",
        maker="house",
        capabilities=Capabilities(context=8_000, output=1_000),
    ),
]


def test_both_sdks_list_the_models():
    listed = openai_client(OPENAI.encode_models(MODELS), path="/v1/models").models.list()
    assert [(model.id, model.owned_by) for model in listed] == [
        ("openai/gpt-4.1", "openai"),
        ("house/open", "house"),
    ]
    page = anthropic_client(ANTHROPIC.encode_models(MODELS), path="/v1/models").models.list()
    assert [(model.id, model.display_name, model.max_tokens) for model in page] == [
        ("openai/gpt-4.1", "GPT-4.1", None),
        ("house/open", "Open", 1_000),
    ]
    assert (page.first_id, page.last_id, page.has_more) == ("openai/gpt-4.1", "house/open", False)
    assert json.loads(ANTHROPIC.encode_models([]))["first_id"] is None
