"""What holds for every protocol whose bytes pass through, as properties."""

from contextlib import suppress
from typing import get_args

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    Started,
    UsageSeen,
    fold,
    merge_usage,
    unfold,
)
from changeover.conversation.model import ChatRequest, Reply, Text, Usage
from changeover.directory.model import PROTOCOLS, Dialect, Protocol
from changeover.wire.codec import Codec, ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.frames import Frames
from changeover.wire.passing import Outbound, Passage
from changeover.wire.registry import codec, passage
from tests.strategies import names, pieces, replies, requests, streams
from tests.wire.passings import SHOWN, THEIRS, TOWARDS, passed

CONTEXT = ReplyContext(id="r1", model=THEIRS, created=1_772_000_000, include_usage=True)
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
UNKNOWN = {"unheard_of": {"deep": [1.50, "x"], "n": 12345678901234567890}}

PASSING = tuple(protocol for protocol in PROTOCOLS if passage(protocol) is not None)
ADDRESSED = {"gemini-generate", "bedrock-converse"}
"""Those that name the model in the address, and there alone whether a stream is wanted."""
each = pytest.mark.parametrize("protocol", PASSING)
each_of_lines = pytest.mark.parametrize("protocol", [p for p in PASSING if p != "bedrock-converse"])
few = settings(max_examples=30)


def through(protocol: Protocol) -> Passage:
    found = passage(protocol)
    assert found is not None
    return found


def target(protocol: Protocol, *, stream: bool) -> str:
    return codec(protocol).target("asked", stream=stream)


def asked(protocol: Protocol, *, stream: bool = True) -> Outbound:
    """A plain request's passage, for an answer to it."""
    body = PLAIN[protocol] | ({} if protocol in ADDRESSED else {"stream": stream})
    if protocol == "openai-chat" and stream:
        body["stream_options"] = {"include_usage": True}
    read = through(protocol).read(msgspec.json.encode(body), target(protocol, stream=stream))
    out = read.outbound(TOWARDS)
    assert out is not None
    return out


SAID = [{"role": "user", "content": "Hi"}]
PLAIN: dict[Protocol, dict[str, object]] = {
    "openai-chat": {"model": "asked", "messages": SAID},
    "openai-responses": {"model": "asked", "input": SAID},
    "anthropic-messages": {"model": "asked", "max_tokens": 9, "messages": SAID},
    "gemini-generate": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
    "bedrock-converse": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
}


def written(wire: Codec, events: list[Event]) -> bytes:
    encoder = wire.stream_encoder(CONTEXT)
    return b"".join(encoder.encode(event) for event in events)


def read(wire: Codec, data: bytes) -> list[Event]:
    decoder = wire.stream_decoder()
    return decoder.feed(data) + decoder.close()


def renamed(protocol: Protocol, reply: Reply) -> Reply:
    """The answer under the name that a client knows; Converse's answers bear none."""
    return reply if protocol == "bedrock-converse" else msgspec.structs.replace(reply, model=SHOWN)


def counted(events: list[Event]) -> Usage:
    usage = Usage()
    for event in events:
        if isinstance(event, UsageSeen):
            usage = merge_usage(usage, event.usage)
    return usage


# Requests


@each
@few
@given(request=requests(), model=names)
def test_a_request_goes_on_as_it_was_written_under_the_routes_name(
    protocol: Protocol, request: ChatRequest, model: str
):
    body, _ = codec(protocol).encode_request(request, model)
    address = codec(protocol).target(model, stream=request.stream)
    given_body = msgspec.json.decode(body) | UNKNOWN
    came = through(protocol).read(msgspec.json.encode(given_body), address)
    assert (came.model, came.stream) == (model, request.stream)
    out = came.outbound(TOWARDS)
    assume(out is not None)
    assert out is not None
    sent = msgspec.json.decode(out.body)
    if protocol in ADDRESSED:
        assert out.target == codec(protocol).target(THEIRS, stream=request.stream)
    else:
        assert sent["model"] == THEIRS
    changed = {"model", "store", "stream_options"}
    expected = {name: v for name, v in given_body.items() if name not in changed}
    assert {name: v for name, v in sent.items() if name not in changed} == expected
    assert out.losses == ()


