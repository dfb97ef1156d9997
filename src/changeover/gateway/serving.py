"""From a canonical request to a vendor's answer. The one way there, for every caller.

`Serving.serve` takes the design's steps between a client's request and its
answer:

1. Find the candidate routes for the model's name.
2. Decide for each candidate in order; a refused one is passed over.
3. Reserve what the call may take of its limits, and journal the intent.
4. When the connection stands, immediately before the write, look at the lease and
   decide once more; and again when the request is written.
5. Send, and read the beginning of the answer as canonical events.

No look can be taken in the middle of the write itself. A process that is stopped
there (by its machine, say) and goes on after an order began has sent that one
request on each connection that it was just writing to. The look behind the write
finds it, breaks the connection off, and the ledger says `barred-while-written`.

A candidate that is refused, unreachable, overloaded or resting gives way to the next
(`candidacy.py` has their order) as long as nothing was passed on; so does one that would
lose some of the request, where the service wants nothing lost, and one whose protocol
cannot say it, though not to another model: the request is at fault then, and not the model
that was asked for. A fallback
sends its own model's name. Each look is at the rules that stand then. When no candidate
is left, the caller hears of a vendor's failure, which may pass; else of what cannot be
said or would be lost; else of the refusal; else that nothing serves the model. What was
refused is in the ledger either way.

What an order does to answers that are on their way when it begins is in `in_flight.py`.

Whatever is asked of a model takes these steps; `operations.py` has what differs where
it is not to chat: how a candidate is tried.
"""

from contextlib import AsyncExitStack
from functools import partial

import msgspec

from changeover.basics.clock import monotonic
from changeover.basics.errors import NotFoundError
from changeover.conversation.events import StreamError
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import ModelKind, Route
from changeover.gateway.candidacy import Candidacy
from changeover.gateway.exchange import Exchange
from changeover.gateway.health import Health
from changeover.gateway.in_flight import InFlight
from changeover.gateway.model import Operation
from changeover.gateway.parts import Parts
from changeover.gateway.ports import Incoming, Outgoing, UpstreamError
from changeover.gateway.refusal import (
    Refusal,
    VendorRefusal,
    barred,
    cannot_be_asked,
    no_endpoint,
    no_route,
    no_usable_answer,
)
from changeover.gateway.segments import JournalError
from changeover.gateway.sending import Place, Sender, Sending
from changeover.gateway.tries import Tries
from changeover.gateway.trying import (
    Begin,
    Bound,
    Passed,
    PassedOver,
    R,
    Running,
    Trying,
    W,
    Wanted,
    X,
    check_kind,
    served_by,
)
from changeover.gateway.vendor_refusal import vendor_refusal
from changeover.gateway.written import Unread
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of
from changeover.wire.codec import Codec
from changeover.wire.errors import ProtocolError, VendorProtocolError

