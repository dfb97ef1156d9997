"""What the gateway is measured with: complete answers pass the check, others do not."""

import msgspec
import pytest
from benchmarks.exchange import (
    ANSWER,
    EVENTS,
    STREAMED,
    WHOLE,
    IncompleteError,
    streamed_answer,
    whole_answer,
)

from changeover.conversation.events import fold
from changeover.conversation.model import Text
from changeover.wire.openai_chat.codec import OpenAIChat


def test_the_calls_are_of_about_a_kilobyte_each_way() -> None:
    assert all(800 <= len(each) <= 1400 for each in (WHOLE.body, STREAMED.body, whole_answer()))


def test_the_answers_are_what_the_protocol_says() -> None:
    decoder = OpenAIChat().stream_decoder()
    events = [event for chunk in streamed_answer() for event in decoder.feed(chunk)]
    streamed = fold([*events, *decoder.close()])
    whole = fold(OpenAIChat().decode_reply(whole_answer()))
    assert streamed.parts == (Text(text=ANSWER),)
    assert streamed.parts == whole.parts
    assert streamed.usage == whole.usage


def test_both_requests_are_read_without_loss() -> None:
    for exchange in (WHOLE, STREAMED):
        request, losses = OpenAIChat().decode_request(exchange.body)
        assert (request.model, request.stream, losses) == ("gpt-4.1", exchange.stream, ())


def test_there_are_as_many_events_with_text_as_stated() -> None:
    assert sum(b"piece-" in event for event in streamed_answer()) == EVENTS


def test_complete_answers_pass() -> None:
    WHOLE.check(200, whole_answer())
    STREAMED.check(200, b"".join(streamed_answer()))


@pytest.mark.parametrize("missing", range(0, EVENTS + 3, 5))
def test_a_stream_without_one_of_its_events_does_not_pass(missing: int) -> None:
    events = streamed_answer()
    without = events[:missing] + events[missing + 1 :]
    carries = b"piece-" in events[missing] or b"[DONE]" in events[missing]
    if carries:
        with pytest.raises(IncompleteError):
            STREAMED.check(200, b"".join(without))
    else:
        STREAMED.check(200, b"".join(without))


def test_pieces_out_of_order_an_error_and_a_cut_do_not_pass() -> None:
    events = streamed_answer()
    swapped = [events[1], events[0], *events[2:]]
    error = msgspec.json.encode({"error": {"message": "no"}})
    for status, body in ((200, b"".join(swapped)), (503, error), (200, whole_answer()[:-200])):
        with pytest.raises(IncompleteError):
            (STREAMED if status == 200 and body.startswith(b"data") else WHOLE).check(status, body)
