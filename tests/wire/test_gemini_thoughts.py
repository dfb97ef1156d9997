"""Thoughts and their signatures, as Google's reference shows them."""

import base64
import json
from typing import Any

import pytest

from changeover.conversation.events import LossSeen, fold
from changeover.conversation.model import (
    ChatRequest,
    Effort,
    Loss,
    Part,
    Reasoning,
    Reply,
    Sealed,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.gemini_generate.codec import GeminiGenerate

WIRE = GeminiGenerate()
WHOLE = WIRE.target("m", stream=False)
ASKED = ReplyContext(id="reply-1", model="shown", created=0, thinking=True)
UNASKED = ReplyContext(id="reply-1", model="shown", created=0)
FLASH = "gemini-3-flash-preview"


def sealed(value: str, on: Any = "self") -> Reasoning:
    seal = Sealed(form="thought", value=value, bound="model", on=on)
    return Reasoning(summary=True, sealed=seal)


def whole(*parts: dict[str, Any]) -> Reply:
    content = {"role": "model", "parts": list(parts)}
    answer = {"candidates": [{"content": content, "finishReason": "STOP"}], "responseId": "r"}
    return fold(WIRE.decode_reply(json.dumps(answer).encode()))


def streamed(*pieces: list[dict[str, Any]]) -> Reply:
    decoder = WIRE.stream_decoder()
    ends = {"candidates": [{"finishReason": "STOP"}]}
    answers = [
        {"candidates": [{"content": {"parts": parts}}], "responseId": "r"} for parts in pieces
    ]
    data = b"".join(b"data: %b\r\n\r\n" % json.dumps(each).encode() for each in (*answers, ends))
    return fold([*decoder.feed(data), *decoder.close()])


CALL = {"functionCall": {"name": "f", "args": {}}}


def test_thoughts_are_a_summary_and_bear_their_own_signature():
    reply = whole({"text": "Hm", "thought": True, "thoughtSignature": "c2/x+w=="}, {"text": "Yes"})
    assert reply.parts[0] == Reasoning(text="Hm", summary=True, sealed=sealed("c2/x+w==").sealed)
    assert reply.parts[1:] == (Text(text="Yes"),)


def test_the_signature_of_a_call_stands_before_it_and_of_a_text_after_it():
    reply = whole({"text": "So."}, {**CALL, "thoughtSignature": "QQ=="}, CALL)
    first, second = (ToolCall(id=f"r-{n}", name="f", arguments="{}") for n in (1, 2))
    assert reply.parts == (Text(text="So."), sealed("QQ==", "next"), first, second)
    assert whole({"text": "So.", "thoughtSignature": "QQ=="}).parts == (
        Text(text="So."),
        sealed("QQ==", "previous"),
    )


def test_in_a_stream_thoughts_are_one_part_and_the_last_piece_may_be_a_signature_alone():
    reply = streamed(
        [{"text": "H", "thought": True}],
        [{"text": "m", "thought": True}],
        [{"text": "Hel"}],
        [{"text": "lo"}],
        [{"text": "", "thoughtSignature": "QQ=="}],
    )
    assert reply.parts == (
        Reasoning(text="Hm", summary=True),
        Text(text="Hello"),
        sealed("QQ==", "previous"),
    )


def asked(*contents: dict[str, Any]) -> tuple[ChatRequest, tuple[Loss, ...]]:
    given = [{"parts": [{"text": "Hi"}]}, *contents]
    return WIRE.decode_request(json.dumps({"contents": given}).encode(), WHOLE)


def test_the_pieces_of_thoughts_in_a_clients_history_are_one_part_with_their_seal():
    signature = base64.b64encode(b"co1.abc").decode()
    pieces: list[dict[str, Any]] = [
        {"text": "H", "thought": True},
        {"text": "m", "thought": True},
        {"text": "", "thought": True, "thoughtSignature": signature},
        {"text": "Hello"},
    ]
    wrapped = Sealed(form="wrapped", value="co1.abc")
    expected = (Reasoning(text="Hm", summary=True, sealed=wrapped), Text(text="Hello"))
    for contents in ([pieces], [[piece] for piece in pieces]):
        request, losses = asked(*({"role": "model", "parts": parts} for parts in contents))
        assert request.turns[1].parts == expected
        assert losses == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (base64.urlsafe_b64encode(b"co1.a-b_c").decode(), "co1.a-b_c"),
        (base64.b64encode(b"co1.a-b_c").decode().rstrip("="), "co1.a-b_c"),
        (base64.b64encode(b"\xff\x00\x10").decode(), "/wAQ"),
        ("no base64!", "no base64!"),
    ],
)
def test_whatever_a_client_sends_as_a_signature_is_read_as_it_is(written: str, read: str):
    request, losses = asked({"role": "model", "parts": [{**CALL, "thoughtSignature": written}]})
    thought, call = request.turns[1].parts
    assert thought == Reasoning(summary=True, sealed=Sealed(form="wrapped", value=read, on="next"))
    assert isinstance(call, ToolCall)
    assert losses == ()


