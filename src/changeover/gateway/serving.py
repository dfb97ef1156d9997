"""From a canonical request to a vendor's answer. The one way there, for every caller.

`Serving.serve` takes the design's steps between a client's request and its
answer:

1. Find the candidate routes for the model's name.
2. Decide for each candidate in order; a refused one is passed over.
3. Journal the intent.
4. When the connection stands, immediately before the write, look at the lease and
   decide once more; and again when the request is written.
5. Send, and read the beginning of the answer as canonical events.

No look can be taken in the middle of the write itself. A process that is stopped
there (by its machine, say) and goes on after an order began has sent that one
request on each connection that it was just writing to. The look behind the write
finds it, breaks the connection off, and the ledger says `barred-while-written`.

A candidate that is refused, unreachable or overloaded gives way to the next as
long as nothing was passed on; so does one that would lose some of the request, where the
service wants nothing lost, and one whose protocol cannot say it, though not to another
model: the request is at fault then, and not the model that was asked for. A fallback
sends its own model's name. Each look is at the rules that stand then. When no candidate
is left, the caller hears of a vendor's failure, which may pass; else of what cannot be
said or would be lost; else of the refusal; else that nothing serves the model. What was
refused is in the ledger either way.

What an order does to answers that are on their way when it begins is in `in_flight.py`.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.conversation.events import StreamError
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Dialect, Protocol
from changeover.gateway.attempt import Attempt
from changeover.gateway.exchange import Exchange, ServedBy
from changeover.gateway.flow import Flow
from changeover.gateway.in_flight import InFlight
from changeover.gateway.model import Intent
from changeover.gateway.passed_over import Passed, PassedOver
from changeover.gateway.ports import Journal, Outgoing, Upstream, UpstreamError
from changeover.gateway.refusal import (
    Refusal,
    VendorRefusal,
    barred,
    no_endpoint,
    no_route,
    would_lose,
)
from changeover.gateway.segments import JournalError
from changeover.gateway.sending import Sender
from changeover.gateway.vendor_refusal import vendor_refusal
from changeover.gateway.written import Unread
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.decision import Call, Decision
from changeover.orders.in_force import Rules
from changeover.orders.lease import EndlessLease, Lease
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of
from changeover.wire.codec import Codecs
from changeover.wire.errors import VendorProtocolError
from changeover.wire.passing import Passages

_OFFERED = 3
BARRED_WHILE_WRITTEN = "barred-while-written"


def _translated(protocol: Protocol, dialect: Dialect | None = None) -> None:
    """No passage: all is translated."""
    del protocol, dialect


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What serving works with; `operator` is the address of this installation.

    `local_names` gives the model's name at a host whose one model is whatever
    its operator loaded there.
    """

    rules: Rules
    upstream: Upstream
    journal: Journal
    codec: Codecs
    passage: Passages = _translated
    clock: Clock
    start: str
    operator: str
    local_names: Mapping[str, str] = {}
    lease: Lease = EndlessLease()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A call to be served. `caller` is what the ledger names: a key's prefix, or an account.

    `only` takes no replacement, whatever the service lets take the model's place.
    """

    call_id: str
    service: str
    slot: str
    caller: str
    request: ChatRequest | Unread
    losses: tuple[Loss, ...] = ()
    only: bool = False


class _Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A call with the rules that stand as it is looked at."""

    asked: Asked
    call: Call
    ruleset: Ruleset


