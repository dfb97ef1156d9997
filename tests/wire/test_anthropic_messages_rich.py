"""Properties of Messages with reasoning, files, citations, marks, forms and users."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import fold, unfold
from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Part,
    Reasoning,
    Reply,
    ReplyPart,
    Sealed,
    Text,
    Turn,
)
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.anthropic_messages.documents import files_of
from changeover.wire.claude import generation_of
from changeover.wire.codec import ReplyContext
from tests.strategies import pieces
from tests.wire import rich_anthropic as rich
from tests.wire.projections import anthropic_reply

WIRE = AnthropicMessages()
ASKED = ReplyContext(id="reply-1", model="shown", created=1, include_usage=True, thinking=True)
UNASKED = msgspec.structs.replace(ASKED, thinking=False)
models = st.sampled_from(rich.MODELS)


def sent(request: ChatRequest, model: str) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    body, losses = WIRE.encode_request(request, model)
    return json.loads(body), losses


def blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """All blocks of a request in the vendor's order, those of results before their holder."""
    found = list(body.get("tools", []))
    contents = [body.get("system"), *(message["content"] for message in body["messages"])]
    for content in contents:
        for block in content if isinstance(content, list) else []:
            inner = block.get("content")
            found += inner if isinstance(inner, list) else []
            found.append(block)
    return found


def unwrapped(request: ChatRequest) -> ChatRequest:
    """As the gateway hands it on: what came back wrapped is as its vendor wrote it."""

    def part(given: Part) -> Part:
        if not isinstance(given, Reasoning) or given.sealed is None:
            return given
        form = given.sealed.value.partition(".")[0]
        value = given.sealed.value.partition(".")[2]
        known: Any = {"signature": "signature", "redacted": "redacted"}.get(form)
        seal = Sealed(form=known, value=value, bound="model") if known else given.sealed
        return msgspec.structs.replace(given, sealed=seal)

    turns = tuple(Turn(role=t.role, parts=tuple(map(part, t.parts))) for t in request.turns)
    return msgspec.structs.replace(request, turns=turns)


def told(request: ChatRequest) -> ChatRequest:
    """With the seals named, so that `unwrapped` knows them again."""

    def part(given: Part) -> Part:
        if not isinstance(given, Reasoning) or given.sealed is None:
            return given
        named = f"{given.sealed.form}.{given.sealed.value}"
        seal = msgspec.structs.replace(given.sealed, value=named)
        return msgspec.structs.replace(given, sealed=seal)

    turns = tuple(Turn(role=t.role, parts=tuple(map(part, t.parts))) for t in request.turns)
    return msgspec.structs.replace(request, turns=turns)


@given(request=rich.requests(), model=models)
def test_a_request_that_crossed_crosses_again_unchanged(request, model):
    first, _ = WIRE.encode_request(told(request), model)
    read, missed = WIRE.decode_request(first)
    assert missed in ((), (BETWEEN,))
    again, lost = WIRE.encode_request(told(unwrapped(read)), model)
    assert plain(json.loads(again)) == plain(json.loads(first))
    assert [loss.field for loss in lost] == []


def plain(value: Any) -> Any:
    """With words alone for a list of them, and without what the effort says by itself.

    A model that always reasons is asked for the least effort where it should not; read again,
    that is an effort to reason adaptively with, which such a model does unasked.
    """
    match value:
        case {"thinking": {"type": "adaptive", **more}, "output_config": {"effort": _}} if not more:
            return plain({name: one for name, one in value.items() if name != "thinking"})
        case [{"type": "text", "text": str(words), **others}] if not others:
            return words
        case list():
            return [plain(one) for one in value]
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case _:
            return value


BETWEEN = Loss(
    field="thinking", why="Reasoning is turned off; notes between calls are not asked for."
)


@given(request=rich.requests(), model=models)
def test_what_the_vendor_would_refuse_is_not_sent(request, model):
    body, _ = sent(request, model)
    takes, thinking = generation_of(model), body.get("thinking", {})
    if thinking.get("type") == "enabled":
        assert takes.budget
        assert 1024 <= thinking["budget_tokens"] < body["max_tokens"]
    if thinking.get("type") == "adaptive":
        assert takes.adaptive
    if thinking.get("type") in {"disabled", "between_tools"}:
        assert thinking["type"] == takes.off
    if thinking.get("type") in {"enabled", "adaptive"} or not takes.sampling:
        assert body.get("temperature", 1.0) == 1.0
        assert "top_k" not in body
    assert body.get("output_config", {}).get("effort") in {None, *takes.efforts}
    assert len(body.get("metadata", {}).get("user_id", "")) <= 256
    for message in body["messages"]:
        assert message["content"]
        last = message["content"][-1]
        assert isinstance(last, str) or last["type"] not in {"thinking", "redacted_thinking"}


