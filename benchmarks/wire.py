"""Reading and writing a protocol, beside reading and writing its bytes as any JSON.

A request is read from a client and written for the vendor; a stream's event is
read from the vendor and written for the client. Every protocol is measured as the
client's and as the vendor's, with Chat Completions on the other side. The measure is
msgspec's untyped decode and encode of the same bytes: what a program would spend that
understood nothing of them. Where both sides speak one protocol the bytes pass through, for
which the bound is lower.

The two kinds of work take turns, for about as long each, and what counts is the
processor's time of this thread, so that a machine that does something else meanwhile is
slow for both alike. Values are the medians of the rounds.
"""

import time
from collections.abc import Callable, Iterator

import msgspec

from benchmarks import wire_memory
from benchmarks.results import Against, Goal, Row, median, row
from benchmarks.translations import BEGUN_IN, CONTEXT, MODEL, payloads, request, stream
from changeover.conversation.model import Sealed
from changeover.directory.model import PROTOCOLS, Protocol
from changeover.wire.passing import Outbound, Towards
from changeover.wire.registry import codec, passage

_MOST_TIMES = 5
_MOST_TIMES_PASSING = 1.5
_TAKES_TURNS = 5


class _Work(msgspec.Struct, frozen=True):
    """What is compared; one call of either does so many `things`."""

    ours: Callable[[], object]
    theirs: Callable[[], object]
    things: int = 1
    most: float = _MOST_TIMES


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many rounds, how many times each thing is done in one, and the memory's sizes."""

    rounds: int = 41
    times: int = 50
    memory: wire_memory.Plan = wire_memory.Plan()


QUICK = Plan(rounds=11, times=20, memory=wire_memory.QUICK)


def measure(plan: Plan) -> list[Row]:
    requests = [_request(plan, client, vendor) for client, vendor in _pairs()]
    events = [_events(plan, client, vendor) for client, vendor in _pairs()]
    passing = [row(plan, each) for row in (_passed_request, _passed_events) for each in _passing()]
    return [*requests, *events, *passing, *wire_memory.measure(plan.memory)]


def _pairs() -> Iterator[tuple[Protocol, Protocol]]:
    yield from ((client, BEGUN_IN) for client in PROTOCOLS)
    yield from ((BEGUN_IN, vendor) for vendor in PROTOCOLS if vendor != BEGUN_IN)


def _request(plan: Plan, client: Protocol, vendor: Protocol) -> Row:
    body, target = request(client)
    reading, writing = codec(client), codec(vendor)

    def translate() -> None:
        asked, _ = reading.decode_request(body, target)
        writing.encode_request(asked, MODEL)

    def untyped() -> None:
        msgspec.json.encode(msgspec.json.decode(body))

    name = f"wire-request-{client}-to-{vendor}"
    return _compared(plan, name, f"{len(body)} bytes", _Work(translate, untyped))


def _events(plan: Plan, client: Protocol, vendor: Protocol) -> Row:
    chunks, objects = stream(vendor), payloads(vendor)
    reading, writing = codec(vendor), codec(client)

    def translate() -> None:
        decoder, encoder = reading.stream_decoder(), writing.stream_encoder(CONTEXT)
        for chunk in chunks:
            for event in decoder.feed(chunk):
                encoder.encode(event)
        for event in decoder.close():
            encoder.encode(event)

    def untyped() -> None:
        for payload in objects:
            msgspec.json.encode(msgspec.json.decode(payload))

    size = sum(map(len, objects)) // len(objects)
    name = f"wire-event-{vendor}-to-{client}"
    return _compared(plan, name, f"{size} bytes", _Work(translate, untyped, len(objects)))


class _Unsealed:
    """The seals of a route in whose answers nothing is sealed."""

    def opened(self, value: str, words: str) -> str | None:
        raise NotImplementedError

    def unsealed(self, value: str, words: str) -> Sealed | None:
        raise NotImplementedError

    def wrapped(self, sealed: Sealed, words: str) -> str:
        raise NotImplementedError


_TOWARDS = Towards(model=MODEL, shown=CONTEXT.model, seals=_Unsealed())


def _passing() -> list[Protocol]:
    return [protocol for protocol in PROTOCOLS if passage(protocol) is not None]


def _outbound(protocol: Protocol) -> Outbound:
    through = passage(protocol)
    assert through is not None
    out = through.read(*request(protocol)).outbound(_TOWARDS)
    assert out is not None, f"a request of {protocol} does not pass through"
    return out


def _passed_request(plan: Plan, protocol: Protocol) -> Row:
    body, target = request(protocol)
    through = passage(protocol)
    assert through is not None
    read = through.read
    _outbound(protocol)  # which tells what does not pass

    def passed() -> None:
        read(body, target).outbound(_TOWARDS)

    def untyped() -> None:
        msgspec.json.encode(msgspec.json.decode(body))

    work = _Work(passed, untyped, most=_MOST_TIMES_PASSING)
    return _compared(plan, f"wire-passing-request-{protocol}", f"{len(body)} bytes", work)


def _passed_events(plan: Plan, protocol: Protocol) -> Row:
    chunks, objects = stream(protocol), payloads(protocol)
    asked = iter([_outbound(protocol) for _ in range(plan.rounds * plan.times)])

    def through() -> None:
        reader = next(asked).answer
        for chunk in chunks:
            reader.feed(chunk)
        reader.close()

    def untyped() -> None:
        for payload in objects:
            msgspec.json.encode(msgspec.json.decode(payload))

    size = sum(map(len, objects)) // len(objects)
    work = _Work(through, untyped, len(objects), most=_MOST_TIMES_PASSING)
    return _compared(plan, f"wire-passing-event-{protocol}", f"{size} bytes", work)


def _compared(plan: Plan, name: str, of: str, work: _Work) -> Row:
    """The two kinds of work in turns; microseconds for each of the things that one call does."""
    spent: list[float] = []
    measure: list[float] = []
    for _ in range(plan.rounds):
        spent.append(_microseconds(work.ours, plan.times) / work.things)
        measure.append(_microseconds(work.theirs, plan.times * _TAKES_TURNS) / work.things)
    against = Against(f"msgspec's untyped JSON, {of}", median(measure))
    return row(name, median(spent), "µs", against, Goal(work.most, "most", "ratio"))


def _microseconds(work: Callable[[], object], times: int) -> float:
    began = time.thread_time_ns()
    for _ in range(times):
        work()
    return (time.thread_time_ns() - began) / times / 1000
