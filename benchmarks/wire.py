"""Reading and writing a protocol, beside reading and writing its bytes as any JSON.

A request is read from a client and written for the vendor; a stream's event is
read from the vendor and written for the client. The measure is msgspec's untyped
decode and encode of the same bytes: what a program would spend that understood
nothing of them.
"""

import time
from collections.abc import Callable

import msgspec

from benchmarks.exchange import STREAMED, streamed_answer
from benchmarks.results import Against, Goal, Row, median, row
from changeover.directory.model import Protocol
from changeover.wire.codec import ReplyContext
from changeover.wire.registry import codec

_CLIENTS: tuple[Protocol, ...] = ("openai-chat", "anthropic-messages")
_VENDOR: Protocol = "openai-chat"
_MOST_TIMES = 5
_DONE = b"[DONE]"
_CONTEXT = ReplyContext(id="call_benchmark", model="openai/gpt-4.1", created=1_772_000_000)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many rounds, and how many times each thing is done in one."""

    rounds: int = 41
    times: int = 100


QUICK = Plan(rounds=11, times=50)


def measure(plan: Plan) -> list[Row]:
    return [row for client in _CLIENTS for row in (_request(plan, client), _events(plan, client))]


def _request(plan: Plan, client: Protocol) -> Row:
    body = STREAMED.body if client == "openai-chat" else _for_anthropic(STREAMED.body)
    reading, writing = codec(client), codec(_VENDOR)

    def translate() -> None:
        request, _ = reading.decode_request(body)
        writing.encode_request(request, "gpt-4.1")

    def untyped() -> None:
        msgspec.json.encode(msgspec.json.decode(body))

    name, of = f"wire-request-{client}", f"msgspec's untyped JSON, {len(body)} bytes"
    return _compared(plan, name, of, (translate, untyped, 1))


def _events(plan: Plan, client: Protocol) -> Row:
    events = streamed_answer()
    payloads = [event.removeprefix(b"data: ").rstrip() for event in events]
    objects = [payload for payload in payloads if payload != _DONE]
    reading, writing = codec(_VENDOR), codec(client)

    def translate() -> None:
        decoder, encoder = reading.stream_decoder(), writing.stream_encoder(_CONTEXT)
        for chunk in events:
            for event in decoder.feed(chunk):
                encoder.encode(event)
        for event in decoder.close():
            encoder.encode(event)

    def untyped() -> None:
        for payload in objects:
            msgspec.json.encode(msgspec.json.decode(payload))

    size = sum(map(len, objects)) // len(objects)
    name, of = f"wire-event-{client}", f"msgspec's untyped JSON, {size} bytes"
    return _compared(plan, name, of, (translate, untyped, len(objects)))


def _compared(
    plan: Plan, name: str, of: str, work: tuple[Callable[[], None], Callable[[], None], int]
) -> Row:
    """The two kinds of work in turns; microseconds for each of the things that one call does."""
    ours, theirs, things = work
    spent: list[float] = []
    measure: list[float] = []
    for _ in range(plan.rounds):
        spent.append(_microseconds(ours, plan.times) / things)
        measure.append(_microseconds(theirs, plan.times) / things)
    goal = Goal(_MOST_TIMES, "most", "ratio")
    return row(name, median(spent), "µs", Against(of, median(measure)), goal)


def _microseconds(work: Callable[[], None], times: int) -> float:
    began = time.perf_counter_ns()
    for _ in range(times):
        work()
    return (time.perf_counter_ns() - began) / times / 1000


def _for_anthropic(body: bytes) -> bytes:
    """The same request as a Messages client writes it."""
    asked = msgspec.json.decode(body)
    system, *messages = asked["messages"]
    return msgspec.json.encode(
        {
            "model": asked["model"],
            "system": system["content"],
            "messages": messages,
            "max_tokens": asked["max_tokens"],
            "temperature": asked["temperature"],
            "stream": True,
        }
    )
