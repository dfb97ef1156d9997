"""What each server of Chat Completions is asked, and what of a request is lost there."""

import json
from contextlib import suppress
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import Failed, StreamError, fold
from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    OutputForm,
    Reasoning,
    Sampling,
    Sealed,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.directory.model import Dialect
from changeover.wire.errors import ProtocolError
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.openai_chat.profile import EFFORTS, Profile
from changeover.wire.openai_chat.profiles import MISTRAL, OPENAI, profile_of
from changeover.wire.openai_chat.sending import nearest
from changeover.wire.registry import codec
from tests.strategies import requests
from tests.wire.test_openai_chat import chunk

SERVERS: tuple[Dialect, ...] = ("azure", "mistral", "vllm", "llama-cpp", "ollama")
USER = Turn(role="user", parts=(Text(text="Hello."),))
SAID = Turn(role="assistant", parts=(Text(text="It is"),))
NOW, THEN = Tool(name="now"), Tool(name="then")
PICTURE = Image(media_type="image/png", data="AA==")

each = pytest.mark.parametrize("dialect", SERVERS)


def sent(
    dialect: Dialect, model: str = "a-model", **fields: Any
) -> tuple[dict[str, Any], list[str]]:
    asked = ChatRequest(**{"model": "m", "system": (), "turns": (USER,), **fields})
    body, losses = codec("openai-chat", dialect).encode_request(asked, model)
    return json.loads(body), [loss.field for loss in losses]


def loop(
    *results: ToolResult, before: tuple[Any, ...] = (), arguments: str = "{}"
) -> tuple[Turn, ...]:
    call = ToolCall(id="toolu_01VpEm654HvfMoRcrE3Hgdc6", name="now", arguments=arguments)
    result = ToolResult(call=call.id, parts=(Text(text="noon"),))
    return (
        USER,
        Turn(role="assistant", parts=(*before, call)),
        Turn(role="user", parts=results or (result,)),
    )


def test_each_servers_dialect_has_a_profile_of_its_own():
    profiles = [profile_of(dialect) for dialect in (None, *SERVERS)]
    assert all(one not in profiles[:at] for at, one in enumerate(profiles))
    others = [other for other in get_args(Dialect) if other not in SERVERS]
    assert all(profile_of(other) is OPENAI for other in others)


@each
@given(request=requests(), model=st.sampled_from(["a-model", "gpt-5.6", "mistral-large-latest"]))
def test_any_request_is_written_or_refused_by_name(dialect, request, model):
    profile = profile_of(dialect)
    with suppress(ProtocolError):  # a picture by its address
        body, _ = codec("openai-chat", dialect).encode_request(request, model)
        check_form(json.loads(body)["messages"], profile)


def check_form(messages: list[dict[str, Any]], profile: Profile) -> None:
    for before, message in pairwise(messages):
        pair = (before["role"], message["role"])
        assert not (profile.bridged and pair == ("tool", "user"))
        assert not (profile.alternates and pair in {("user", "user"), ("assistant", "assistant")})
    for message in messages:
        empty = message["role"] == "assistant" and not message["content"]
        assert not (profile.needs_words and empty and "tool_calls" not in message)
        for call in message.get("tool_calls", ()):
            assert profile.call_id.fullmatch(call["id"])
            assert profile.tool_name.fullmatch(call["function"]["name"])
            if profile.object_arguments:
                assert isinstance(json.loads(call["function"]["arguments"]), dict)


@pytest.mark.parametrize(
    ("dialect", "names", "lost"),
    [
        (
            "azure",
            {"max_completion_tokens", "seed", "user", "prompt_cache_key"},
            {"top_k", "metadata"},
        ),
        ("mistral", {"max_tokens", "random_seed", "top_k", "metadata"}, {"user"}),
        (
            "vllm",
            {"max_completion_tokens", "seed", "top_k"},
            {"user", "metadata", "prompt_cache_key"},
        ),
        ("llama-cpp", {"max_tokens", "seed", "top_k"}, {"user", "metadata", "prompt_cache_key"}),
        ("ollama", {"max_tokens", "seed"}, {"user", "metadata", "prompt_cache_key", "top_k"}),
    ],
)
def test_settings_go_under_the_servers_names(dialect, names, lost):
    sampling = Sampling(max_tokens=9, seed=7, top_k=5, stop=("a", "b", "c", "d", "e"))
    body, losses = sent(
        dialect, sampling=sampling, user="ann", metadata={"a": "b"}, cache_key="k", stream=True
    )
    assert names <= set(body)
    assert {name for name in losses if name != "stop_sequences"} >= lost
    assert lost.isdisjoint(names)
    assert len(body["stop"]) == (4 if dialect == "azure" else 5)
    assert ("stream_options" in body) == (dialect != "mistral")