class Serving:
    """Serves calls. One per process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sender = Sender(parts.codec, parts.passage)
        self.in_flight = InFlight(parts.rules, parts.clock, parts.operator)

    def ruleset(self) -> Ruleset:
        """The ruleset in force; `Refusal` (503) until there is one."""
        try:
            return self._parts.rules.current
        except NotFoundError as error:
            raise Refusal(503, "not_ready", str(error)) from error

    async def serve(self, asked: Asked) -> Exchange:
        """The answer to a call, begun. Raises `Refusal` when there is none to be had."""
        self._check_lease()
        try:
            return await self._candidates(asked)
        except JournalError as error:
            raise Refusal(503, error.code, f"The call was not made. {error}") from error

    def finished(self, exchange: Exchange) -> None:
        """Forgets an exchange that was closed."""
        self.in_flight.discard(exchange)

    # Steps 1 and 2

    async def _candidates(self, asked: Asked) -> Exchange:
        bound = self._bind(asked)
        try:
            found = find_candidates(
                bound.ruleset,
                asked.service,
                asked.slot,
                asked.request.model,
                self._parts.clock.now(),
            )
        except NotFoundError as error:
            listed = "GET /v1/models lists the models that your key may use."
            raise Refusal(404, "model_not_found", f"{error} {listed}") from error
        _check_kind(bound.ruleset, asked.request.model, found.asked)
        passed = Passed()
        for route in (*found.asked, *(() if asked.only else found.fallbacks)):
            # A candidate before this one took time; the rules may have changed since.
            bound = self._bind(asked)
            if route not in bound.ruleset.directory.routes:
                continue
            if passed.unsaid and route in found.fallbacks:
                break
            decision = decide(bound.ruleset, bound.call, route, self._parts.clock.now())
            if decision.outcome == "refuse":
                passed.refused.append(decision)
                continue
            instead_of = found.asked[0] if route in found.fallbacks else None
            try:
                return await self._try(bound, decision, instead_of, passed)
            except PassedOver as over:
                passed.take(over)
        raise await self._none_left(self._bind(asked), found.asked, passed)

    def _bind(self, asked: Asked) -> _Bound:
        """The call under the rules that stand now; `Refusal` (403) if they know it no more."""
        ruleset = self.ruleset()
        service = ruleset.directory.services.get(asked.service)
        if service is None or asked.slot not in {slot.name for slot in service.slots}:
            raise Refusal(
                403,
                "unknown_service",
                f"The directory has no service {asked.service} with a slot {asked.slot} any more.",
            )
        return _Bound(asked=asked, call=call_of(service, asked.slot), ruleset=ruleset)

    async def _none_left(self, bound: _Bound, routes: tuple[str, ...], passed: Passed) -> Refusal:
        """What the caller hears: a failure may pass, so it comes first; then the refusal."""
        if passed.refused:
            attempt = self._attempt(bound, passed.refused[0])
            await attempt.begin()
            attempt.conclude("refused")
        if (heard := passed.heard) is not None:
            return heard
        if not passed.refused:
            return next(iter(passed.unreachable), no_route(bound.asked.request.model))
        asked, now = bound.asked, self._parts.clock.now()
        instead = alternatives(bound.ruleset, bound.call, asked.slot, now, routes, limit=_OFFERED)
        return barred(bound.ruleset, passed.refused, instead=instead, operator=self._parts.operator)

    # Steps 3 to 5

    async def _try(
        self, bound: _Bound, decision: Decision, instead_of: str | None, passed: Passed
    ) -> Exchange:
        route = bound.ruleset.directory.routes[decision.route]
        if not self._parts.upstream.reaches(route.host, route.protocol):
            passed.unreachable.append(no_endpoint(route.id, route.host))
            raise PassedOver(None)
        name = self._parts.local_names.get(route.host, route.upstream_model)
        try:
            sending = self._sender.sending(bound.asked.request, route, name)
        except Refusal as refusal:
            raise PassedOver(refusal, fault="request") from refusal
        attempt = self._attempt(bound, decision)
        attempt.lose((*bound.asked.losses, *sending.losses))
        await attempt.begin()
        _check_losses(bound, attempt)
        served = ServedBy(
            call_id=bound.asked.call_id,
            asked=bound.asked.request.model,
            call=bound.call,
            route=route,
            maker=attempt.intent.maker,
            decision=decision,
            instead_of=instead_of,
            replaced=next(iter(passed.refused), None) if instead_of is not None else None,
            stand_in=attempt.intent.stand_in,
        )
        outgoing = Outgoing(
            host=route.host,
            protocol=route.protocol,
            body=sending.body,
            target=sending.target,
            headers=sending.headers,
            stream=bound.asked.request.stream,
            stand_in=attempt.intent.stand_in,
        )
        exchange = Exchange(served, attempt, AsyncExitStack())
        return await self._open(exchange, bound.asked, sending.flow, outgoing)

    def _last_look(self, exchange: Exchange, asked: Asked, *, written: bool) -> None:
        """Step 4: the rules may have been replaced since the decision, or an instant passed.

        Raises when the route may no longer be used. Where the answer has become
        a notice, it is that answer which the caller is told. When the request is
        `written`, what bars it is recorded as having come too late.
        """
        try:
            self._look(exchange, asked)
        except (PassedOver, Refusal):
            if written:
                exchange.attempt.conclude("cut", error=BARRED_WHILE_WRITTEN)
            raise

    def _look(self, exchange: Exchange, asked: Asked) -> None:
        self._check_lease()
        route = exchange.served.route.id
        bound = self._bind(asked)
        if route not in bound.ruleset.directory.routes:
            raise PassedOver(no_route(asked.request.model))
        again = decide(bound.ruleset, bound.call, route, self._parts.clock.now())
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

    async def _open(
        self, exchange: Exchange, asked: Asked, flow: Flow, outgoing: Outgoing
    ) -> Exchange:
        attempt, route = exchange.attempt, exchange.served.route
        opened = False
        status: int | None = None
        try:
            async with AsyncExitStack() as stack:
                look = partial(self._last_look, exchange, asked)
                sent = self._parts.upstream.send(outgoing, look)
                incoming = await stack.enter_async_context(sent)
                status = incoming.status
                if incoming.status >= 300:
                    vendor = self._parts.codec(route.protocol, route.dialect)
                    raise await vendor_refusal(attempt, vendor, incoming)
                if outgoing.stream:
                    await exchange.open_stream(flow, incoming)
                else:
                    await exchange.open_whole(flow, incoming)
                exchange.hand_over(stack.pop_all())
                opened = True
        except (PassedOver, Refusal) as refusal:
            attempt.conclude("refused", error=_unsent(refusal))
            if isinstance(refusal, VendorRefusal) and refusal.may_give_way:
                raise PassedOver(refusal) from refusal
            raise
        except (UpstreamError, VendorProtocolError, StreamError) as error:
            attempt.conclude("failed", status=status, error=type(error).__name__)
            raise PassedOver(_failure(outgoing.host, error)) from error
        finally:
            if not opened:
                attempt.conclude("cut")
        self.in_flight.add(exchange)
        return exchange

    def _attempt(self, bound: _Bound, decision: Decision) -> Attempt:
        directory, asked = bound.ruleset.directory, bound.asked
        route = directory.routes[decision.route]
        # No wait stands between here and `begin`, so the number is still the next one there.
        intent = Intent(
            start=self._parts.start,
            seq=self._parts.journal.next_seq,
            call=asked.call_id,
            at=self._parts.clock.now(),
            service=asked.service,
            party=bound.call.party,
            slot=asked.slot,
            purpose=bound.call.purpose,
            key=asked.caller,
            asked=asked.request.model,
            route=route.id,
            model=route.model,
            maker=directory.models[route.model].maker,
            host=route.host,
            outcome=decision.outcome,
            instruments=tuple(c.instrument for c in decision.citations if c.effect != "none"),
            ruleset=decision.ruleset,
            stand_in=self._parts.upstream.stands_in(route.host),
        )
        overtaken = partial(self.in_flight.overtaken, bound.call, route.id)
        return Attempt(self._parts.journal, self._parts.clock, intent, overtaken)


def _unsent(why: "PassedOver | Refusal") -> str | None:
    """Why nothing was sent, where it was not that the rules bar it."""
    return why.kind if isinstance(why, Refusal) and why.kind == "no_lease" else None


def _check_losses(bound: _Bound, attempt: Attempt) -> None:
    """Passes a route over that would lose some of the request, if the service wants that."""
    lost = attempt.lost
    if lost and bound.ruleset.directory.services[bound.asked.service].losses == "refuse":
        attempt.conclude("refused", error="would_lose")
        raise PassedOver(would_lose(attempt.intent.route, lost), fault="losses")


def _check_kind(ruleset: Ruleset, name: str, routes: tuple[str, ...]) -> None:
    """Raises `Refusal` (400) when the name is that of a model that does not chat."""
    directory = ruleset.directory
    kinds = {directory.models[directory.routes[route].model].kind for route in routes}
    if kinds and "chat" not in kinds:
        what = f"{name} is a model for {' and '.join(sorted(kinds))}: it does not chat."
        raise Refusal(400, "wrong_kind_of_model", f"{what} Name another model.")


def _failure(host: str, error: Exception) -> Refusal:
    return Refusal(
        502,
        "upstream_failure",
        f"{host} gave no usable answer: {error} Nothing was answered; try again.",
    )
