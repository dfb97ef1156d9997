"""From a canonical request to a vendor's answer. The one way there, for every caller.

`Serving.serve` takes the design's steps between a client's request and its
answer:

1. Find the candidate routes for the model's name.
2. Decide for each candidate in order; a refused one is passed over.
3. Journal the intent.
4. Decide once more, immediately before the write.
5. Send, and read the beginning of the answer as canonical events.

A candidate that is refused, unreachable or overloaded gives way to the next as
long as nothing was passed on. A fallback sends its own model's name. When no
candidate is left, a refusal by order is what the caller hears.

An order that says `in_flight: cut` also ends answers that are on their way:
`review` decides anew for each and cuts those that such a clause refuses.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.conversation.events import StreamError
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Protocol
from changeover.gateway.attempt import Attempt
from changeover.gateway.exchange import Exchange, ServedBy
from changeover.gateway.model import Intent
from changeover.gateway.ports import Incoming, Journal, Outgoing, Upstream, UpstreamError
from changeover.gateway.refusal import Refusal, VendorRefusal, barred, no_endpoint, no_route
from changeover.gateway.segments import JournalError
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.model import Call, Decision
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.usecases import Rules
from changeover.wire.codec import Codec
from changeover.wire.errors import VendorProtocolError

_OUR_CREDENTIALS = frozenset({401, 402, 403})
_MAY_GIVE_WAY = _OUR_CREDENTIALS | {408, 409, 425, 429}


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What serving works with; `operator` is the address of this installation.

    `local_names` gives the model's name at a host whose one model is whatever
    its operator loaded there.
    """

    rules: Rules
    upstream: Upstream
    journal: Journal
    codecs: Mapping[Protocol, Codec]
    clock: Clock
    start: str
    operator: str
    local_names: Mapping[str, str] = {}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A call to be served. `caller` is what the ledger names: a key's prefix, or an account."""

    call_id: str
    service: str
    slot: str
    caller: str
    request: ChatRequest
    losses: tuple[Loss, ...] = ()


class _PassedOver(Exception):  # noqa: N818 (an answer, not a fault)
    """This candidate cannot serve: what the caller hears if none can, or the late decision."""

    def __init__(self, refusal: Refusal | None, decision: Decision | None = None) -> None:
        super().__init__()
        self.refusal = refusal
        self.decision = decision