def test_mistral_gets_a_schema_for_every_tool():
    body, losses = sent("mistral", tools=(NOW,))
    assert body["tools"][0]["function"]["parameters"] == {"type": "object", "properties": {}}
    assert losses == []


@pytest.mark.parametrize(
    ("dialect", "mode", "written", "offered", "lost"),
    [
        ("mistral", "required", "any", 2, []),
        ("mistral", "named", {"type": "function", "function": {"name": "now"}}, 2, []),
        ("vllm", "required", "required", 2, []),
        ("llama-cpp", "named", "required", 1, []),
        ("llama-cpp", "none", "none", 2, []),
        ("ollama", "auto", None, 2, []),
        ("ollama", "required", None, 2, ["tool_choice"]),
        ("ollama", "named", None, 2, ["tool_choice"]),
        ("ollama", "none", None, 0, []),
    ],
)
def test_a_choice_among_tools_is_written_as_the_server_takes_it(
    dialect, mode, written, offered, lost
):
    choice = ToolChoice(mode=mode, name="now" if mode == "named" else "")
    body, losses = sent(dialect, tools=(NOW, THEN), tool_choice=choice)
    assert body.get("tool_choice") == written
    assert len(body.get("tools", ())) == offered
    assert losses == lost


def test_mistral_gets_ids_of_nine_and_words_between_a_result_and_a_user():
    turns = (*loop(), Turn(role="user", parts=(Text(text="And?"),)))
    body, losses = sent("mistral", turns=turns)
    call, result, between, last = body["messages"][1:]
    assert MISTRAL.call_id.fullmatch(call["tool_calls"][0]["id"])
    assert result["tool_call_id"] == call["tool_calls"][0]["id"]
    assert between == {"role": "assistant", "content": "Understood."}
    assert last == {"role": "user", "content": "And?"}
    assert losses == ["messages"]


def test_mistral_takes_pictures_in_results_and_documents():
    pictured = ToolResult(call="toolu_01VpEm654HvfMoRcrE3Hgdc6", parts=(Text(text="x"), PICTURE))
    body, losses = sent("mistral", turns=loop(pictured))
    kinds = [part["type"] for part in body["messages"][2]["content"]]
    assert (kinds, losses) == (["text", "image_url"], [])
    file = File(media_type="application/pdf", data="JVBE", name="a.pdf")
    body, _ = sent("mistral", turns=(Turn(role="user", parts=(file,)),))
    assert body["messages"][0]["content"] == [
        {
            "type": "document_url",
            "document_url": "data:application/pdf;base64,JVBE",
            "document_name": "a.pdf",
        }
    ]


THOUGHTS = (Reasoning(text="So."), Text(text="Wait."))


@pytest.mark.parametrize(
    ("dialect", "model", "message", "lost"),
    [
        ("vllm", "m", {"content": "Wait.", "reasoning": "So."}, []),
        ("llama-cpp", "m", {"content": "Wait.", "reasoning_content": "So."}, []),
        ("ollama", "m", {"content": "Wait.", "reasoning": "So."}, []),
        ("azure", "m", {"content": "Wait."}, ["reasoning"]),
        ("mistral", "mistral-large-2512", {"content": "Wait."}, ["reasoning"]),
        (
            "mistral",
            "magistral-medium",
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "So."}]},
                    {"type": "text", "text": "Wait."},
                ]
            },
            [],
        ),
    ],
)
def test_reasoning_goes_back_in_the_servers_form(dialect, model, message, lost):
    body, losses = sent(dialect, model, turns=loop(before=THOUGHTS))
    written = {k: v for k, v in body["messages"][1].items() if k not in {"role", "tool_calls"}}
    assert (written, losses) == (message, lost)


def test_mistrals_own_signature_goes_back_with_its_words_and_no_other():
    own = Sealed(form="signature", value="sig", bound="route", of="m@mistral")
    other = Sealed(form="signature", value="sig", bound="model", of="claude")
    parts = (
        Reasoning(text="So.", sealed=own),
        Reasoning(text="Or.", sealed=other),
        Reasoning(sealed=other),
    )
    body, losses = sent("mistral", "magistral", turns=loop(before=parts))
    chunks = body["messages"][1]["content"]
    assert [one.get("signature") for one in chunks] == ["sig", None]
    assert losses == ["reasoning"]


