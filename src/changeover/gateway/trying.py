"""A call among its candidates: what serving must know of it, whatever is asked of the model.

A candidate is tried with the rules that stand then (`Bound`), and knows what came in
the way of those before it (`Passed`). One that cannot serve gives way to the next
(`PassedOver`).
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from changeover.directory.model import ModelKind, Waits
from changeover.gateway.attempt import Attempt
from changeover.gateway.exchange import ServedBy
from changeover.gateway.model import Intent, Operation, Reserve
from changeover.gateway.ports import Incoming
from changeover.gateway.refusal import UNSENT, Refusal, would_lose
from changeover.orders.decision import Call, Decision
from changeover.orders.ruleset import Ruleset


class Wanted(Protocol):
    """What serving must know of a call, whatever is asked of the model."""

    @property
    def call_id(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def caller(self) -> str:
        """What the ledger names: a key's prefix, or an account."""
        ...

    @property
    def model(self) -> str:
        """The model's name as the client wrote it."""
        ...

    @property
    def operation(self) -> Operation: ...
    @property
    def kind(self) -> ModelKind:
        """What the model must be for."""
        ...

    @property
    def content(self) -> tuple[str, ...]:
        """The data classes of what goes with the call, beside its service's own."""
        ...

    @property
    def only(self) -> bool:
        """Whether no replacement is taken, whatever the service lets take the model's place."""
        ...


W = TypeVar("W", bound=Wanted)


class PassedOver(Exception):  # noqa: N818 (an answer, not a fault)
    """This candidate cannot serve: what the caller hears if none can, or the late decision.

    `unsaid` says that the request is at fault, which has no form in the candidate's protocol.
    `again` says that the same route may be asked once more: the vendor took no part of the
    call. `after` is when it says to come again, in seconds.
    """

    def __init__(
        self,
        refusal: Refusal | None,
        decision: Decision | None = None,
        *,
        unsaid: bool = False,
        again: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__()
        self.refusal = refusal
        self.decision = decision
        self.unsaid = unsaid
        self.again = again
        self.after = after


class Bound(msgspec.Struct, Generic[W], frozen=True, kw_only=True):
    """A call with the rules that stand as it is looked at, and the instant it is decided for."""

    asked: W
    call: Call
    ruleset: Ruleset
    at: datetime

    @property
    def waits(self) -> Waits:
        """How long the service waits for a vendor."""
        return self.ruleset.directory.services[self.asked.service].waits


class Passed(msgspec.Struct):
    """The candidates passed over so far, each by what came in its way.

    A vendor's failure may pass, so that it is heard first; then what is wrong with the
    request for a candidate. `again` are the routes that may be asked once more, and when;
    `down` those whose vendor failed.
    """

    refused: list[Decision] = []
    failed: list[Refusal] = []
    losing: list[Refusal] = []
    unsaid: list[Refusal] = []
    unreachable: list[Refusal] = []
    again: list[tuple[str, float | None]] = []
    down: list[str] = []

    def take(self, route: str, over: PassedOver) -> None:
        """Adds one that was passed over."""
        if over.again:
            self.again.append((route, over.after))
        if over.decision is not None:
            self.refused.append(over.decision)
        if over.refusal is None:
            return
        if over.unsaid:
            self.unsaid.append(over.refusal)
        elif over.refusal.kind in UNSENT:
            self.losing.append(over.refusal)
        else:
            self.down.append(route)
            self.failed.append(over.refusal)

    @property
    def heard(self) -> Refusal | None:
        """What the caller hears first; None where the rules alone stand in the way."""
        first = next(iter((*self.failed, *self.unsaid, *self.losing)), None)
        if first is not None:
            first.down = tuple(dict.fromkeys(self.down))
        return first


class Running(Protocol):
    """A vendor's answer on its way, whatever was asked of the model."""

    served: ServedBy

    @property
    def attempt(self) -> Attempt: ...

    def hand_over(self, stack: AsyncExitStack) -> None:
        """Takes the connection over from whoever opened it."""
        ...

    def cut(self, why: str) -> None:
        """Ends it because of an order, if it runs."""
        ...


R = TypeVar("R")
X = TypeVar("X", bound=Running)
Begin = Callable[[Incoming], Awaitable[None]]
# Tries a candidate that was decided for: the call, the decision, the route that was asked for
# where another model's serves, and what came before. `PassedOver` where it cannot serve.
Trying = Callable[[Bound[W], Decision, str | None, Passed], Awaitable[R]]


def served_by(
    bound: Bound[W], attempt: Attempt, decision: Decision, instead_of: str | None, passed: Passed
) -> ServedBy:
    """Who serves a call, as a try of the route begins."""
    return ServedBy(
        call_id=bound.asked.call_id,
        asked=bound.asked.model,
        call=bound.call,
        route=bound.ruleset.directory.routes[decision.route],
        maker=attempt.intent.maker,
        decision=decision,
        instead_of=instead_of,
        replaced=next(iter(passed.refused), None) if instead_of is not None else None,
        stand_in=attempt.intent.stand_in,
    )


def intent_of(
    bound: Bound[W],
    decision: Decision,
    place: tuple[str, int],
    reserve: Reserve | None,
    *,
    stand_in: bool,
) -> Intent:
    """The intent of a try of the route that was decided on; `place` is its start and number."""
    directory, asked = bound.ruleset.directory, bound.asked
    route = directory.routes[decision.route]
    return Intent(
        start=place[0],
        seq=place[1],
        call=asked.call_id,
        at=bound.at,
        service=asked.service,
        party=bound.call.party,
        slot=asked.slot,
        purpose=bound.call.purpose,
        key=asked.caller,
        asked=asked.model,
        route=route.id,
        model=route.model,
        maker=directory.models[route.model].maker,
        host=route.host,
        outcome=decision.outcome,
        instruments=tuple(c.instrument for c in decision.citations if c.effect != "none"),
        ruleset=decision.ruleset,
        stand_in=stand_in,
        operation=asked.operation,
        content=asked.content,
        reserve=reserve,
    )


_DOES: Mapping[ModelKind, str] = {
    "chat": "chat",
    "embedding": "embed",
    "audio": "speak or listen",
    "image": "draw",
}


def fits(ruleset: Ruleset, asked: Wanted, route: str) -> bool:
    """Whether a route stands, and reaches a model that is for what is asked."""
    directory = ruleset.directory
    found = directory.routes.get(route)
    return found is not None and directory.models[found.model].kind == asked.kind


def check_kind(ruleset: Ruleset, asked: Wanted, routes: tuple[str, ...]) -> None:
    """Raises `Refusal` (400) when the name is that of a model that is for something else."""
    directory = ruleset.directory
    kinds = {directory.models[directory.routes[route].model].kind for route in routes}
    if kinds and asked.kind not in kinds:
        what = f"{asked.model} is a model for {' and '.join(sorted(kinds))}: "
        what += f"it does not {_DOES[asked.kind]}."
        raise Refusal(400, "wrong_kind_of_model", f"{what} Name another model.")


def check_losses(bound: Bound[W], attempt: Attempt) -> None:
    """Passes a route over that would lose some of the request, if the service wants that."""
    lost = attempt.lost
    if lost and bound.ruleset.directory.services[bound.asked.service].losses == "refuse":
        attempt.conclude("refused", error="would_lose")
        raise PassedOver(would_lose(attempt.intent.route, lost))