@each
def test_numbers_and_order_stay_as_they_were_written(protocol: Protocol):
    body = b'{"b": 1.50, "a": 1e-7, "model" : "asked", "contents": [], "z": 12345678901234567890}'
    out = through(protocol).read(body, target(protocol, stream=False)).outbound(TOWARDS)
    assert out is not None
    assert b'"b":1.50,"a":1e-7' in out.body.replace(b" ", b"")
    assert b'"z":12345678901234567890' in out.body.replace(b" ", b"")


@each
@few
@given(body=st.binary())
def test_arbitrary_bytes_are_read_or_refused(protocol: Protocol, body: bytes):
    with suppress(ProtocolError):
        through(protocol).read(body, target(protocol, stream=False)).outbound(TOWARDS)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "model",
                        "messages",
                        "role",
                        "content",
                        "type",
                        "signature",
                        "input",
                        "thinking",
                        "tool_calls",
                        "id",
                        "contents",
                        "parts",
                        "functionCall",
                        "thoughtSignature",
                        "tools",
                        "encrypted_content",
                        "stream",
                        "store",
                        "stream_options",
                        "reasoning",
                        "call_id",
                        "file_id",
                        "assistant",
                        "reasoningContent",
                        "reasoningText",
                        "redactedContent",
                        "toolUse",
                        "toolUseId",
                        "additionalModelRequestFields",
                        "s3Location",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
@each
def test_arbitrary_objects_are_read_or_refused(protocol: Protocol, value: object):
    body = msgspec.json.encode(value)
    with suppress(ProtocolError):
        through(protocol).read(body, target(protocol, stream=False)).outbound(TOWARDS)


def test_a_name_given_twice_cannot_pass_one_model_for_another():
    body = b'{"model": "first", "messages": [], "model": "second"}'
    came = through("openai-chat").read(body, "")
    out = came.outbound(TOWARDS)
    assert out is not None
    assert came.model == "second"
    assert out.body.count(b'"model"') == 1


@each
def test_only_a_host_that_speaks_as_the_protocols_vendor_is_passed_to(protocol: Protocol):
    assert passage(protocol) is not None
    assert [passage(protocol, dialect) for dialect in DIALECTS] == [None] * len(DIALECTS)


# Answers


@each
@few
@given(data=st.data())
def test_a_stream_is_the_vendors_but_for_the_models_name(protocol: Protocol, data: st.DataObject):
    events = data.draw(streams())
    sent = written(codec(protocol), events)
    given_data, told = passed(asked(protocol).answer, [sent])
    wire = codec(protocol)
    assert fold(read(wire, given_data)) == renamed(protocol, fold(read(wire, sent)))
    assert isinstance(told[0], Started)
    assert told[0].model == ("" if protocol == "bedrock-converse" else THEIRS)
    assert counted(told) == counted(read(wire, sent))
    if protocol != "gemini-generate":
        assert isinstance(told[-1], Finished)


@each
@few
@given(data=st.data())
def test_any_chunking_passes_the_same_bytes_and_tells_the_same(
    protocol: Protocol, data: st.DataObject
):
    sent = written(codec(protocol), data.draw(streams()))
    whole = passed(asked(protocol).answer, [sent])
    cut = passed(asked(protocol).answer, data.draw(pieces(sent)))
    assert cut[0] == whole[0]
    assert cut[1][-1:] == whole[1][-1:]


@each
@few
@given(reply=replies())
def test_a_whole_answer_is_the_vendors_but_for_the_models_name(protocol: Protocol, reply: Reply):
    wire = codec(protocol)
    body = wire.encode_reply(reply, CONTEXT)
    given_body = asked(protocol, stream=False).answer.whole(body)
    assert fold(wire.decode_reply(given_body.data)) == renamed(
        protocol, fold(wire.decode_reply(body))
    )
    assert counted([*given_body.told]) == fold(wire.decode_reply(body)).usage
    assert isinstance(given_body.told[-1], Finished)