@pytest.mark.parametrize("dialect", ["mistral", "vllm", "llama-cpp", "ollama"])
def test_arguments_that_are_no_object_are_sent_in_one(dialect):
    body, losses = sent(dialect, turns=loop(arguments='{"a": '))
    arguments = body["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(arguments) == {"INVALID_JSON": '{"a": '}
    assert losses == ["arguments"]


@pytest.mark.parametrize(
    ("dialect", "prefill", "fields", "last", "lost"),
    [
        ("mistral", True, {}, {"prefix": True}, []),
        ("mistral", False, {}, {"prefix": True}, ["messages"]),
        ("vllm", True, {"continue_final_message": True, "add_generation_prompt": False}, {}, []),
        ("vllm", False, {}, {}, []),
        ("llama-cpp", True, {}, {}, []),
        ("llama-cpp", False, {}, {}, ["messages"]),
        ("ollama", True, {}, {}, []),
        ("azure", True, {}, {}, ["messages"]),
        ("azure", False, {}, {}, []),
    ],
)
def test_a_last_turn_of_the_model_is_continued_where_the_server_can(
    dialect, prefill, fields, last, lost
):
    body, losses = sent(dialect, turns=(USER, SAID), prefill=prefill)
    assert body["messages"][-1] == {"role": "assistant", "content": "It is", **last}
    assert {name: body.get(name) for name in fields} == fields
    assert losses == lost


def test_a_client_may_ask_for_it_in_both_servers_ways():
    wire = OpenAIChat()
    messages: list[Any] = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "It is"},
    ]
    marked = [messages[0], {**messages[1], "prefix": True}]
    plain, _ = wire.decode_request(json.dumps({"model": "m", "messages": messages}).encode())
    prefixed, _ = wire.decode_request(json.dumps({"model": "m", "messages": marked}).encode())
    body = {"model": "m", "messages": messages, "continue_final_message": True}
    continued, losses = wire.decode_request(json.dumps(body).encode())
    assert (plain.prefill, prefixed.prefill, continued.prefill, losses) == (False, True, True, ())


def test_neighbouring_messages_of_one_side_are_one_where_sides_must_alternate():
    two = Turn(role="user", parts=(Text(text="And?"), PICTURE))
    turns = (USER, two, SAID, *loop(before=(Reasoning(text="So."),))[1:])
    body, losses = sent("llama-cpp", turns=turns)
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["user", "assistant", "tool"]
    assert [part["type"] for part in body["messages"][0]["content"]] == [
        "text",
        "text",
        "image_url",
    ]
    assert body["messages"][1]["content"] == [{"type": "text", "text": "It is"}]
    assert body["messages"][1]["reasoning_content"] == "So."
    assert losses == []


def test_what_a_server_cannot_look_at_is_refused_before_it_is_sent():
    there = Turn(role="user", parts=(Image(url="https://example.org/cat"),))
    with pytest.raises(ProtocolError, match="by their address") as image:
        sent("ollama", turns=(there,))
    assert image.value.field == "image_url"
    paper = Turn(role="user", parts=(File(media_type="application/pdf", data="JVBE"),))
    for dialect in ("vllm", "llama-cpp", "ollama"):
        with pytest.raises(ProtocolError, match="takes no such file"):
            sent(dialect, turns=(paper,))


def test_a_files_words_are_said_where_the_server_takes_no_files():
    notes = File(media_type="text/plain", data="Tm90ZWQu", name="notes.txt")
    broken = File(media_type="text/plain", data="/w==")
    body, losses = sent("vllm", turns=(Turn(role="user", parts=(notes,)),))
    assert body["messages"][0]["content"] == "notes.txt:\nNoted."
    assert losses == ["file"]
    with pytest.raises(ProtocolError):
        sent("vllm", turns=(Turn(role="user", parts=(broken,)),))


def test_efforts_and_budgets_as_each_server_knows_them():
    budget = Thinking(budget=1000)
    assert sent("vllm", thinking=budget) == (
        {
            "model": "a-model",
            "messages": [{"role": "user", "content": "Hello."}],
            "thinking_token_budget": 1000,
        },
        [],
    )
    body, losses = sent("ollama", thinking=Thinking(effort="xhigh"))
    assert (body["reasoning_effort"], losses) == ("high", ["reasoning_effort"])
    body, losses = sent("mistral", "mistral-large", thinking=Thinking(effort="high"))
    assert ("reasoning_effort" in body, losses) == (False, ["reasoning_effort"])
    assert sent("vllm", thinking=Thinking(budget=0))[0]["thinking_token_budget"] == 0
    assert sent("azure", thinking=Thinking(budget=0))[0]["reasoning_effort"] == "none"