_OFFERED = 3
_TOOK_NO_PART = frozenset({429, 503, 529})
"""The statuses by which a vendor says that it took no part of a request."""
BARRED_WHILE_WRITTEN = "barred-while-written"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A chat call to be served. `caller` is what the ledger names: a key's prefix, or an account.

    `only` takes no replacement, whatever the service lets take the model's place. `content`
    are the data classes of what goes with the call, beside its service's own.
    """

    call_id: str
    service: str
    slot: str
    caller: str
    request: ChatRequest | Unread
    losses: tuple[Loss, ...] = ()
    only: bool = False
    operation: Operation = "chat"
    kind: ModelKind = "chat"
    content: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        return self.request.model


class Serving:
    """Serves calls. One per process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sender = Sender(parts.codec, parts.passage)
        self.in_flight = InFlight(parts.rules, parts.clock, parts.operator)
        self.tries = Tries(parts, self.in_flight)
        self.health = parts.health or Health()

    @property
    def operator(self) -> str:
        """The address of this installation."""
        return self._parts.operator

    def ruleset(self) -> Ruleset:
        """The ruleset in force; `Refusal` (503) until there is one."""
        try:
            return self._parts.rules.current
        except NotFoundError as error:
            raise Refusal(503, "not_ready", str(error)) from error

    async def serve(self, asked: Asked) -> Exchange:
        """The answer to a call, begun. Raises `Refusal` when there is none to be had."""
        return await self.offer(asked, self._try)

    async def offer(self, asked: W, trying: Trying[W, R]) -> R:
        """What the first candidate that can serve answers as `trying` asks it; else `Refusal`."""
        self._check_lease()
        try:
            return await self._candidates(asked, trying)
        except JournalError as error:
            raise Refusal(503, error.code, f"The call was not made. {error}") from error

    def finished(self, exchange: Running) -> None:
        """Forgets an exchange that was closed; one that its vendor broke off counts as failed."""
        if self.in_flight.discard(exchange) and exchange.attempt.result == "failed":
            self.health.failed(exchange.served.route.id, "BrokenOff")

    # Steps 1 and 2

    async def _candidates(self, asked: W, trying: Trying[W, R]) -> R:
        bound = self._bind(asked)
        try:
            found = find_candidates(
                bound.ruleset, asked.service, asked.slot, asked.model, bound.at, asked.call_id
            )
        except NotFoundError as error:
            listed = "GET /v1/models lists the models that your key may use."
            raise Refusal(404, "model_not_found", f"{error} {listed}") from error
        check_kind(bound.ruleset, asked, found.asked)
        candidacy = Candidacy(asked, trying, self._bind, self.health)
        answer = await candidacy.answer(found)
        if answer is None:
            raise await self._none_left(self._bind(asked), found.asked, candidacy.passed)
        return answer

    def _bind(self, asked: W) -> Bound[W]:
        """The call under the rules that stand now; `Refusal` (403) if they know it no more."""
        ruleset = self.ruleset()
        service = ruleset.directory.services.get(asked.service)
        if service is None or asked.slot not in {slot.name for slot in service.slots}:
            raise Refusal(
                403,
                "unknown_service",
                f"The directory has no service {asked.service} with a slot {asked.slot} any more.",
            )
        call, now = call_of(service, asked.slot), self._parts.clock.now()
        if asked.content:
            call = msgspec.structs.replace(call, content=asked.content)
        return Bound(asked=asked, call=call, ruleset=ruleset, at=now)

    async def _none_left(self, bound: Bound[W], routes: tuple[str, ...], passed: Passed) -> Refusal:
        """What the caller hears: a failure may pass, so it comes first; then the refusal."""
        if passed.refused:
            attempt = self.tries.attempt(bound, passed.refused[0])
            await attempt.begin()
            attempt.conclude("refused")
        if (heard := passed.heard) is not None:
            return heard
        if not passed.refused:
            return next(iter(passed.unreachable), no_route(bound.asked.model))
        asked, now = bound.asked, bound.at
        instead = alternatives(bound.ruleset, bound.call, asked.slot, now, routes, limit=_OFFERED)
        return barred(bound.ruleset, passed.refused, instead=instead, operator=self._parts.operator)

    # Steps 3 to 5

    async def _try(
        self, bound: Bound[Asked], decision: Decision, instead_of: str | None, passed: Passed
    ) -> Exchange:
        route = self.reachable(bound, decision, passed)
        sending = self._sending(bound.asked, route, replaces=instead_of is not None)
        losses = (*bound.asked.losses, *sending.losses)
        attempt = await self.tries.begin(bound, decision, sending.body, losses)
        served = served_by(bound, attempt, decision, instead_of, passed)
        outgoing = Outgoing(
            host=route.host,
            protocol=route.protocol,
            body=sending.body,
            target=sending.target,
            headers=sending.headers,
            stream=bound.asked.request.stream,
            stand_in=attempt.intent.stand_in,
            dialect=route.dialect,
            stream_type=sending.stream_type,
            waits=bound.waits,
        )
        exchange = Exchange(served, attempt, AsyncExitStack())
        flow = sending.flow

        async def begin(incoming: Incoming) -> None:
            if outgoing.stream:
                await exchange.open_stream(flow, incoming)
            else:
                await exchange.open_whole(flow, incoming)

        return await self.open(exchange, bound.asked, outgoing, begin)

    def _sending(self, asked: Asked, route: Route, *, replaces: bool) -> Sending:
        """The request as it goes to a route; `PassedOver` where it cannot be said there."""
        dialect = self._parts.local_dialects.get(route.host, route.dialect)
        place = Place(route=route, dialect=dialect, name=self.name_at(route), replaces=replaces)
        try:
            return self._sender.sending(asked.request, place)
        except ProtocolError as error:
            raise PassedOver(cannot_be_asked(route.id, error)) from error
        except Refusal as refusal:
            raise PassedOver(refusal, unsaid=True) from refusal

    def reachable(self, bound: Bound[W], decision: Decision, passed: Passed) -> Route:
        """The route decided on; `PassedOver` where this installation has no endpoint for it."""
        route = bound.ruleset.directory.routes[decision.route]
        if not self._parts.upstream.reaches(route.host, route.protocol):
            passed.unreachable.append(no_endpoint(route.id, route.host))
            raise PassedOver(None)
        return route

    def name_at(self, route: Route) -> str:
        """The name that the route's host knows its model by."""
        return self._parts.local_names.get(route.host, route.upstream_model)

    def spoken(self, route: Route) -> Codec:
        """The route's protocol, as its host speaks it."""
        dialect = self._parts.local_dialects.get(route.host, route.dialect)
        return self._parts.codec(route.protocol, dialect)

    def _last_look(self, exchange: Running, asked: Wanted, *, written: bool) -> None:
        """Step 4: the rules may have been replaced since the decision, or an instant passed.

        Raises when the route may no longer be used. Where the answer has become
        a notice, it is that answer which the caller is told. When the request is
        `written`, what bars it is recorded as having come too late.
        """
        if written:
            exchange.attempt.written()
        try:
            self._look(exchange, asked)
        except (PassedOver, Refusal):
            if written:
                exchange.attempt.conclude("cut", error=BARRED_WHILE_WRITTEN)
            raise

    def _look(self, exchange: Running, asked: Wanted) -> None:
        self._check_lease()
        route = exchange.served.route.id
        bound = self._bind(asked)
        if route not in bound.ruleset.directory.routes:
            raise PassedOver(no_route(asked.model))
        again = decide(bound.ruleset, bound.call, route, bound.at)
        if again.outcome == "refuse":
            raise PassedOver(None, again)
        exchange.served = msgspec.structs.replace(exchange.served, decision=again, call=bound.call)

    def _check_lease(self) -> None:
        """`Refusal` (503) while this replica may send nothing to a vendor."""
        why = self._parts.lease.lapsed()
        if why is not None:
            raise Refusal(
                503,
                "no_lease",
                f"This replica may not call vendors now: {why}. Try again; another replica "
                "may answer.",
                {"retry-after": "1"},
            )

    async def open(self, exchange: X, asked: Wanted, outgoing: Outgoing, begin: Begin) -> X:
        """Sends a request whose intent is journalled; `begin` reads the beginning of the answer."""
        attempt = exchange.attempt
        route = exchange.served.route
        opened = False
        status: int | None = None
        began = monotonic()
        try:
            async with AsyncExitStack() as stack:
                look = partial(self._last_look, exchange, asked)
                sent = self._parts.upstream.send(outgoing, look)
                incoming = await stack.enter_async_context(sent)
                status = incoming.status
                if incoming.status >= 300:
                    vendor = self.spoken(route)
                    now = self._parts.machine.now()
                    raise await vendor_refusal(attempt, vendor, incoming, now)
                await begin(incoming)
                exchange.hand_over(stack.pop_all())
                opened = True
            self.health.succeeded(route.id, monotonic() - began)
        except VendorRefusal as refusal:
            raise self._vendor_said(route.id, refusal, monotonic() - began) from refusal
        except (PassedOver, Refusal) as refusal:
            attempt.conclude("refused", error=_unsent(refusal))
            raise
        except (UpstreamError, VendorProtocolError, StreamError) as error:
            attempt.conclude("failed", status=status, error=type(error).__name__)
            self.health.failed(route.id, type(error).__name__)
            unsent = isinstance(error, UpstreamError) and error.unsent
            raise PassedOver(no_usable_answer(outgoing.host, error), again=unsent) from error
        finally:
            if not opened:
                attempt.conclude("cut")
        self.in_flight.add(exchange)
        return exchange

    def _vendor_said(
        self, route: str, refusal: VendorRefusal, seconds: float
    ) -> "PassedOver | VendorRefusal":
        """What comes of a vendor's answer with an error status."""
        if refusal.sound:
            self.health.succeeded(route, seconds)
        else:
            self.health.failed(route, f"HTTP {refusal.said.status}", after=refusal.said.retry_after)
        if not refusal.may_give_way:
            return refusal
        again = refusal.said.status in _TOOK_NO_PART
        return PassedOver(refusal, again=again, after=refusal.said.retry_after)


def _unsent(why: "PassedOver | Refusal") -> str | None:
    """Why nothing was sent, where it was not that the rules bar it."""
    return why.kind if isinstance(why, Refusal) and why.kind == "no_lease" else None
