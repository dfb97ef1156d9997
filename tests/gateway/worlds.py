"""A gateway over the small world of the orders' tests, with a vendor that tests steer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import msgspec

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ChangeoverError
from changeover.gateway.call import Gateway, GatewayParts
from changeover.gateway.model import CallOutcome, Intent
from changeover.gateway.parts import Parts
from changeover.gateway.ports import Look, Outgoing, UpstreamError
from changeover.gateway.serving import Serving
from changeover.identity.keys import KeyRing
from changeover.identity.model import Key
from changeover.metering.prices import NoPrices
from changeover.orders.in_force import Rules
from changeover.orders.lease import EndlessLease
from changeover.wire.registry import codec, passage
from changeover.wire.sealing import Wrapping
from tests.orders.worlds import T0

WRAPPING = Wrapping(b"the secret of these tests")


def reply(text: str = "Hello.", usage: Mapping[str, object] | None = None) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {
        "id": "r1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
    }
    return msgspec.json.encode(body if usage is None else body | {"usage": usage})


def chunk(text: str | None = None, finish: str | None = None) -> bytes:
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "r1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + msgspec.json.encode(body | {"choices": [choice]}) + b"\n\n"


DONE = b"data: [DONE]\n\n"


class Vendor:
    """Implements `Upstream`: each host answers what its test put there."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.answers: dict[str, bytes | ChangeoverError | Arriving] = {}
        self.closed = 0
        self.called = asyncio.Event()
        self.on_connect: Callable[[], Awaitable[None]] | None = None
        self.on_write: Callable[[], None] | None = None

    def reaches(self, host: str, protocol: str) -> bool:
        return host != "unreachable"

    def stands_in(self, host: str) -> bool:
        return False

    @asynccontextmanager
    async def send(self, outgoing: Outgoing, last_look: Look) -> AsyncIterator["Arriving"]:
        if self.on_connect is not None:
            await self.on_connect()
        last_look(written=False)
        self.sent.append(outgoing)
        if self.on_write is not None:
            self.on_write()
        last_look(written=True)
        self.called.set()
        answer = self.answers.get(outgoing.host, reply())
        if isinstance(answer, ChangeoverError):
            raise answer
        try:
            yield answer if isinstance(answer, Arriving) else Arriving([answer])
        finally:
            self.closed += 1


class Arriving:
    """Implements `Incoming`; with `hold` it waits after its pieces until it is aborted."""

    def __init__(
        self, pieces: list[bytes], *, status: int = 200, hold: bool = False, headers=None
    ) -> None:
        self.status = status
        self.headers: Mapping[str, str] = headers or {}
        self.content_type = "application/json"
        self._pieces = pieces
        self._hold = hold
        self._aborted = asyncio.Event()

    def abort(self) -> None:
        self._aborted.set()

    def progress(self) -> None:
        pass

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._hold:
            await self._aborted.wait()
            raise UpstreamError("The vendor's answer was broken off.")


class Paper:
    """Implements `Journal` in memory; `on_intend` runs before an intent is taken."""

    def __init__(self) -> None:
        self.intents: list[Intent] = []
        self.outcomes: list[CallOutcome] = []
        self.on_intend: Callable[[], Awaitable[None]] | None = None

    @property
    def next_seq(self) -> int:
        return len(self.intents) + 1

    async def intend(self, intent: Intent) -> None:
        assert intent.seq == self.next_seq
        self.intents.append(intent)
        if self.on_intend is not None:
            await self.on_intend()

    def conclude(self, outcome: CallOutcome) -> None:
        self.outcomes.append(outcome)

    @property
    def results(self) -> list[str]:
        assert [o.seq for o in self.outcomes] == [i.seq for i in self.intents]
        return [outcome.result for outcome in self.outcomes]


class World:
    """A gateway's parts with the rules that a test gives."""

    def __init__(
        self,
        ruleset,
        *,
        at=T0,
        lease=None,
        codec=codec,
        passage=passage,
        upstream=None,
        prices=None,
        meter=None,
    ):
        self.codec, self.passage = codec, passage
        self.rules = Rules()
        self.rules.replace(ruleset)
        self.vendor = Vendor()
        self.journal = Paper()
        self.clock = FixedClock(at)
        self._parts = Parts(
            rules=self.rules,
            upstream=upstream or self.vendor,
            journal=self.journal,
            codec=codec,
            passage=passage,
            clock=self.clock,
            start="start_1",
            operator="http://here/",
            lease=lease or EndlessLease(),
            prices=prices or NoPrices(),
            meter=meter,
            machine=FixedClock(at),
        )
        self.serving = Serving(self._parts)

    def parts(self, **changes) -> Parts:
        """What it serves with, but for what the changes say."""
        changed: Parts = msgspec.structs.replace(self._parts, **changes)
        return changed


def applications(world: World, *keys: Key) -> Gateway:
    """The gateway as applications see it, for those who have one of the keys."""
    return Gateway(
        GatewayParts(
            serving=world.serving,
            keys=KeyRing(keys),
            codec=world.codec,
            passage=world.passage,
            clock=world.clock,
            wrapping=WRAPPING,
        )
    )


def all_translated(protocol, dialect=None) -> None:
    """No protocol's bytes pass through."""