@given(st.sampled_from(EFFORTS), st.sets(st.sampled_from(EFFORTS), min_size=1))
def test_the_nearest_effort_is_a_known_one_and_a_known_one_stays(effort, known):
    found = nearest(effort, tuple(one for one in EFFORTS if one in known))
    assert found in known
    assert found == effort or effort not in known


@each
def test_schemas_are_asked_of_all(dialect):
    form = OutputForm(schema={"type": "object"}, name="weather", strict=True)
    body, losses = sent(dialect, output=form)
    strict = dialect != "azure"
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "weather", "schema": {"type": "object"}, "strict": strict},
    }
    assert losses == ([] if strict else ["strict"])


def answered(dialect: Dialect, *chunks: Any) -> Any:
    decoder = codec("openai-chat", dialect).stream_decoder()
    frames = [b"data: " + json.dumps(c).encode() + b"\n\n" for c in chunks]
    return decoder.feed(b"".join(frames) + b"data: [DONE]\n\n") + decoder.close()


@pytest.mark.parametrize(
    ("dialect", "finish", "stop"),
    [
        ("mistral", "model_length", "length"),
        ("vllm", "repetition", "length"),
        ("ollama", "load", "end"),
        ("llama-cpp", "length", "length"),
    ],
)
def test_a_servers_own_reasons_for_stopping(dialect, finish, stop):
    assert fold(answered(dialect, chunk({"content": "x"}), chunk(finish=finish))).stop == stop


@pytest.mark.parametrize(("dialect", "finish"), [("mistral", "error"), ("vllm", "abort")])
def test_an_answer_that_the_server_broke_off_has_failed(dialect, finish):
    events = answered(dialect, chunk({"content": "x"}), chunk(finish=finish))
    assert isinstance(events[-1], Failed)
    assert events[-1].kind == finish
    body = {
        "id": "a",
        "model": "m",
        "choices": [{"message": {"content": "x"}, "finish_reason": finish}],
    }
    with pytest.raises(StreamError):
        fold(codec("openai-chat", dialect).decode_reply(json.dumps(body).encode()))


def test_mistrals_chunks_of_content_are_read_in_their_order():
    think: dict[str, Any] = {"type": "thinking", "thinking": [{"type": "text", "text": "So."}]}
    events = answered(
        "mistral",
        chunk({"content": [think]}),
        chunk({"content": [{**think, "signature": "sig"}]}),
        chunk(
            {
                "content": [
                    {"type": "text", "text": "9"},
                    {"type": "reference", "reference_ids": [1]},
                ]
            }
        ),
        chunk({"content": "!"}),
        chunk(finish="stop"),
    )
    seal = Sealed(form="signature", value="sig", bound="route")
    reply = fold(events)
    assert reply.parts == (Reasoning(text="So.So.", sealed=seal), Text(text="9!"))
    assert [loss.field for loss in reply.losses] == ["content"]


def test_what_azure_adds_is_passed_over():
    verdict = {"hate": {"filtered": False, "severity": "safe"}}
    first = chunk({"role": "assistant", "content": ""})
    first["choices"][0] |= {"content_filter_results": {}, "logprobs": None}
    second = chunk({"content": "Hi", "content_filter_result": verdict})
    second["choices"][0]["content_filter_results"] = verdict
    prompt = [{"prompt_index": 0, "content_filter_results": verdict}]
    events = answered(
        "azure",
        {"id": "", "model": "", "object": "", "choices": [], "prompt_filter_results": prompt},
        first,
        second,
        chunk(finish="content_filter"),
    )
    assert fold(events).stop == "filtered"


@pytest.mark.parametrize(
    ("dialect", "body", "failed"),
    [
        (
            "mistral",
            {
                "object": "error",
                "message": {
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "store"],
                            "msg": "Extra inputs are not permitted",
                        }
                    ]
                },
                "type": "invalid_request_error",
                "code": None,
            },
            ("invalid_request_error", "body.store: Extra inputs are not permitted"),
        ),
        (
            "azure",
            {
                "error": {
                    "message": "The response was filtered.",
                    "type": None,
                    "param": "prompt",
                    "code": "content_filter",
                    "status": 400,
                    "innererror": {"code": "ResponsibleAIPolicyViolation"},
                }
            },
            ("content_filter", "The response was filtered."),
        ),
        ("vllm", {"detail": [{"loc": ["body"], "msg": "Bad."}, 7]}, ("http_400", "body: Bad.")),
        (
            "llama-cpp",
            {"error": {"code": 500, "message": "No images.", "type": "server_error"}},
            ("server_error", "No images."),
        ),
    ],
)
def test_each_servers_error_is_read(dialect, body, failed):
    found = codec("openai-chat", dialect).decode_error(400, json.dumps(body).encode())
    assert (found.kind, found.message) == failed
