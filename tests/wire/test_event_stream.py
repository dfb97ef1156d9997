"""AWS's binary event stream, with AWS's own decoder as the oracle."""

import struct
import zlib
from contextlib import suppress
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from changeover.wire.errors import EventTooLargeError, VendorProtocolError
from changeover.wire.event_stream import (
    Message,
    MessageParser,
    encode_event,
    encode_exception,
    encode_message,
)
from tests.strategies import pieces

names = st.text(min_size=1, max_size=30).filter(lambda name: len(name.encode()) < 256)
texts = st.dictionaries(names, st.text(max_size=40), max_size=5)
messages = st.tuples(texts, st.binary(max_size=60))


def packed(kind: int, value: Any) -> bytes:
    """A header's value as its type is written; the types are numbered by the specification."""
    forms = {2: "!b", 3: "!h", 4: "!i", 5: "!q", 8: "!q"}
    if kind in forms:
        return struct.pack(forms[kind], value)
    if kind in {6, 7}:
        raw = value if kind == 6 else value.encode()
        return struct.pack("!H", len(raw)) + bytes(raw)
    return bytes(value) if kind == 9 else b""


def sized(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


typed_values = st.one_of(
    st.just((0, True)),
    st.just((1, False)),
    st.tuples(st.just(2), sized(8)),
    st.tuples(st.just(3), sized(16)),
    st.tuples(st.just(4), sized(32)),
    st.tuples(st.just(5), sized(64)),
    st.tuples(st.just(6), st.binary(max_size=20)),
    st.tuples(st.just(7), st.text(max_size=20)),
    st.tuples(st.just(8), sized(64)),
    st.tuples(st.just(9), st.binary(min_size=16, max_size=16)),
)


def written(headers: dict[str, tuple[int, Any]], payload: bytes) -> bytes:
    """A message with headers of any type."""
    block = b"".join(
        bytes((len(name.encode()),)) + name.encode() + bytes((kind,)) + packed(kind, value)
        for name, (kind, value) in headers.items()
    )
    return framed(block, payload)


def framed(block: bytes, payload: bytes) -> bytes:
    lengths = struct.pack("!II", 16 + len(block) + len(payload), len(block))
    whole = lengths + struct.pack("!I", zlib.crc32(lengths)) + block + payload
    return whole + struct.pack("!I", zlib.crc32(whole))


def oracle(data: bytes) -> list[Message]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [Message(message.headers, message.payload) for message in buffer]


def read(*chunks: bytes) -> list[Message]:
    parser = MessageParser()
    found = [message for chunk in chunks for message in parser.feed(chunk)]
    parser.close()
    return found


@given(headers=st.dictionaries(names, typed_values, max_size=6), payload=st.binary(max_size=60))
def test_every_type_of_header_is_read_as_the_oracle_reads_it(headers, payload):
    data = written(headers, payload)
    assert read(data) == oracle(data)
    values = {name: value for name, (_, value) in headers.items()}
    assert read(data) == [Message(values, payload)]


@given(given=st.lists(messages, max_size=4))
def test_what_is_written_is_what_the_oracle_reads(given):
    data = b"".join(encode_message(*each) for each in given)
    assert oracle(data) == read(data) == [Message(*each) for each in given]


@given(given=st.lists(messages, min_size=1, max_size=4), data=st.data())
def test_any_chunking_gives_the_same_messages(given, data):
    whole = b"".join(encode_message(*each) for each in given)
    assert read(*data.draw(pieces(whole))) == read(whole)


@given(message=messages, kept=st.floats(0, 1, exclude_max=True))
def test_a_stream_that_ends_within_a_message_is_a_vendors_error(message, kept):
    whole = encode_message(*message)
    parser = MessageParser()
    assert parser.feed(whole[: int(len(whole) * kept)]) == []
    if int(len(whole) * kept):
        with pytest.raises(VendorProtocolError, match="ended before its answer"):
            parser.close()
    else:
        parser.close()


@given(message=messages, at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(message, at, bit):
    whole = bytearray(encode_message(*message))
    whole[int(len(whole) * at)] ^= 1 << bit
    with pytest.raises(VendorProtocolError):
        read(bytes(whole))


@given(data=st.binary(max_size=80))
def test_any_bytes_are_messages_or_a_vendors_error(data):
    with suppress(VendorProtocolError):
        parser = MessageParser()
        for message in parser.feed(data):
            assert message.text(":event-type") is not None
        parser.close()


@given(block=st.binary(max_size=40))
def test_any_headers_with_sums_that_fit_are_read_or_a_vendors_error(block):
    with suppress(VendorProtocolError):
        assert len(read(framed(block, b"{}"))) == 1


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (b"\x01a\x07\x00\x05abc", "headers cannot be read"),
        (b"\x01a\x0a", "headers cannot be read"),
        (b"\x09a\x00", "headers cannot be read"),
        (b"\x01a\x09short", "headers cannot be read"),
        (b"\x01\xff\x00", "headers cannot be read"),
        (b"\x00\x00", "has no name"),
        (b"\x01a\x00\x01a\x01", "that of another"),
    ],
)
def test_headers_that_cannot_be_say_why(block: bytes, says: str):
    with pytest.raises(VendorProtocolError, match=says):
        read(framed(block, b""))


def test_a_length_beyond_the_limit_is_refused_before_its_bytes_come():
    lengths = struct.pack("!II", 2**31, 0)
    with pytest.raises(EventTooLargeError, match="more than 100 bytes"):
        MessageParser(limit=100).feed(lengths + struct.pack("!I", zlib.crc32(lengths)))


@pytest.mark.parametrize(("whole", "headers"), [(15, 0), (20, 10), (2**20, 2**18)])
def test_lengths_that_cannot_be_are_refused(whole: int, headers: int):
    lengths = struct.pack("!II", whole, headers)
    with pytest.raises(VendorProtocolError, match="lengths cannot be"):
        MessageParser().feed(lengths + struct.pack("!I", zlib.crc32(lengths)))


def test_events_and_exceptions_bear_the_names_that_sdks_look_for():
    event, error = oracle(encode_event("chunk", b"{}") + encode_exception("throttling", b"[]"))
    assert event.headers[":event-type"] == "chunk"
    assert event.headers[":message-type"] == "event"
    assert error.headers[":exception-type"] == "throttling"
    assert error.headers[":message-type"] == "exception"
    assert (event.text(":content-type"), event.text(":nothing")) == ("application/json", "")


def test_a_large_message_in_small_chunks_is_read_in_linear_time():
    whole = encode_message({}, bytes(2**21))
    parser = MessageParser()
    found = [m for at in range(0, len(whole), 1000) for m in parser.feed(whole[at : at + 1000])]
    assert [len(message.payload) for message in found] == [2**21]


@pytest.mark.parametrize("name", ["short", "long" * 200])
def test_headers_that_come_again_are_the_same_and_nobody_can_change_them(name: str):
    whole = encode_message({":event-type": name}, b"{}")
    first, second = MessageParser().feed(whole + whole)
    assert first == second
    assert second.text(":event-type") == name
    with pytest.raises(TypeError):
        first.headers[":event-type"] = "other"  # type: ignore[index]  # what must not be possible


def test_a_remembered_block_of_headers_excuses_no_wrong_sum():
    whole = encode_message({":event-type": "again"}, b"{}")
    parser = MessageParser()
    assert parser.feed(whole)
    with pytest.raises(VendorProtocolError):
        parser.feed(whole[:-1] + bytes((whole[-1] ^ 1,)))
