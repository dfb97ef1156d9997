"""What a large request and a long stream hold at their peak while they are translated.

tracemalloc counts what Python allocates, so the figures do not depend on the machine. A
request of 10 MB is compared with msgspec reading and writing the same bytes as any JSON. A
stream must not hold more for being longer: one of 100,000 events is compared with one
of 1,000. Responses says the whole text again at its end, whoever speaks it, so there the
comparison is with the text.
"""

import base64
import gc
import tracemalloc
from collections.abc import Callable

import msgspec

from benchmarks.results import Against, Goal, Row, row
from benchmarks.translations import BEGUN_IN, CONTEXT, MODEL
from changeover.conversation.events import (
    Event,
    Finished,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    UsageSeen,
)
from changeover.conversation.model import Usage
from changeover.directory.model import PROTOCOLS, Protocol
from changeover.wire.registry import codec

_SHORT = 1_000
_MOST_OF_UNTYPED = 2.0
_MOST_OF_SHORT = 1.1
_MOST_OF_TEXT = 5.0
_WHOLE_AT_THE_END: Protocol = "openai-responses"
_MEASURED = {"anthropic-messages"}
_PIECE = "piece of the answer, "


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The request's size in bytes, and the stream's length in events."""

    request: int = 10_000_000
    events: int = 100_000


QUICK = Plan(events=10_000)


def measure(plan: Plan) -> list[Row]:
    return [
        *(_request(plan, kind) for kind in ("image", "turns")),
        *(_stream(plan, vendor, "anthropic-messages") for vendor in PROTOCOLS),
        *(_stream(plan, BEGUN_IN, client) for client in PROTOCOLS if client not in _MEASURED),
    ]


def _request(plan: Plan, kind: str) -> Row:
    body = _with_image(plan.request) if kind == "image" else _with_turns(plan.request)
    reading, writing = codec(BEGUN_IN), codec("anthropic-messages")

    def translate() -> None:
        asked, _ = reading.decode_request(body)
        writing.encode_request(asked, MODEL)

    def untyped() -> None:
        given = msgspec.json.decode(body)
        msgspec.json.encode(given)

    ours, theirs = _peak(translate) / 1e6, _peak(untyped) / 1e6
    against = Against(f"msgspec's untyped JSON, {len(body)} bytes", theirs)
    goal = Goal(_MOST_OF_UNTYPED, "most", "ratio")
    return row(f"wire-memory-request-{kind}", ours, "MB", against, goal)


def _stream(plan: Plan, vendor: Protocol, client: Protocol) -> Row:
    """The peak of a long stream, beside that of a short one, or beside its own text."""
    name = f"wire-memory-stream-{vendor}-to-{client}"
    long = _peak_of_stream(vendor, client, plan.events) / 1e3
    if _WHOLE_AT_THE_END in {vendor, client}:
        text = plan.events * len(_PIECE) / 1e3
        against = Against(f"the text of its {plan.events} events", text)
        return row(name, long, "kB", against, Goal(_MOST_OF_TEXT, "most", "ratio"))
    short = _peak_of_stream(vendor, client, _SHORT) / 1e3
    against = Against(f"{_SHORT} events instead of {plan.events}", short)
    return row(name, long, "kB", against, Goal(_MOST_OF_SHORT, "most", "ratio"))


def _peak_of_stream(vendor: Protocol, client: Protocol, events: int) -> int:
    decoder, encoder = codec(vendor).stream_decoder(), codec(client).stream_encoder(CONTEXT)
    chunks = _long(vendor, events)

    def translate() -> None:
        for chunk in chunks:
            for event in decoder.feed(chunk):
                encoder.encode(event)
        for event in decoder.close():
            encoder.encode(event)

    return _peak(translate)


def _long(vendor: Protocol, events: int) -> list[bytes]:
    """A vendor's stream of so many pieces of text, each in an event of its own."""
    pieces: list[Event] = [TextDelta(text=_PIECE) for _ in range(events)]
    said: list[Event] = [
        Started(id="answer", model=MODEL),
        TextStarted(),
        *pieces,
        TextEnded(),
        UsageSeen(usage=Usage(input_tokens=1, output_tokens=events)),
        Finished(stop="end"),
    ]
    encoder = codec(vendor).stream_encoder(CONTEXT)
    return [encoder.encode(event) for event in said]


def _peak(work: Callable[[], None]) -> int:
    """The most that `work` holds at once, in bytes."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _with_image(size: int) -> bytes:
    data = base64.b64encode(bytes(size * 3 // 4)).decode()
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    return _asking([{"role": "user", "content": [image, {"type": "text", "text": "What is it?"}]}])


def _with_turns(size: int) -> bytes:
    """A conversation of turns of a kilobyte each."""
    words = "Say what a changeover is. " * 38
    pair = [{"role": "user", "content": words}, {"role": "assistant", "content": words}]
    pairs = size // (2 * (len(words) + 40))
    return _asking([*(message for _ in range(pairs) for message in pair), pair[0]])


def _asking(messages: list[object]) -> bytes:
    return msgspec.json.encode({"model": MODEL, "messages": messages, "max_tokens": 400})
