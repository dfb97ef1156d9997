"""One call, from a client's bytes to its answer.

Nothing reaches a vendor but through `Gateway.chat`, which takes these steps:

1. Authorise the key; it names the service and the slot.
2. Read the request in the client's protocol.
3. Find the candidate routes for the model's name.
4. Decide for each candidate in order; a refused one is passed over.
5. Journal the intent.
6. Decide once more, immediately before the write.
7. Send, and read the answer in the route's protocol as canonical events.
8. Write the answer in the client's protocol and conclude the intent.

A candidate that is refused, unreachable or overloaded gives way to the next as
long as nothing was sent to the client. A fallback sends its own model's name.
When no candidate is left, a refusal by order is what the client hears.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import NotFoundError
from changeover.basics.ids import new_id
from changeover.basics.instants import microseconds
from changeover.conversation.events import StreamError
from changeover.conversation.model import ChatRequest, Loss
from changeover.directory.model import Protocol
from changeover.gateway.answering import (
    Answer,
    Answering,
    VendorRefusal,
    streamed,
    vendor_refusal,
    whole,
)
from changeover.gateway.attempt import Attempt
from changeover.gateway.headers import Served, reply_headers
from changeover.gateway.model import Intent
from changeover.gateway.ports import Journal, Outgoing, Upstream, UpstreamError
from changeover.gateway.refusal import Refusal, barred
from changeover.gateway.segments import JournalError
from changeover.identity.keys import KeyRefusedError, KeyRing
from changeover.identity.model import Key
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.model import Call, Decision
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.usecases import Rules
from changeover.wire.codec import Codec, ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway works with; `operator` is the address of this installation.

    `local_names` gives the model's name at a host whose one model is whatever
    its operator loaded there.
    """

    rules: Rules
    keys: KeyRing
    upstream: Upstream
    journal: Journal
    codecs: Mapping[Protocol, Codec]
    clock: Clock
    start: str
    operator: str
    local_names: Mapping[str, str] = {}