class _Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A call with the ruleset that it is decided under."""

    asked: Asked
    call: Call
    ruleset: Ruleset


class Serving:
    """Serves calls. One per process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._running: set[Exchange] = set()

    def ruleset(self) -> Ruleset:
        """The ruleset in force; `Refusal` (503) until there is one."""
        try:
            return self._parts.rules.current
        except NotFoundError as error:
            raise Refusal(503, "not_ready", str(error)) from error

    async def serve(self, asked: Asked) -> Exchange:
        """The answer to a call, begun. Raises `Refusal` when there is none to be had."""
        ruleset = self.ruleset()
        service = ruleset.directory.services.get(asked.service)
        if service is None:
            raise Refusal(
                403, "unknown_service", f"The service {asked.service} is not in the directory."
            )
        bound = _Bound(asked=asked, call=call_of(service, asked.slot), ruleset=ruleset)
        try:
            return await self._candidates(bound)
        except JournalError as error:
            raise Refusal(503, error.code, f"The call was not made. {error}") from error

    def review(self) -> None:
        """Cuts the answers on their way that a clause with `in_flight: cut` now refuses."""
        ruleset, now = self._parts.rules.current, self._parts.clock.now()
        for exchange in list(self._running):
            decision = decide(ruleset, exchange.served.call, exchange.served.route.id, now)
            cutting = [c for c in decision.citations if c.effect == "refuses" and c.cuts]
            if cutting:
                refusal = barred(ruleset, [decision], instead=(), operator=self._parts.operator)
                exchange.cut(refusal.message)

    def finished(self, exchange: Exchange) -> None:
        """Forgets an exchange that was closed."""
        self._running.discard(exchange)

    # Steps 1 and 2

    async def _candidates(self, bound: _Bound) -> Exchange:
        now = self._parts.clock.now()
        asked = bound.asked
        try:
            found = find_candidates(
                bound.ruleset, asked.service, asked.slot, asked.request.model, now
            )
        except NotFoundError as error:
            raise Refusal(404, "model_not_found", str(error)) from error
        refused: list[Decision] = []
        failed: list[Refusal] = []
        for route in (*found.asked, *found.fallbacks):
            decision = decide(bound.ruleset, bound.call, route, now)
            if decision.outcome == "refuse":
                refused.append(decision)
                continue
            replaced = next(iter(refused), None) if route in found.fallbacks else None
            try:
                return await self._try(bound, decision, replaced)
            except _PassedOver as passed:
                failed += [] if passed.refusal is None else [passed.refusal]
                refused += [] if passed.decision is None else [passed.decision]
        if failed or not refused:
            raise failed[-1] if failed else no_route(asked.request.model)
        raise await self._refusal(bound, found.asked, refused)

    async def _refusal(
        self, bound: _Bound, routes: tuple[str, ...], refused: list[Decision]
    ) -> Refusal:
        attempt = self._attempt(bound, refused[0])
        await attempt.begin()
        attempt.conclude("refused")
        asked, now = bound.asked, self._parts.clock.now()
        instead = alternatives(bound.ruleset, asked.service, asked.slot, now, routes)
        return barred(bound.ruleset, refused, instead=instead[:3], operator=self._parts.operator)

    # Steps 3 to 5

    async def _try(self, bound: _Bound, decision: Decision, replaced: Decision | None) -> Exchange:
        route = bound.ruleset.directory.routes[decision.route]
        if not self._parts.upstream.reaches(route.host, route.protocol):
            raise _PassedOver(no_endpoint(route.id, route.host))
        vendor = self._parts.codecs[route.protocol]
        name = self._parts.local_names.get(route.host, route.upstream_model)
        body, losses = vendor.encode_request(bound.asked.request, name)
        attempt = self._attempt(bound, decision)
        attempt.lose((*bound.asked.losses, *losses))
        await attempt.begin()
        self._decide_again(bound, attempt)
        served = ServedBy(
            call_id=bound.asked.call_id,
            asked=bound.asked.request.model,
            call=bound.call,
            route=route,
            maker=attempt.intent.maker,
            decision=decision,
            replaced=replaced,
            stand_in=attempt.intent.stand_in,
        )
        outgoing = Outgoing(
            host=route.host,
            protocol=route.protocol,
            body=body,
            stream=bound.asked.request.stream,
        )
        return await self._open(Exchange(served, attempt, AsyncExitStack()), vendor, outgoing)

    def _decide_again(self, bound: _Bound, attempt: Attempt) -> None:
        """Step 4: the ruleset may have been replaced since, or an instant passed."""
        current = self._parts.rules.current
        again = decide(current, bound.call, attempt.intent.route, self._parts.clock.now())
        if again.outcome == "refuse":
            attempt.conclude("refused")
            raise _PassedOver(None, again)

    async def _open(self, exchange: Exchange, vendor: Codec, outgoing: Outgoing) -> Exchange:
        attempt = exchange.attempt
        opened = False
        try:
            async with AsyncExitStack() as stack:
                incoming = await stack.enter_async_context(self._parts.upstream.send(outgoing))
                if incoming.status >= 300:
                    raise await _vendor_refusal(attempt, vendor, incoming)
                if outgoing.stream:
                    await exchange.open_stream(vendor, incoming)
                else:
                    await exchange.open_whole(vendor, incoming)
                exchange.hand_over(stack.pop_all())
                opened = True
        except VendorRefusal as refusal:
            if refusal.may_give_way:
                raise _PassedOver(refusal) from refusal
            raise
        except (UpstreamError, VendorProtocolError, StreamError) as error:
            attempt.conclude("failed", error=type(error).__name__)
            raise _PassedOver(_failure(outgoing.host, error)) from error
        finally:
            if not opened:
                attempt.conclude("cut")
        self._running.add(exchange)
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
        return Attempt(self._parts.journal, self._parts.clock, intent)


async def _vendor_refusal(attempt: Attempt, vendor: Codec, incoming: Incoming) -> VendorRefusal:
    """What a response with an error status means for the caller."""
    body = b"".join([chunk async for chunk in incoming.chunks()])
    failed = vendor.decode_error(incoming.status, body)
    host, status = attempt.intent.host, incoming.status
    attempt.conclude("failed", status=status, error=failed.kind)
    if status in _OUR_CREDENTIALS:
        return VendorRefusal(
            502,
            "vendor_refused_credentials",
            f"{host} refused this installation's own credentials (HTTP {status}). "
            "Your key is not at fault; tell the operator.",
            may_give_way=True,
        )
    return VendorRefusal(
        status if status >= 400 else 502,
        failed.kind,
        f"{host} answered HTTP {status}: {failed.message}",
        may_give_way=status in _MAY_GIVE_WAY or status >= 500 or status < 400,
    )


def _failure(host: str, error: Exception) -> Refusal:
    return Refusal(
        502,
        "upstream_failure",
        f"{host} gave no usable answer: {error} Nothing was answered; try again.",
    )
