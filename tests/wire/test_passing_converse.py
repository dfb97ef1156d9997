"""What Converse's passage changes, refuses by name, and leaves to the codec."""

import base64
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.conversation.events import Event, Failed, Finished, Started, UsageSeen
from changeover.conversation.model import Sealed
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.event_stream import MessageParser, encode_event, encode_exception
from changeover.wire.passing import Outbound
from changeover.wire.registry import codec, passage
from tests.strategies import pieces
from tests.wire.passings import THEIRS, TOWARDS, Marked, passed

CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
USER = {"role": "user", "content": [{"text": "Hi"}]}
SAID = {"text": "Yes."}
TOOLS = {"tools": [{"toolSpec": {"name": "now", "inputSchema": {"json": {"type": "object"}}}}]}
CALL = {"toolUse": {"toolUseId": "tooluse_1", "name": "now", "input": {}}}
RESULT = {
    "role": "user",
    "content": [{"toolResult": {"toolUseId": "tooluse_1", "content": [{"text": "noon"}]}}],
}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 1024}}


def asked(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": [*(messages or (USER,))], **more}


def answer(*blocks: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": [*blocks]}


def out(
    body: dict[str, Any], *, model: str = THEIRS, stream: bool = False, seals: Any = None
) -> Outbound | None:
    found = passage("bedrock-converse")
    assert found is not None
    towards = msgspec.structs.replace(TOWARDS, model=model, seals=seals or TOWARDS.seals)
    target = codec("bedrock-converse").target("asked", stream=stream)
    return found.read(msgspec.json.encode(body), target).outbound(towards)


def sent(body: dict[str, Any], **more: Any) -> Any:
    found = out(body, **more)
    assert found is not None
    return msgspec.json.decode(found.body)


def opaque(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def signed(signature: str, words: str = "Hm.") -> dict[str, Any]:
    return {"reasoningContent": {"reasoningText": {"text": words, "signature": signature}}}


def redacted(text: str) -> dict[str, Any]:
    return {"reasoningContent": {"redactedContent": opaque(text)}}


# What is refused by name

S3 = {"s3Location": {"uri": "s3://bucket/it", "bucketOwner": "1"}}
PICTURE = {"image": {"format": "png", "source": S3}}
DOCUMENT = {"document": {"format": "pdf", "name": "a", "source": S3}}
WITHIN = {"toolResult": {"toolUseId": "t", "content": [DOCUMENT]}}
OWN = "additionalModelRequestFields"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (asked(guardrailConfig={"guardrailIdentifier": "g"}), "guardrailConfig"),
        (asked(promptVariables={"a": {"text": "b"}}), "promptVariables"),
        (asked({"role": "user", "content": [PICTURE]}), "messages[0].content[0].image.source.s3Location"),
        (asked({"role": "user", "content": [{"video": {"format": "mp4", "source": S3}}]}), "messages[0].content[0].video.source.s3Location"),
        (asked({"role": "user", "content": [WITHIN]}), "messages[0].content[0].toolResult.content[0].document.source.s3Location"),
        (asked(**{OWN: {"fallbacks": [{"model": "other"}]}}), f"{OWN}.fallbacks"),
        (asked(**{OWN: {"container": "c"}}), f"{OWN}.container"),
        (asked(**{OWN: {"tools": [{"type": "advisor", "model": "x"}]}}), f"{OWN}.tools[0].model"),
    ],
)  # fmt: skip
def test_what_lives_in_one_account_or_names_another_model_is_refused_by_name(body, field):
    with pytest.raises(ProtocolError) as refused:
        out(body)
    assert refused.value.field == field


def test_a_stored_prompt_is_no_model():
    found = passage("bedrock-converse")
    assert found is not None
    target = codec("bedrock-converse").target(
        "arn:aws:bedrock:eu-west-1:1:prompt/ABC:1", stream=False
    )
    with pytest.raises(ProtocolError) as refused:
        found.read(b"{}", target)
    assert refused.value.field == "modelId"


@pytest.mark.parametrize(
    "more",
    [
        {"guardrailConfig": {}, "requestMetadata": {"a": "b"}},
        {"serviceTier": {"type": "flex"}, "performanceConfig": {"latency": "optimized"}},
        {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}},
        {OWN: {"anthropic_beta": ["x-2026"], "tools": [{"type": "computer", "name": "c"}]}},
        {"system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}], "of": {"x": 1}},
        {"additionalModelResponseFieldPaths": ["/stop_sequence", "/odd"]},
    ],
)
@pytest.mark.parametrize("model", [THEIRS, CLAUDE])
def test_what_only_bedrock_knows_passes(more: dict[str, Any], model: str):
    assert sent(asked(**more), model=model) == asked(**more)


def test_what_a_tool_takes_or_gives_may_be_named_like_a_file_in_s3():
    call = {"toolUse": {**CALL["toolUse"], "input": S3}}
    result = {"toolResult": {"toolUseId": "tooluse_1", "content": [{"json": S3}]}}
    talk = asked(USER, answer(call), {"role": "user", "content": [result]}, toolConfig=TOOLS)
    assert sent(talk) == talk


def test_the_project_is_left_out_and_told():
    found = out(asked(projectIdentifier="mine"))
    assert found is not None
    assert msgspec.json.decode(found.body) == asked()
    assert [loss.field for loss in found.losses] == ["projectIdentifier"]
    usual = out(asked(projectIdentifier="default"))
    assert usual is not None
    assert usual.losses == ()


def test_a_name_with_escaped_letters_is_the_same_name():
    found = passage("bedrock-converse")
    assert found is not None
    target = codec("bedrock-converse").target("asked", stream=False)

    def escaped(body: dict[str, Any], name: bytes, written: bytes) -> bytes:
        return msgspec.json.encode(body).replace(name, written)

    stored = escaped(asked({"role": "user", "content": [PICTURE]}), b"s3L", rb"s3\u004c")
    with pytest.raises(ProtocolError):
        found.read(stored, target)
    talk = asked(USER, answer(signed("foreign"), SAID), USER)
    came = found.read(escaped(talk, b"reasoningC", rb"reasoning\u0043"), target)
    outbound = came.outbound(TOWARDS)
    assert outbound is not None
    assert b"foreign" not in outbound.body


# What is sealed, on its way back


def test_reasoning_goes_back_as_its_model_wrote_it():
    talk = asked(USER, answer(signed("co1-S"), redacted("co1-D"), SAID), USER)
    given_body = sent(talk)
    assert given_body["messages"][1]["content"] == [
        signed("S"),
        {"reasoningContent": {"redactedContent": "D"}},
        SAID,
    ]


def test_a_signature_without_words_that_was_given_as_bytes_goes_back_as_one():
    talk = asked(USER, answer(redacted("co1-S"), SAID), USER)
    assert sent(talk)["messages"][1]["content"] == [signed("S", ""), SAID]


@pytest.mark.parametrize(
    "foreign", [signed("foreign"), signed(""), redacted("foreign"), {"reasoningContent": {}}]
)
def test_foreign_reasoning_is_taken_out_and_told(foreign: Any):
    found = out(asked(USER, answer(foreign, SAID), USER))
    assert found is not None
    assert msgspec.json.decode(found.body)["messages"][1]["content"] == [SAID]
    assert [loss.field for loss in found.losses] == ["messages[1].content[0]"]


# What is left to the codec


@pytest.mark.parametrize(
    "talk",
    [
        asked(USER, answer(signed("foreign")), USER),
        asked(USER, answer(signed("foreign"), {"cachePoint": {"type": "default"}}), USER),
        asked(USER, answer(SAID, signed("co1-S")), USER),
        asked(USER, answer({"text": "\n"}, SAID), USER),
        asked(USER, USER),
        asked(answer(SAID), USER),
        asked(USER, answer(CALL), RESULT),
        asked(
            USER,
            answer({"toolUse": {**CALL["toolUse"], "toolUseId": "call|1"}}),
            RESULT,
            toolConfig=TOOLS,
        ),
        asked(
            USER,
            answer({"toolUse": {**CALL["toolUse"], "name": "a.b"}}),
            RESULT,
            toolConfig=TOOLS,
        ),
    ],
)
def test_a_conversation_that_bedrock_would_refuse_is_translated(talk: dict[str, Any]):
    assert out(talk) is None


def loop(*first: Any, **more: Any) -> dict[str, Any]:
    return asked(USER, answer(*first, CALL), RESULT, toolConfig=TOOLS, **more)


def test_a_loop_of_tools_has_reasoning_of_this_model_where_it_reasons_and_none_elsewhere():
    reasons: dict[str, Any] = {OWN: BUDGET}
    assert out(loop(signed("co1-S"), **reasons), model=CLAUDE) is not None
    assert out(loop(redacted("co1-D"), **reasons), model=CLAUDE) is not None
    for lost in ((), (signed("foreign"),)):
        assert out(loop(*lost, **reasons), model=CLAUDE) is None
        assert out(loop(*lost), model=CLAUDE) is not None
    assert out(loop(signed("co1-S")), model=CLAUDE) is None
    over = loop()
    over["messages"] += [answer(SAID), USER]
    assert out(over | reasons, model=CLAUDE) is not None


def test_a_loop_that_began_with_reasoning_may_go_on_without():
    talk = loop(signed("co1-S"), **{OWN: BUDGET})
    again = {"toolUse": {**CALL["toolUse"], "toolUseId": "tooluse_2"}}
    result = {"toolUseId": "tooluse_2", "content": []}
    talk["messages"] += [answer(again), {"role": "user", "content": [{"toolResult": result}]}]
    assert out(talk, model=CLAUDE) is not None


@pytest.mark.parametrize(
    ("model", "taken", "refused"),
    [
        (CLAUDE, {"inferenceConfig": {"temperature": 0.5}}, {"inferenceConfig": {"temperature": 0.5, "topP": 0.9}}),
        (CLAUDE, {OWN: BUDGET}, {OWN: {"thinking": {"type": "adaptive"}}}),
        (CLAUDE, {OWN: {"top_k": 5}}, {OWN: {"reasoningConfig": {"type": "enabled"}}}),
        (CLAUDE, {}, {"outputConfig": {"effort": "low"}}),
        ("anthropic.claude-opus-4-7", {"outputConfig": {"effort": "low"}}, {"inferenceConfig": {"topP": 0.9}}),
        ("anthropic.claude-opus-4-7", {OWN: {"thinking": {"type": "adaptive"}}}, {OWN: {"reasoning_config": {"type": "enabled"}}}),
        ("anthropic.claude-opus-4-7", {}, {OWN: {"top_k": 3}}),
        ("anthropic.claude-opus-4-7", {}, {"messages": [USER, answer(SAID)]}),
        ("anthropic.claude-opus-5-5", {"toolConfig": {"toolChoice": {"auto": {}}}}, {"toolConfig": {"toolChoice": {"any": {}}}}),
        ("anthropic.claude-opus-5-5", {}, {OWN: {"tool_choice": {"type": "tool", "name": "now"}}}),
        ("anthropic.claude-opus-5-5", {}, {OWN: {"thinking": {"type": "disabled"}}}),
        ("us.amazon.nova-2-lite-v1:0", {OWN: {"inferenceConfig": {"topK": 5}}}, {OWN: BUDGET}),
        ("us.amazon.nova-2-lite-v1:0", {"system": [{"text": "x"}, {"cachePoint": {}}]}, {"toolConfig": {"tools": [{"cachePoint": {}}]}}),
        ("openai.gpt-oss-120b-1:0", {OWN: {"reasoning_effort": "low"}}, {"system": [{"cachePoint": {}}]}),
        ("mistral.mistral-large-2407-v1:0", {}, {OWN: {"reasoning_effort": "low"}}),
        ("meta.llama4-scout", {OWN: {"anything": 1, **BUDGET}, "outputConfig": {"effort": "max"}}, None),
    ],
)  # fmt: skip
def test_a_setting_that_the_model_refuses_is_translated(model, taken, refused):
    assert out(asked() | taken, model=model) is not None
    assert refused is None or out(asked() | refused, model=model) is None


# Answers

START = encode_event("messageStart", b'{"p":"ab","role":"assistant"}')
STOP = encode_event("messageStop", b'{"stopReason":"end_turn"}')
COUNTS = {"inputTokens": 3, "outputTokens": 4, "totalTokens": 8, "cacheReadInputTokens": 1}
METADATA = encode_event(
    "metadata", msgspec.json.encode({"usage": COUNTS, "metrics": {"latencyMs": 9}, "p": "abc"})
)


def delta(index: int, **given: Any) -> bytes:
    event = {"contentBlockIndex": index, "delta": given, "p": "abcdef"}
    return encode_event("contentBlockDelta", msgspec.json.encode(event))


def ends(index: int) -> bytes:
    return encode_event("contentBlockStop", b'{"contentBlockIndex":%d}' % index)


def thought(index: int, **given: Any) -> bytes:
    return delta(index, reasoningContent=given)


REASONED = [
    START,
    thought(0, text="H"),
    thought(0, text="m."),
    thought(0, signature="Si"),
    thought(0, signature="g"),
    ends(0),
    thought(1, redactedContent=opaque("Da")),
    thought(1, redactedContent=opaque("ta")),
    thought(2, signature="T"),
    delta(3, text="Né"),
    ends(3),
    STOP,
    METADATA,
]


class Seen(Marked):
    """Seals that note what they wrapped."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str, str]] = []

    def wrapped(self, sealed: Sealed, words: str) -> str:
        self.noted.append((sealed.form, sealed.value, words))
        return super().wrapped(sealed, words)


def reader(seals: Any = None) -> Any:
    found = out(asked(), stream=True, seals=seals)
    assert found is not None
    return found.answer


def events(data: bytes) -> list[tuple[str, Any]]:
    return [
        (message.text(":event-type"), msgspec.json.decode(message.payload))
        for message in MessageParser().feed(data)
    ]


def test_a_stream_without_reasoning_goes_on_as_it_came():
    news = encode_event("news", b'{"of":{"x":1.50}}')
    frames = [START, news, delta(0, text='"reasoningContent"'), ends(0), STOP, METADATA]
    data, told = passed(reader(), frames)
    assert data == b"".join(frames)
    assert told[0] == Started(id="", model="")
    assert told[-1] == Finished(stop="end")
    (seen,) = [event for event in told if isinstance(event, UsageSeen)]
    assert (seen.usage.input_tokens, seen.usage.output_tokens) == (4, 4)
    assert isinstance(reader().feed(delta(0, text="x")), bytes)


def test_what_is_sealed_in_a_stream_is_wrapped_as_one_with_all_its_words():
    seals = Seen()
    data, _ = passed(reader(seals), [b"".join(REASONED)])
    assert seals.noted == [
        ("signature", "Sig", "Hm."),
        ("redacted", opaque("Data"), ""),
        ("signature", "T", ""),
    ]
    deltas = [e["delta"] for name, e in events(data) if name == "contentBlockDelta"]
    assert deltas == [
        {"reasoningContent": {"text": "H"}},
        {"reasoningContent": {"text": "m."}},
        {"reasoningContent": {"signature": "co1-Sig"}},
        {"reasoningContent": {"redactedContent": opaque("co1-" + opaque("Data"))}},
        {"reasoningContent": {"signature": "co1-T"}},
        {"text": "Né"},
    ]
    names = [name for name, _ in events(data)]
    assert names.index("contentBlockStop") == 4
    assert all(event["p"] for name, event in events(data) if name == "contentBlockDelta")
    assert data.endswith(delta(3, text="Né") + ends(3) + STOP + METADATA)


@settings(max_examples=50)
@given(data=st.data(), begin=st.integers(0, 8))
def test_any_chunking_passes_the_same_bytes(data: st.DataObject, begin: int):
    frames = [START, *REASONED[begin:]]
    whole = passed(reader(), [b"".join(frames)])
    assert passed(reader(), data.draw(pieces(b"".join(frames)))) == whole


@given(data=st.binary())
def test_arbitrary_bytes_and_payloads_pass_or_are_no_answer(data: bytes):
    for name in ("contentBlockDelta", "messageStop", "metadata", "messageStart", "x"):
        for payload in (data, b'{"reasoningContent":' + data):
            with suppress(VendorProtocolError):
                passed(reader(), [START, encode_event(name, payload), STOP, METADATA])


def test_counts_may_come_twice_or_not_at_all():
    bare = encode_event("metadata", b'{"metrics":{"latencyMs":1}}')
    data, told = passed(reader(), [START, STOP, bare, METADATA, bare])
    assert data == START + STOP + bare + METADATA + bare
    assert [type(event) for event in told] == [Started, UsageSeen, Finished]
    _, without = passed(reader(), [START, STOP])
    assert without == [Started(id="", model="")]


@pytest.mark.parametrize("kept", [b"", thought(0, signature="S")])
def test_an_exception_ends_the_answer_and_goes_on_as_it_came(kept: bytes):
    failed = encode_exception("throttlingException", b'{"message":"Too much."}')
    data, told = passed(reader(), [START, kept, failed])
    assert data == START + failed
    assert told[-1] == Failed(kind="throttlingException", message="Too much.")


@pytest.mark.parametrize("cut", [1, 30])
def test_a_stream_that_is_cut_is_no_answer(cut: int):
    with pytest.raises(VendorProtocolError, match="beginning of a message"):
        passed(reader(), [START, (STOP + METADATA)[:-cut]])
    with pytest.raises(VendorProtocolError, match="before its answer did"):
        passed(reader(), REASONED[:-2])


def test_a_message_that_was_altered_is_no_answer():
    broken = bytearray(delta(0, text="x"))
    broken[-6] ^= 1
    with pytest.raises(VendorProtocolError, match="checksum"):
        reader().feed(bytes(broken))


def test_a_whole_answer_leaves_with_its_reasoning_wrapped_and_all_else_as_it_was():
    seals = Seen()
    content = [signed("S"), redacted("D"), {"odd": {"n": 1.50}}, SAID]
    response = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "malformed_tool_use",
        "usage": COUNTS,
        "trace": {"guardrail": {}},
    }
    given_body = reader(seals).whole(msgspec.json.encode(response))
    content[:2] = [signed("co1-S"), redacted("co1-" + opaque("D"))]
    assert msgspec.json.decode(given_body.data) == response
    assert seals.noted == [("signature", "S", "Hm."), ("redacted", opaque("D"), "")]
    told: list[Event] = [*given_body.told]
    assert told[-1] == Finished(stop="end")
    assert isinstance(told[1], UsageSeen)
    assert told[1].usage.input_tokens == 4


def test_a_whole_answer_without_reasoning_is_not_touched():
    body = b'{ "output": {"message": {"content": [{"text": "x"}]}}, "stopReason": "max_tokens"}'
    given_body = reader().whole(body)
    assert given_body.data is body
    assert given_body.told[-1] == Finished(stop="length")


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"\xff", b'{"output":{"message":{"content":3}},"stopReason":"end_turn"}'],
)
def test_what_holds_no_answer_is_none(body: bytes):
    with pytest.raises(VendorProtocolError):
        reader().whole(body)
