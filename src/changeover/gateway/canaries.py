"""Canaries: calls that show that a route refuses, made for no other purpose.

A record that holds no call to a vendor shows that none passed, and not whether one would have
been refused. So each service is made to ask for each route as it would, through the same steps
of `serving.py` up to the last look when the connection stands; only what stands at the end of
the connection is a *sink* on this machine, and never the vendor. What came of it is one of

* refused: the rules bar it, and nothing was written;
* let out: nothing bars it, and the request was written to the sink;
* not asked: something else than the rules came in the way, such as a lease that ran out.

A canary has a journal of its own in memory. It is no call: it takes no number, no money and no
place in anybody's limits, and shows no use.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.ids import new_id
from changeover.basics.instants import microseconds
from changeover.conversation.model import ChatRequest, Sampling, Text, Turn
from changeover.gateway.model import CallOutcome, Intent
from changeover.gateway.parts import Parts
from changeover.gateway.refusal import Refusal
from changeover.gateway.serving import Asked, Serving
from changeover.metering.prices import NoPrices
from changeover.orders.ruleset import Ruleset
from changeover.wire.passing import Passage

CALLER = "canary"
_WORDS = "This is a canary. It must not reach a vendor."


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the canaries of one route: one was asked for each slot of each service.

    `asked` and `refused` count them by party; `let_out` and `not_asked` name the others, as
    service/slot. `instruments` are those that refused; none where a network's default did.
    """

    route: str
    maker: str
    host: str
    asked: dict[str, int]
    refused: dict[str, int]
    let_out: tuple[str, ...]
    not_asked: tuple[str, ...]
    instruments: tuple[str, ...]
    ruleset: str


class Kept:
    """A journal in memory, of which nothing is drained."""

    def __init__(self) -> None:
        self.next_seq = 1
        self.intents: list[Intent] = []
        self.outcomes: list[CallOutcome] = []

    async def intend(self, intent: Intent) -> None:
        self.next_seq += 1
        self.intents.append(intent)

    def conclude(self, outcome: CallOutcome) -> None:
        self.outcomes.append(outcome)


def barred_routes(ruleset: Ruleset, at: datetime) -> list[str]:
    """The routes that a prohibition in force is aimed at, whomever it bars."""
    barring = [
        standing
        for standing in ruleset.standings
        if (standing.layer, standing.modality) == ("orders", "prohibit")
        and standing.status(microseconds(at)) == "operative"
    ]
    return [
        route
        for route in ruleset.directory.routes
        if any(standing.matches(ruleset.reached(route).lineage) for standing in barring)
    ]


class Canaries:
    """Makes canaries with the rules and the lease of `parts`; their upstream leads to the sink.

    `reached` counts the requests of which the sink has read a byte.
    """

    def __init__(self, parts: Parts, reached: Callable[[], int]) -> None:
        self._reached = reached
        self._kept = Kept()
        self._parts = msgspec.structs.replace(
            parts, journal=self._kept, meter=None, prices=NoPrices(), passage=_none, start=CALLER
        )
        self._serving = Serving(self._parts)

    async def of(self, routes: Iterable[str]) -> list[Canary]:
        """One for each route that stands; `Refusal` until there are rules."""
        found = []
        for route in routes:
            ruleset = self._serving.ruleset()
            if route in ruleset.directory.routes:
                found.append(await self._of(ruleset, route))
        return found

    async def _of(self, ruleset: Ruleset, route: str) -> Canary:
        directory = ruleset.directory
        model = directory.models[directory.routes[route].model]
        counted, refused = Counter[str](), Counter[str]()
        let_out, not_asked, instruments = list[str](), list[str](), dict[str, None]()
        for service, slot in _slots(ruleset):
            # Others' calls go first: a canary waits for nobody, and many would hold the loop.
            await asyncio.sleep(0)
            asked = Asked(
                call_id=new_id("call"),
                service=service,
                slot=slot,
                caller=CALLER,
                request=_request(route),
                only=True,
                kind=model.kind,
            )
            counted[directory.services[service].party] += 1
            match await self._came_of(asked):
                case None:
                    not_asked.append(f"{service}/{slot}")
                case "refused":
                    refused[directory.services[service].party] += 1
                    instruments |= dict.fromkeys(self._kept.intents[-1].instruments)
                case _:
                    let_out.append(f"{service}/{slot}")
        return Canary(
            route=route,
            maker=model.maker,
            host=directory.routes[route].host,
            asked=dict(counted),
            refused=dict(refused),
            let_out=tuple(let_out),
            not_asked=tuple(not_asked),
            instruments=tuple(instruments),
            ruleset=ruleset.version,
        )

    async def _came_of(self, asked: Asked) -> str | None:
        """The result that the gateway would have recorded; None where it was not asked."""
        before, reached = len(self._kept.outcomes), self._reached()
        with contextlib.suppress(Refusal):
            exchange = await self._serving.serve(asked)
            await exchange.aclose()
            self._serving.finished(exchange)
        outcomes = self._kept.outcomes[before:]
        if self._reached() > reached:
            return "let-out"
        if not outcomes or outcomes[-1].error == "no_lease":
            return None
        return outcomes[-1].result


def _slots(ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    for service in ruleset.directory.services.values():
        for slot in service.slots:
            yield service.id, slot.name


def _request(route: str) -> ChatRequest:
    turn = Turn(role="user", parts=(Text(text=_WORDS),))
    return ChatRequest(model=route, system=(), turns=(turn,), sampling=Sampling(max_tokens=1))


def _none(protocol: object, dialect: object = None) -> Passage | None:
    """No passage: what a canary asks is canonical."""
    del protocol, dialect
    return None
