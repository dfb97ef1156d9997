import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.wire.errors import EventTooLargeError, VendorProtocolError
from changeover.wire.sse import EventStreamParser, ServerSentEvent, encode_event
from tests.strategies import pieces


def parsed(*chunks: bytes, limit: int = 1000) -> list[ServerSentEvent]:
    parser = EventStreamParser(limit)
    return [event for chunk in chunks for event in parser.feed(chunk)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\n", [("", b"a")]),
        (b"data:a\r\n\r\n", [("", b"a")]),
        (b"data:  a\r\r", [("", b" a")]),
        (b"event: ping\ndata: {}\n\ndata: b\n\n", [("ping", b"{}"), ("", b"b")]),
        (b"data: a\ndata: b\ndata\n\n", [("", b"a\nb\n")]),
        (b"data\n\n", [("", b"")]),
        (b": comment\n\ndata: a\n: more\n\n", [("", b"a")]),
        (b"event: lonely\n\ndata: a\n\n", [("", b"a")]),
        (b"id: 7\nretry: 10\nother: x\ndata: a\n\n", [("", b"a")]),
        (b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", [("", b"a")]),
        (b"data: a\n", []),
        (b"data: unfinished", []),
        (b"", []),
    ],
)
def test_the_standard_rules(stream, events):
    expected = [ServerSentEvent(*event) for event in events]
    assert parsed(stream) == expected
    assert parsed(*(stream[i : i + 1] for i in range(len(stream)))) == expected


noise = st.lists(
    st.sampled_from(
        [
            b"\r",
            b"\n",
            b"\r\n",
            b"data",
            b"data:",
            b": ",
            b"event: e",
            b"x",
            b"\xef\xbb\xbf",
            b"\xff",
        ]
    ),
    max_size=30,
).map(b"".join)


@given(noise, st.data())
def test_any_chunking_gives_the_same_events(stream, data):
    assert parsed(*data.draw(pieces(stream))) == parsed(stream)


chunks = st.lists(
    st.sampled_from(
        [
            b"data: a\n\n",
            b"data: \n\n",
            b"data: b\r\n\r\n",
            b"data: c\rdata: d\n\n",
            b"data: e\n",
            b"data: f\ndata: g\n\n",
            b"event: n\ndata: h\n\n",
            b"event: n\ndata: i\ndata: j\n\n",
            b"event: m\ndata: k\n\n",
            b"event: \xff\ndata: l\n\n",
            b"event: n\n",
            b": c\n\n",
            b"\n",
            b"\r",
        ]
    ),
    max_size=8,
)


@given(chunks)
def test_events_that_come_one_by_one_are_those_of_their_bytes(given):
    whole = b"".join(given)
    assert parsed(*given) == parsed(*(whole[i : i + 1] for i in range(len(whole))))


@given(noise)
def test_line_endings_are_equal(stream):
    bare = stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert (
        parsed(bare.replace(b"\n", b"\r\n")) == parsed(bare) == parsed(bare.replace(b"\n", b"\r"))
    )


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="abc_", max_size=5),
            st.binary(max_size=20).map(lambda data: data.replace(b"\r", b"")),
        ),
        max_size=5,
    )
)
def test_what_is_encoded_is_parsed(events):
    stream = b"".join(encode_event(data, name) for name, data in events)
    assert parsed(stream) == [ServerSentEvent(name, data) for name, data in events]


@pytest.mark.parametrize(
    "stream", [b"data: " + b"x" * 60, b"x" * 60 + b"\n", b"data: 0123456789\n" * 6]
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_too_much_is_a_specific_error_however_it_is_cut(stream, step):
    with pytest.raises(EventTooLargeError, match="50 bytes") as caught:
        parsed(*(stream[i : i + step] for i in range(0, len(stream), step)), limit=50)
    assert isinstance(caught.value, VendorProtocolError)


def test_the_limit_is_per_event():
    assert len(parsed(b"data: 0123456789\n\n" * 100, limit=50)) == 100


def test_a_long_line_in_small_chunks_costs_what_its_bytes_cost():
    parser = EventStreamParser()
    chunk = b"x" * 64
    parser.feed(b"data: ")
    before = time.process_time()
    for _ in range(65_536):
        parser.feed(chunk)
    (event,) = parser.feed(b"\n\n")
    # Copying the line so far for every chunk would move 137 GB, some 20 s.
    assert time.process_time() - before < 5
    assert len(event.data) == 64 * 65_536