@pytest.mark.parametrize(
    "none", ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]
)
def test_what_stands_for_no_signature_is_none(none: str):
    for written in (none, base64.b64encode(none.encode()).decode()):
        request, losses = asked({"role": "model", "parts": [{**CALL, "thoughtSignature": written}]})
        assert [type(part) for part in request.turns[1].parts] == [ToolCall]
        assert losses == ()


def test_a_thought_of_the_users_is_left_out_and_told():
    request, losses = asked(
        {"role": "user", "parts": [{"text": "a", "thought": True}, {"text": "b"}]}
    )
    assert request.turns[-1].parts == (Text(text="b"),)
    assert [loss.field for loss in losses] == ["contents[1].parts[0].thought"]


def written(*parts: Part, model: str = FLASH) -> tuple[list[dict[str, Any]], tuple[Loss, ...]]:
    turns = (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="assistant", parts=parts),
        Turn(role="user", parts=tuple(ToolResult(call=p.id, parts=()) for p in parts
                                      if isinstance(p, ToolCall))),
    )  # fmt: skip
    body, losses = WIRE.encode_request(ChatRequest(model="m", system=(), turns=turns), model)
    return json.loads(body)["contents"][1]["parts"], losses


FIRST, SECOND = (ToolCall(id=each, name="f", arguments="{}") for each in "12")
UNSIGNED = "skip_thought_signature_validator"


@pytest.mark.parametrize(
    ("parts", "signatures"),
    [
        ((sealed("QQ==", "next"), FIRST, SECOND), ["QQ==", None]),
        ((FIRST, sealed("QQ==", "next"), SECOND), [UNSIGNED, "QQ=="]),
        ((FIRST, SECOND), [UNSIGNED, None]),
        ((Text(text="a"), sealed("QQ==", "previous"), FIRST), ["QQ==", UNSIGNED]),
        ((sealed("QQ=="), FIRST), ["QQ==", UNSIGNED]),
        ((sealed("QQ==", "next"), Text(text="a"), FIRST), ["QQ==", None, UNSIGNED]),
        ((FIRST, sealed("QQ==", "previous")), [UNSIGNED, "QQ=="]),
    ],
)
def test_signatures_are_written_where_they_stood(parts: tuple[Part, ...], signatures: list[Any]):
    found, losses = written(*parts)
    assert [part.get("thoughtSignature") for part in found] == signatures
    assert losses == ()


def test_another_vendors_seal_is_told_and_its_words_are_thoughts():
    anothers = Sealed(form="signature", value="xyz", bound="model")
    found, losses = written(Reasoning(text="Hm", sealed=anothers), Text(text="Yes"), FIRST)
    assert found[0] == {"text": "Hm", "thought": True}
    assert [loss.field for loss in losses] == ["reasoning"]
    assert "xyz" not in json.dumps(found)


def test_a_turn_of_nothing_but_another_vendors_seal_is_no_turn():
    sealed_item = Sealed(form="encrypted", value="xyz", bound="account", id="rs_1")
    turns = (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="assistant", parts=(Reasoning(sealed=sealed_item),)),
        Turn(role="user", parts=(Text(text="Go on."),)),
    )
    body, losses = WIRE.encode_request(ChatRequest(model="m", system=(), turns=turns), FLASH)
    assert len(json.loads(body)["contents"]) == 2
    assert [loss.field for loss in losses] == ["reasoning", "messages"]