@each
@few
@given(data=st.binary())
def test_arbitrary_bytes_of_a_vendor_pass_or_are_no_answer(protocol: Protocol, data: bytes):
    with suppress(VendorProtocolError):
        passed(asked(protocol).answer, [data, b"\n\n", b"data: " + data + b"\n\n"])
    with suppress(VendorProtocolError):
        asked(protocol, stream=False).answer.whole(data)


@each
@few
@given(reply=replies())
def test_a_stream_that_is_cut_short_is_no_answer(protocol: Protocol, reply: Reply):
    events = unfold(reply)[:-1]
    if protocol == "gemini-generate":
        events = [event for event in events if not isinstance(event, UsageSeen)]
    with pytest.raises(VendorProtocolError):
        passed(asked(protocol).answer, [written(codec(protocol), events)])


@each
@few
@given(reply=replies())
def test_an_answer_that_breaks_off_here_ends_in_its_protocol(protocol: Protocol, reply: Reply):
    wire, reader = codec(protocol), asked(protocol).answer
    begun = written(wire, unfold(reply)[:2])
    assume(begun)
    data = reader.feed(begun)
    passed_on = data if isinstance(data, bytes) else data.data
    ended = passed_on + reader.broken("cut_by_order", "An order ended it.", "call_1")
    last = read(wire, ended)[-1]
    assert isinstance(last, Failed)
    assert "An order ended it." in last.message


@each
def test_what_the_vendor_breaks_off_with_is_passed_and_told(protocol: Protocol):
    wire, reader = codec(protocol), asked(protocol).answer
    sent = written(wire, [Started(id="r", model="m"), UsageSeen(usage=Usage(input_tokens=1))])
    sent += written(wire, [Failed(kind="overloaded_error", message="Too much.")])
    data, told = passed(reader, [sent])
    assert isinstance(told[-1], Failed)
    assert "Too much." in told[-1].message
    assert data.count(b"Too much.") == 1


@each
def test_a_stream_may_come_byte_by_byte(protocol: Protocol):
    reply = Reply(id="r", model="m", parts=(Text(text="Né"),), stop="end", usage=Usage())
    sent = written(codec(protocol), unfold(reply))
    whole = passed(asked(protocol).answer, [sent])
    assert passed(asked(protocol).answer, [sent[i : i + 1] for i in range(len(sent))]) == whole


@each_of_lines
def test_unknown_events_and_fields_of_an_answer_survive(protocol: Protocol):
    wire = codec(protocol)
    reply = Reply(id="r", model="m", parts=(), stop="end", usage=Usage(input_tokens=1))
    sent = written(wire, unfold(reply))
    news = b'event: news\ndata: {"type":"news","thinking":{"of":1.50},"choices":[]}\n\n'
    comment = b": keep-alive\n\n"
    first, rest = sent.split(b"\n\n", 1)
    odd = first.replace(b"{", b'{"odd":{"x":1.50},', 1) + b"\n\n"
    data, _ = passed(asked(protocol).answer, [odd + comment + news + rest])
    assert b'"odd":{"x":1.50}' in data
    assert comment in data
    assert b'"thinking":{"of":1.50}' in data


@given(chunks=st.lists(st.binary() | st.sampled_from([b"\n", b"\r\n", b"a\n\n", b"\n\r\n"])))
def test_frames_are_given_whole_and_nothing_else_is_kept(chunks: list[bytes]):
    frames = Frames()
    given_data = b"".join(frames.feed(chunk) for chunk in chunks)
    whole = b"".join(chunks)
    assert whole.startswith(given_data)
    assert given_data.endswith((b"\n\n", b"\n\r\n")) or not given_data
    rest = whole[len(given_data) :]
    assert b"\n\n" not in rest
    assert b"\n\r\n" not in rest


def test_a_frame_has_a_greatest_length():
    frames = Frames(limit=10)
    frames.feed(b"12345")
    with pytest.raises(VendorProtocolError, match="more than 10 bytes"):
        frames.feed(b"6789012")
