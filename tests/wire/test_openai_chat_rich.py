"""Reasoning, seals, citations, probabilities, files and forms in Chat Completions."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from changeover.conversation.events import Fold, fold
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Citation,
    File,
    OutputForm,
    Reasoning,
    Reply,
    Sealed,
    Text,
    Thinking,
    TokenChance,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.openai_chat.codec import OpenAIChat
from changeover.wire.openai_chat.profiles import OPENAI
from changeover.wire.registry import codec
from tests.strategies import pieces
from tests.wire.rich_chat import (
    forms,
    from_client,
    from_server,
    replaced,
    rich_replies,
    rich_samplings,
    rich_streams,
    thinkings,
)
from tests.wire.test_openai_chat import WIRE, chunk, decoded, refused, streamed

CONTEXT = ReplyContext(id="r", model="m", created=1, include_usage=True)
ASK = (Turn(role="user", parts=(Text(text="Say it in JSON."),)),)


def asked(**fields: Any) -> ChatRequest:
    return ChatRequest(**{"model": "m", "system": (), "turns": ASK, **fields})


def sent(model: str = "m", **fields: Any) -> tuple[dict[str, Any], list[str]]:
    body, losses = WIRE.encode_request(asked(**fields), model)
    return json.loads(body), [loss.field for loss in losses]


def through(events, cut=lambda whole: [whole]):
    encoder, decoder = WIRE.stream_encoder(CONTEXT), WIRE.stream_decoder()
    whole = b"".join(map(encoder.encode, events))
    return [e for piece in cut(whole) for e in decoder.feed(piece)] + decoder.close()


@given(rich_streams())
def test_a_rich_stream_arrives_part_by_part(events):
    assert fold(through(events)).parts == from_server(fold(events).parts, streamed=True)


@given(rich_streams(), st.data())
def test_any_chunking_of_a_rich_stream_gives_the_same_events(events, data):
    assert through(events, lambda whole: data.draw(pieces(whole))) == through(events)


SAME_WORDS = (
    Reasoning(text="0"),
    Reasoning(text="0", sealed=Sealed(form="wrapped", value="0", bound="route")),
)


@example(Reply(id="0", model="0", parts=SAME_WORDS, stop="end", usage=Usage()))
@given(rich_replies())
def test_a_rich_answer_arrives_whole(reply):
    arrived = fold(WIRE.decode_reply(WIRE.encode_reply(reply, CONTEXT)))
    assert arrived.parts == from_server(reply.parts, streamed=False)
    assert arrived.losses == ()


@given(rich_replies())
def test_what_a_client_is_given_it_can_give_back(reply):
    message = json.loads(WIRE.encode_reply(reply, CONTEXT))["choices"][0]["message"]
    request, losses = decoded(messages=[{"role": "user", "content": "?"}, message])
    assert losses == ()
    given_back = [part for part in request.turns[1].parts if part != Text(text="")]
    assert tuple(given_back) == from_client(reply.parts)


@given(rich_samplings, thinkings, forms)
def test_settings_arrive_but_for_what_the_vendor_does_not_take(sampling, thinking, form):
    request = asked(sampling=sampling, thinking=thinking, output=form)
    body, losses = WIRE.encode_request(request, "m")
    read, missed = WIRE.decode_request(body)
    assert missed == ()
    lost = {loss.field for loss in losses}
    assert read.sampling == replaced(sampling, top_k=None)
    assert ("top_k" in lost) == (sampling.top_k is not None)
    assert ("reasoning_budget" in lost) == (thinking.budget is not None)
    if thinking.effort is not None:
        assert read.thinking == Thinking(effort=thinking.effort)
    assert read.output is not None
    assert read.output.schema == form.schema
    assert ("strict" in lost) == (read.output.strict != form.strict and form.schema is not None)


@pytest.mark.parametrize(
    ("model", "lacks"),
    [
        ("gpt-4.1", ["reasoning_effort", "verbosity"]),
        ("gpt-5", ["logprobs", "stop_sequences", "temperature"]),
        ("gpt-5.2", ["logprobs", "stop_sequences", "temperature"]),
        ("o3", ["logprobs", "stop_sequences", "temperature", "verbosity"]),
        ("gpt-5-chat-latest", ["reasoning_effort", "verbosity"]),
        ("our-deployment", []),
    ],
)
def test_what_a_model_of_the_vendor_does_not_take_is_left_out_by_its_name(model, lacks):
    sampling = replaced(asked().sampling, temperature=0.5, chances=1, stop=("x",))
    thinking = Thinking(effort="low")
    _, losses = sent(model, sampling=sampling, thinking=thinking, verbosity="low")
    assert sorted(losses) == lacks


def test_a_model_that_does_not_reason_now_takes_what_it_takes_then():
    sampling = replaced(asked().sampling, temperature=0.5)
    body, losses = sent("gpt-5.2", sampling=sampling, thinking=Thinking(effort="none"))
    assert (body["temperature"], body["reasoning_effort"], losses) == (0.5, "none", [])


@pytest.mark.parametrize("effort", [None, "none", "high"])
def test_the_newest_models_take_tools_here_only_without_effort(effort):
    thinking = Thinking(effort=effort)
    body, losses = sent("gpt-5.6", tools=(Tool(name="now"),), thinking=thinking)
    assert body["reasoning_effort"] == "none"
    assert losses == (["reasoning_effort"] if effort == "high" else [])


def test_an_effort_that_a_model_does_not_know_becomes_the_nearest():
    body, losses = sent("gpt-5", thinking=Thinking(effort="max"))
    assert (body["reasoning_effort"], losses) == ("high", ["reasoning_effort"])
    body, losses = sent("gpt-5", thinking=Thinking(budget=20_000, show="auto"))
    assert body["reasoning_effort"] == "high"
    assert sorted(losses) == ["reasoning_budget", "reasoning_summary"]


def test_marks_for_the_cache_go_to_models_that_take_them():
    marked = (Turn(role="user", parts=(Text(text="Long.", cache=CacheMark(ttl="1h")),)),)
    body, losses = sent("gpt-4.1", turns=marked)
    assert (body["messages"][0]["content"], losses) == ("Long.", ["cache"])
    body, losses = sent("gpt-5.6", turns=marked)
    part = {"type": "text", "text": "Long.", "prompt_cache_breakpoint": {"mode": "explicit"}}
    lasting = {**part, "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}}
    assert (body["messages"][0]["content"], losses) == ([lasting], ["cache.ttl"])
    result = ToolResult(call="a", parts=(Text(text="noon"),), cache=CacheMark())
    call = ToolCall(id="a", name="now", arguments="{}")
    loop = (Turn(role="assistant", parts=(call,)), Turn(role="user", parts=(result,)))
    body, losses = sent("gpt-5.6", turns=loop)
    assert body["messages"][1]["content"] == [part | {"text": "noon"}]
    assert losses == []


def test_any_object_is_asked_for_with_the_word_that_the_vendor_wants():
    quiet = (Turn(role="user", parts=(Text(text="Hello."),)),)
    body, losses = sent(turns=quiet, output=OutputForm())
    assert body["response_format"] == {"type": "json_object"}
    assert body["messages"][0] == {"role": "system", "content": "Answer in JSON."}
    assert losses == ["response_format"]


CLOSED = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (CLOSED, True),
        (CLOSED | {"required": []}, False),
        (CLOSED | {"additionalProperties": True}, False),
        ({"type": "object", "properties": {"b": {"anyOf": [{"type": "object"}]}}}, False),
    ],
)
def test_a_strict_schema_stays_strict_where_the_vendor_would_take_it(schema, strict):
    body, losses = sent(output=OutputForm(schema=schema, name="a b", strict=True))
    form = body["response_format"]["json_schema"]
    assert form["strict"] is strict
    assert form["name"].startswith("a_b_")
    assert losses == ([] if strict else ["strict"])


def test_a_schema_without_a_schema_is_refused():
    assert refused(response_format={"type": "json_schema"}).field == "response_format.json_schema"


PDF = {
    "type": "file",
    "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"},
}


def test_files_are_read_and_written():
    request, missed = decoded(messages=[{"role": "user", "content": [PDF]}])
    file = File(media_type="application/pdf", data="JVBE", name="a.pdf")
    assert (request.turns[0].parts, missed) == ((file,), ())
    body, _ = sent(turns=request.turns)
    assert body["messages"][0]["content"] == [PDF]
    notes = File(media_type="text/plain", text="Noted.", context="Notes.", cited=True)
    body, losses = sent(turns=(Turn(role="user", parts=(notes,)),))
    written = {"filename": "file.txt", "file_data": "data:text/plain;base64,Tm90ZWQu"}
    assert body["messages"][0]["content"] == [{"type": "file", "file": written}]
    assert losses == ["file"]


def test_bytes_without_their_type_are_told_by_the_files_name():
    part = {"type": "file", "file": {"filename": "a.csv", "file_data": "YSxi"}}
    request, _ = decoded(messages=[{"role": "user", "content": [part]}])
    assert request.turns[0].parts == (File(media_type="text/csv", data="YSxi", name="a.csv"),)


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"type": "file", "file": {"file_id": "file-1"}}, "file.file_id"),
        ({"type": "file", "file": {"filename": "a.pdf"}}, "file.file_data"),
        ({"type": "file"}, "file"),
        ({"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}, "input_audio"),
    ],
)
def test_what_lies_elsewhere_or_sounds_is_refused_by_name(part, field):
    error = refused(messages=[{"role": "user", "content": [part]}])
    assert error.field == f"messages[0].content[0].{field}"


def test_a_file_by_its_address_is_refused_before_it_is_sent():
    file = File(url="https://example.org/a.pdf", media_type="application/pdf")
    with pytest.raises(ProtocolError, match="takes no such file"):
        sent(turns=(Turn(role="user", parts=(file,)),))


def test_audio_and_several_answers_are_refused_by_name():
    assert refused(n=2).field == "n"
    assert refused(modalities=["text", "audio"]).field == "modalities"
    assert refused(audio={"voice": "alloy", "format": "mp3"}).field == "audio"


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_reasoning_is_read_under_both_names(field):
    events = streamed(
        chunk({field: "Let me"}),
        chunk({field: " see."}),
        chunk({"content": "9"}),
        chunk(finish="stop"),
    )
    assert fold(events).parts == (Reasoning(text="Let me see."), Text(text="9"))
    body = {
        "id": "a",
        "model": "m",
        "choices": [{"message": {field: "So.", "content": "9"}, "finish_reason": "stop"}],
    }
    whole = fold(WIRE.decode_reply(json.dumps(body).encode()))
    assert whole.parts == (Reasoning(text="So."), Text(text="9"))


def test_a_signature_that_comes_after_the_words_belongs_to_them():
    detail = {"type": "reasoning.text", "signature": "sig", "index": 0}
    events = streamed(
        chunk({"reasoning": "So", "reasoning_details": [{"type": "reasoning.text", "text": "So"}]}),
        chunk({"reasoning": ".", "reasoning_details": [{"type": "reasoning.text", "text": "."}]}),
        chunk({"reasoning_details": [detail]}),
        chunk({"content": "9"}),
        chunk(finish="stop"),
    )
    seal = Sealed(form="signature", value="sig", bound="route")
    assert fold(events).parts == (Reasoning(text="So.", sealed=seal), Text(text="9"))


def test_what_a_server_sealed_goes_back_to_it_and_nothing_else_does():
    own = Sealed(form="signature", value="sig", bound="route", of="m@host")
    other = Sealed(form="signature", value="sig", bound="model", of="m")
    parts = (
        Reasoning(text="So.", sealed=own),
        Reasoning(text="Or.", sealed=other),
        Reasoning(text="And."),
        Text(text="9"),
    )
    body, losses = sent(turns=(*ASK, Turn(role="assistant", parts=parts)))
    detail = {"type": "reasoning.text", "text": "So.", "signature": "sig", "index": 0}
    assert body["messages"][1] == {
        "role": "assistant",
        "content": "9",
        "reasoning_details": [detail],
    }
    assert losses == ["reasoning", "reasoning"]


@pytest.mark.parametrize(
    "details",
    [7, "x", [7], [{}], [{"type": "reasoning.other"}], [{"type": "reasoning.encrypted"}], None],
)
def test_details_that_are_none_are_reported(details):
    message = {"role": "assistant", "content": "9", "reasoning_details": details}
    request, losses = decoded(messages=[{"role": "user", "content": "?"}, message])
    assert request.turns[1].parts == (Text(text="9"),)
    assert [loss.field for loss in losses] == (
        ["messages[1].reasoning_details[0]"] if isinstance(details, list) else []
    )
    events = streamed(chunk({"content": "9", "reasoning_details": details}), chunk(finish="stop"))
    assert fold(events).parts == (Text(text="9"),)


def test_words_beside_other_details_are_reported():
    details = [{"type": "reasoning.text", "text": "So.", "signature": "co1.x"}]
    message = {"role": "assistant", "content": "9", "reasoning_details": details}
    request, losses = decoded(messages=[{**message, "reasoning_content": "No."}])
    seal = Sealed(form="wrapped", value="co1.x")
    assert request.turns[0].parts == (Reasoning(text="So.", sealed=seal), Text(text="9"))
    assert [loss.field for loss in losses] == ["messages[0].reasoning_content"]


def test_probabilities_of_what_is_no_text_are_reported():
    logprobs = {"content": [{"token": "x", "logprob": -1, "bytes": None, "top_logprobs": []}]}
    first = chunk({"content": "x"})
    first["choices"][0]["logprobs"] = logprobs
    second = chunk({"reasoning_content": "hm"})
    second["choices"][0]["logprobs"] = logprobs
    reply = fold(streamed(first, second, chunk(finish="stop")))
    token = TokenChance(token="x", logprob=-1)
    assert reply.parts == (Text(text="x", chances=(token,)), Reasoning(text="hm"))
    assert [loss.field for loss in reply.losses] == ["logprobs"]


def test_citations_of_an_earlier_answer_are_read():
    cited = {"url": "https://example.org/a", "title": "A", "start_index": 2, "end_index": 4}
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": "x"}, {"type": "text", "text": "abcd"}],
        "annotations": [{"type": "url_citation", "url_citation": cited}, {"type": "other"}],
    }
    request, losses = decoded(messages=[message])
    citation = Citation(url="https://example.org/a", title="A", start=1, end=3)
    assert request.turns[0].parts == (Text(text="x"), Text(text="abcd", citations=(citation,)))
    assert [loss.field for loss in losses] == ["messages[0].annotations[1]"]
    assert [loss.field for loss in WIRE.encode_request(request, "m")[1]] == ["citations"]


def test_names_that_the_vendor_refuses_are_written_in_another_form():
    name = "files/read any file: " + "x" * 60
    call = ToolCall(id="a", name=name, arguments="{}")
    turns = (*ASK, Turn(role="assistant", parts=(call,)))
    body, losses = sent(turns=turns, tools=(Tool(name=name), Tool(name="now")))
    written = body["tools"][0]["function"]["name"]
    assert len(written) == 64
    assert OPENAI.tool_name.fullmatch(written)
    assert body["tools"][1]["function"]["name"] == "now"
    assert body["messages"][1]["tool_calls"][0]["function"]["name"] == written
    assert losses == ["tools"]


def test_the_newer_of_two_names_counts():
    request, losses = decoded(user="old", safety_identifier="new")
    assert request.user == "new"
    assert [loss.field for loss in losses] == ["user"]
    assert decoded(user="same", safety_identifier="same")[1] == ()
    body, lost = sent(user="someone", metadata={"a": "b"}, cache_key="k" * 65)
    assert body["safety_identifier"] == "someone"
    assert len(body["prompt_cache_key"]) == 64
    assert lost == ["metadata"]


def test_all_of_the_input_may_be_kept():
    request, losses = decoded(prompt_cache_options={"mode": "implicit", "ttl": "30m"})
    assert (request.cache, losses) == (CacheMark(ttl="1h"), ())
    body, lost = sent("gpt-5.6", cache=CacheMark(ttl="1h"))
    assert body["prompt_cache_options"] == {"mode": "implicit", "ttl": "30m"}
    assert lost == ["cache.ttl"]
    assert "prompt_cache_options" not in sent("gpt-4.1", cache=CacheMark())[0]


def test_an_answer_that_another_vendor_withheld_keeps_its_reasoning():
    parts = (Reasoning(text="So."),)
    body = OpenAIChat().encode_reply(
        Reply(id="v", model="m", parts=parts, stop="filtered"), CONTEXT
    )
    choice = json.loads(body)["choices"][0]
    assert choice["message"]["reasoning_content"] == "So."
    assert choice["finish_reason"] == "content_filter"


FIELDS = [
    "choices", "message", "delta", "content", "type", "text", "thinking", "signature", "reasoning",
    "reasoning_content", "reasoning_details", "data", "summary", "on", "call", "id", "index",
    "annotations", "url_citation", "url", "start_index", "end_index", "logprobs", "token", "logprob",
    "bytes", "top_logprobs", "refusal", "tool_calls", "function", "name", "arguments",
    "finish_reason", "model", "messages", "role", "file", "file_data", "filename", "response_format",
    "json_schema", "schema", "strict", "prompt_cache_breakpoint", "mode", "prefix",
]  # fmt: skip
VALUES = [
    None, True, -1, 1.5, 10**25, "", "x", "text", "thinking", "reasoning.text", "reasoning.encrypted",
    "url_citation", "next", "previous", "assistant", "user", "stop", "file", "json_schema", "explicit",
    "data:text/plain;base64,/w==",
]  # fmt: skip
shaped = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=25,
)
servers = st.sampled_from([None, "azure", "llama-cpp", "mistral", "ollama", "vllm"])


@given(servers, shaped, shaped)
def test_whatever_a_server_says_is_an_answer_or_a_vendors_error(dialect, said, more):
    wire = codec("openai-chat", dialect)
    choice = {"index": 0, "finish_reason": "stop"}
    with suppress(VendorProtocolError):
        for message in (said, {"content": "x", "reasoning_details": said, "annotations": more}):
            told = {**choice, "message": message, "logprobs": more}
            body = {"id": "a", "model": "m", "choices": [told]}
            reply = fold(wire.decode_reply(json.dumps(body).encode()))
            assert wire.encode_reply(reply, CONTEXT)
    folding = Fold()
    with suppress(VendorProtocolError):
        decoder = wire.stream_decoder()
        for delta in (said, more, {"content": said}, {"reasoning_details": more}):
            frame = {"id": "a", "choices": [{"index": 0, "delta": delta, "logprobs": more}]}
            for event in decoder.feed(b"data: " + json.dumps(frame).encode() + b"\n\n"):
                folding.add(event)


@given(servers, shaped, shaped)
def test_whatever_a_client_says_is_a_request_or_a_protocol_error(dialect, said, more):
    wire = codec("openai-chat", dialect)
    message = {"role": "assistant", "content": "x", "reasoning_details": said, "annotations": more}
    for messages in ([said], [message], [{"role": "user", "content": [said, more]}]):
        body = {"model": "m", "messages": messages, "response_format": more}
        with suppress(ProtocolError):
            request, _ = wire.decode_request(json.dumps(body).encode())
            assert wire.encode_request(request, "m")[0]