class _Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A call whose key and request were read."""

    id: str
    key: Key
    client: Codec
    request: ChatRequest
    losses: tuple[Loss, ...]
    call: Call
    ruleset: Ruleset


class _PassedOver(Exception):  # noqa: N818 (an answer, not a fault)
    """This candidate cannot serve: what the client hears if none can, or the late decision."""

    def __init__(self, refusal: Refusal | None, decision: Decision | None = None) -> None:
        super().__init__()
        self.refusal = refusal
        self.decision = decision


class Gateway:
    """Serves calls. One per process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def chat(self, protocol: Protocol, presented: str | None, body: bytes) -> Answer:
        """Serves one chat call that came in `protocol`; every fault is an answer in it."""
        client = self._parts.codecs[protocol]
        call_id = new_id("call")
        try:
            prepared = self._prepare(call_id, client, presented, body)
            return await self._serve(prepared)
        except Refusal as refusal:
            return refused_answer(client, refusal, call_id)
        except JournalError as error:
            unrecorded = Refusal(503, error.code, f"The call was not made. {error}")
            return refused_answer(client, unrecorded, call_id)

    def models(self, protocol: Protocol, presented: str | None) -> Answer:
        """The models that the key's service may use now, in the client's shape."""
        client = self._parts.codecs[protocol]
        try:
            key = self._authorise(presented)
            ruleset = self._ruleset()
        except Refusal as refusal:
            return refused_answer(client, refusal, new_id("call"))
        call = call_of(ruleset.directory.services[key.service], key.slot)
        now = self._parts.clock.now()
        usable = {
            route.model
            for route in ruleset.directory.routes.values()
            if decide(ruleset, call, route.id, now).outcome != "refuse"
        }
        models = [m for m in ruleset.directory.models.values() if m.id in usable]
        return Answer(status=200, headers={}, body=client.encode_models(models))

    def oversized(self, protocol: Protocol, greatest: int) -> Answer:
        """The answer to a body of more than `greatest` bytes."""
        refusal = Refusal(
            413, "request_too_large", f"The request is over {greatest} bytes. Send less of it."
        )
        return refused_answer(self._parts.codecs[protocol], refusal, new_id("call"))

    # Steps 1 to 3

    def _authorise(self, presented: str | None) -> Key:
        if presented is None:
            raise Refusal(
                401,
                "missing_key",
                "No key was sent. Send your service's Changeover key where your SDK "
                "sends the vendor's.",
            )
        try:
            return self._parts.keys.authenticate(presented, self._parts.clock.now())
        except KeyRefusedError as error:
            raise Refusal(401, error.code, str(error)) from error

    def _ruleset(self) -> Ruleset:
        try:
            return self._parts.rules.current
        except NotFoundError as error:
            raise Refusal(503, "not_ready", str(error)) from error

    def _prepare(
        self, call_id: str, client: Codec, presented: str | None, body: bytes
    ) -> _Prepared:
        key = self._authorise(presented)
        ruleset = self._ruleset()
        service = ruleset.directory.services.get(key.service)
        if service is None:
            raise Refusal(
                403,
                "unknown_service",
                f"The key's service {key.service} is no longer in the directory.",
            )
        try:
            request, losses = client.decode_request(body)
        except ProtocolError as error:
            raise Refusal(error.status, error.code, str(error)) from error
        return _Prepared(
            id=call_id,
            key=key,
            client=client,
            request=request,
            losses=losses,
            call=call_of(service, key.slot),
            ruleset=ruleset,
        )

    # Step 4

    async def _serve(self, prepared: _Prepared) -> Answer:
        now = self._parts.clock.now()
        key, asked_for = prepared.key, prepared.request.model
        try:
            found = find_candidates(prepared.ruleset, key.service, key.slot, asked_for, now)
        except NotFoundError as error:
            raise Refusal(404, "model_not_found", str(error)) from error
        refused: list[Decision] = []
        failed: list[Refusal] = []
        for route in (*found.asked, *found.fallbacks):
            decision = decide(prepared.ruleset, prepared.call, route, now)
            if decision.outcome == "refuse":
                refused.append(decision)
                continue
            replaced = next(iter(refused), None) if route in found.fallbacks else None
            try:
                return await self._try(prepared, decision, replaced)
            except _PassedOver as passed:
                failed += [] if passed.refusal is None else [passed.refusal]
                refused += [] if passed.decision is None else [passed.decision]
        if failed or not refused:
            raise failed[-1] if failed else _no_route(asked_for)
        raise await self._refusal(prepared, found.asked, refused)

    async def _refusal(
        self, prepared: _Prepared, asked: tuple[str, ...], refused: list[Decision]
    ) -> Refusal:
        attempt = self._attempt(prepared, refused[0])
        await attempt.begin()
        attempt.conclude("refused")
        key, now = prepared.key, self._parts.clock.now()
        instead = alternatives(prepared.ruleset, key.service, key.slot, now, asked)
        return barred(prepared.ruleset, refused, instead=instead[:3], operator=self._parts.operator)

    # Steps 5 to 8

    async def _try(
        self, prepared: _Prepared, decision: Decision, replaced: Decision | None
    ) -> Answer:
        route = prepared.ruleset.directory.routes[decision.route]
        if not self._parts.upstream.reaches(route.host, route.protocol):
            raise _PassedOver(_no_endpoint(route.id, route.host))
        vendor = self._parts.codecs[route.protocol]
        name = self._parts.local_names.get(route.host, route.upstream_model)
        body, losses = vendor.encode_request(prepared.request, name)
        attempt = self._attempt(prepared, decision)
        attempt.lose((*prepared.losses, *losses))
        answering = Answering(
            attempt=attempt,
            client=prepared.client,
            vendor=vendor,
            context=self._context(prepared, decision),
            headers=reply_headers(
                prepared.ruleset,
                Served(
                    call=prepared.id,
                    asked=prepared.request.model,
                    decision=decision,
                    stand_in=attempt.intent.stand_in,
                    losses=attempt.lost,
                    replaced=replaced,
                ),
            ),
        )
        await attempt.begin()
        self._decide_again(prepared, attempt)
        outgoing = Outgoing(
            host=route.host, protocol=route.protocol, body=body, stream=prepared.request.stream
        )
        return await self._send(answering, outgoing)

    def _decide_again(self, prepared: _Prepared, attempt: Attempt) -> None:
        """Step 6: the ruleset may have been replaced since, or an instant passed."""
        current = self._parts.rules.current
        again = decide(current, prepared.call, attempt.intent.route, self._parts.clock.now())
        if again.outcome == "refuse":
            attempt.conclude("refused")
            raise _PassedOver(None, again)

    async def _send(self, answering: Answering, outgoing: Outgoing) -> Answer:
        attempt = answering.attempt
        handed_over = False
        try:
            async with AsyncExitStack() as stack:
                incoming = await stack.enter_async_context(self._parts.upstream.send(outgoing))
                if incoming.status >= 300:
                    raise await vendor_refusal(answering, incoming)
                if not outgoing.stream:
                    return await whole(answering, incoming)
                answer = await streamed(answering, incoming, stack)
                handed_over = True
                return answer
        except VendorRefusal as refusal:
            if refusal.may_give_way:
                raise _PassedOver(refusal) from refusal
            raise
        except (UpstreamError, VendorProtocolError, StreamError) as error:
            attempt.conclude("failed", error=type(error).__name__)
            raise _PassedOver(_failure(outgoing.host, error)) from error
        finally:
            if not handed_over:
                attempt.conclude("cut")

    def _attempt(self, prepared: _Prepared, decision: Decision) -> Attempt:
        directory = prepared.ruleset.directory
        route = directory.routes[decision.route]
        # No wait stands between here and `begin`, so the number is still the next one there.
        intent = Intent(
            start=self._parts.start,
            seq=self._parts.journal.next_seq,
            call=prepared.id,
            at=self._parts.clock.now(),
            service=prepared.key.service,
            party=prepared.call.party,
            slot=prepared.key.slot,
            purpose=prepared.call.purpose,
            key=prepared.key.prefix,
            asked=prepared.request.model,
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

    def _context(self, prepared: _Prepared, decision: Decision) -> ReplyContext:
        route = prepared.ruleset.directory.routes[decision.route]
        stands_in = self._parts.upstream.stands_in(route.host)
        return ReplyContext(
            id=prepared.id,
            model=route.model,
            created=microseconds(self._parts.clock.now()) // 1_000_000,
            include_usage=prepared.request.stream_usage,
            system_fingerprint="stand-in" if stands_in else None,
        )


def refused_answer(client: Codec, refusal: Refusal, call_id: str) -> Answer:
    """A refusal in the client's own error shape."""
    body = client.encode_error(refusal.status, refusal.kind, refusal.message, call_id)
    headers = {"changeover-call": call_id, **refusal.headers}
    return Answer(status=refusal.status, headers=headers, body=body)


def _no_route(asked: str) -> Refusal:
    return Refusal(503, "no_route", f"The model {asked!r} has no route here. Name another model.")


def _no_endpoint(route: str, host: str) -> Refusal:
    return Refusal(
        503,
        "no_endpoint",
        f"No endpoint is set for {host}, so {route} cannot be called. "
        "The operator sets one with the vendor's key.",
    )


def _failure(host: str, error: Exception) -> Refusal:
    return Refusal(
        502,
        "upstream_failure",
        f"{host} gave no usable answer: {error} Nothing was answered; try again.",
    )