def parts_for_client(reply: Reply, context: ReplyContext) -> list[dict[str, Any]]:
    body = json.loads(WIRE.encode_reply(reply, context))
    parts: list[dict[str, Any]] = body["candidates"][0]["content"]["parts"]
    return parts


def test_thoughts_are_given_to_who_asked_and_the_seal_of_a_call_to_all():
    own = Sealed(form="wrapped", value="co1.own")
    calls = Sealed(form="wrapped", value="co1.call", on="next")
    parts = (Reasoning(text="Hm", sealed=own), Text(text="Yes"), Reasoning(sealed=calls), FIRST)
    reply = Reply(id="a", model="b", parts=parts, stop="tool-use")
    signature = base64.b64encode(b"co1.call").decode()
    thought, text, call = parts_for_client(reply, ASKED)
    assert thought == {
        "text": "Hm",
        "thought": True,
        "thoughtSignature": base64.b64encode(b"co1.own").decode(),
    }
    assert parts_for_client(reply, UNASKED) == [text, call]
    assert text == {"text": "Yes"}
    assert call["thoughtSignature"] == signature


def generation(thinking: Thinking, model: str) -> tuple[dict[str, Any], list[str]]:
    turn = Turn(role="user", parts=(Text(text="Hi"),))
    request = ChatRequest(model="m", system=(), turns=(turn,), thinking=thinking)
    body, losses = WIRE.encode_request(request, model)
    config = json.loads(body).get("generationConfig", {}).get("thinkingConfig", {})
    return config, [loss.field for loss in losses]


@pytest.mark.parametrize(
    ("model", "effort", "config", "lost"),
    [
        (FLASH, "low", {"thinkingLevel": "LOW"}, False),
        (FLASH, "minimal", {"thinkingLevel": "MINIMAL"}, False),
        (FLASH, "none", {"thinkingLevel": "MINIMAL"}, True),
        (FLASH, "max", {"thinkingLevel": "HIGH"}, True),
        ("gemini-3.1-pro-preview", "minimal", {"thinkingLevel": "LOW"}, True),
        ("gemini-2.5-flash", "none", {"thinkingBudget": 0}, False),
        ("gemini-2.5-flash", "medium", {"thinkingBudget": 8192}, False),
        ("gemini-2.5-pro", "none", {"thinkingBudget": 128}, True),
        ("gemini-2.5-pro", "xhigh", {"thinkingBudget": 24576}, True),
        ("gemini-2.0-flash", "high", {}, True),
        ("gemini-2.0-flash", "none", {}, False),
    ],
)
def test_an_effort_is_asked_as_the_model_knows_it(
    model: str, effort: Effort, config: dict[str, Any], lost: bool
):
    assert generation(Thinking(effort=effort), model) == (config, ["thinking"] * lost)


def test_a_budget_is_kept_within_what_the_model_takes():
    assert generation(Thinking(budget=100), "gemini-2.5-flash-lite") == (
        {"thinkingBudget": 512},
        ["thinking"],
    )
    assert generation(Thinking(budget=100), FLASH) == ({"thinkingBudget": 100}, [])
    assert generation(Thinking(budget=9, effort="low"), FLASH) == (
        {"thinkingLevel": "LOW"},
        ["thinking"],
    )


def test_summaries_are_asked_for_and_their_length_is_not():
    assert generation(Thinking(show="auto"), FLASH) == ({"includeThoughts": True}, [])
    assert generation(Thinking(show="none", effort="low"), FLASH)[1] == []
    assert generation(Thinking(show="detailed"), FLASH) == ({"includeThoughts": True}, ["thinking"])


def test_a_part_of_an_unknown_kind_is_told_once():
    body = {
        "candidates": [
            {"content": {"parts": [{"hologram": {}}, {"hologram": {}}]}, "finishReason": "STOP"}
        ]
    }
    events = WIRE.decode_reply(json.dumps(body).encode())
    assert [event.loss.field for event in events if isinstance(event, LossSeen)] == ["parts"]