@given(request=rich.requests(), model=models)
def test_files_are_cited_all_or_none_and_never_in_an_answer_of_a_form(request, model):
    body, losses = sent(request, model)
    files = [block for block in blocks(body) if block.get("type") == "document"]
    cited = ["citations" in file for file in files]
    assert all(cited) or not any(cited)
    if "format" in body.get("output_config", {}):
        assert not any(cited)
    fields = {loss.field for loss in losses}
    wanted = [f.cited for t in request.turns for _, f in files_of(t)]
    if any(wanted) and not (cited and all(cited) and all(wanted)):
        assert fields & {"citations", "file"}


@given(request=rich.requests(), model=models)
def test_a_mark_is_sent_or_reported(request, model):
    body, losses = sent(request, model)
    marked = [block for block in blocks(body) if "cache_control" in block]
    count = len(marked) + ("cache_control" in body)
    assert count <= 4
    given_marks = marks_of(request)
    if count < given_marks:
        assert "cache_control" in {loss.field for loss in losses}


def marks_of(request: ChatRequest) -> int:
    parts = [part for turn in request.turns for part in turn.parts]
    inner = [one for part in parts for one in getattr(part, "parts", ())]
    holders: list[Any] = [*request.tools, *request.system, *parts, *inner, request]
    return sum(getattr(one, "cache", None) is not None for one in holders)


@given(request=rich.requests(), model=models)
def test_reasoning_is_replayed_byte_for_byte_in_its_order_or_reported(request, model):
    body, losses = sent(request, model)
    written = [
        (block.get("thinking"), block.get("signature") or block.get("data"))
        for message in body["messages"]
        for block in (message["content"] if isinstance(message["content"], list) else [])
        if block["type"] in {"thinking", "redacted_thinking"}
    ]
    held = [
        (part.text if part.sealed.form == "signature" else None, part.sealed.value)
        for turn in request.turns
        for part in turn.parts
        if isinstance(part, Reasoning)
        and part.sealed is not None
        and part.sealed.form in {"signature", "redacted"}
    ]
    rest = iter(held)
    assert all(any(one == other for other in rest) for one in written)
    every = [p for t in request.turns for p in t.parts if isinstance(p, Reasoning)]
    assert (len(written) < len(every)) == ("reasoning" in {loss.field for loss in losses})


def projected(reply: Reply, context: ReplyContext) -> Reply:
    """What a client that reads it as a vendor's answer sees."""
    base = anthropic_reply(
        msgspec.structs.replace(
            reply, parts=tuple(p for p in reply.parts if not isinstance(p, Reasoning))
        ),
        context,
    )
    return msgspec.structs.replace(
        base, parts=tuple(part for given in reply.parts for part in shown(given, context))
    )


def shown(part: ReplyPart, context: ReplyContext) -> list[ReplyPart]:
    if isinstance(part, Text):
        return [Text(text=part.text, citations=part.citations)]
    if not isinstance(part, Reasoning):
        return [part]
    if not context.thinking or part.sealed is None:
        return []
    form: Any = "signature" if part.text else "redacted"
    return [
        Reasoning(
            text=part.text,
            summary=True,
            sealed=Sealed(form=form, value=part.sealed.value, bound="model"),
        )
    ]


@pytest.mark.parametrize("context", [ASKED, UNASKED])
@given(reply=rich.replies())
def test_a_reply_arrives_as_its_projection(context, reply):
    arrived = fold(WIRE.decode_reply(WIRE.encode_reply(reply, context)))
    assert arrived == projected(reply, context)


@pytest.mark.parametrize("context", [ASKED, UNASKED])
@given(data=st.data())
def test_a_stream_arrives_as_the_whole_and_however_it_is_cut(context, data):
    reply = data.draw(rich.replies())
    events = data.draw(rich.streams(reply))
    encoder = WIRE.stream_encoder(context)
    whole = b"".join(encoder.encode(event) for event in events)
    decoder, cutting = WIRE.stream_decoder(), WIRE.stream_decoder()
    arrived = decoder.feed(whole) + decoder.close()
    cut = [e for piece in data.draw(pieces(whole)) for e in cutting.feed(piece)]
    assert cut + cutting.close() == arrived
    assert fold(arrived) == projected(reply, context)
    assert fold(unfold(fold(arrived))) == fold(arrived)
