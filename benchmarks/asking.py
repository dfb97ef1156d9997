"""Asking a ruleset call by call, and what two ways of deciding must agree on."""

import time
from collections.abc import Sequence

import msgspec

from benchmarks.world import NOW
from changeover.orders.decide import decide
from changeover.orders.decision import Call, Decision
from changeover.orders.ruleset import Ruleset

Asked = tuple[Call, str]
"""A call, and the route that it is about."""


class DisagreementError(Exception):
    """Two ways of deciding gave different answers, or one of them did not decide by itself."""


def decide_each(ruleset: Ruleset, asked: Sequence[Asked]) -> list[float]:
    """The microseconds that each decision takes."""
    return [timed(ruleset, call, route)[1] for call, route in asked]


def timed(ruleset: Ruleset, call: Call, route: str) -> tuple[Decision, float]:
    """The decision, and the microseconds that it takes.

    The call is put together immediately before, as the gateway does from the key that
    it has just looked up, and as Cedar's requests are here.
    """
    made = msgspec.structs.replace(call)
    began = time.perf_counter_ns()
    decision = decide(ruleset, made, route, NOW)
    return decision, (time.perf_counter_ns() - began) / 1000


def met(ruleset: Ruleset, call: Call, route: str) -> int:
    """How many clauses a call meets."""
    return len(ruleset.collect(call, route))


def answer(decision: Decision) -> tuple[object, ...]:
    """What two ways of deciding must agree on; the order of citations is free."""
    return (
        decision.outcome,
        decision.because,
        frozenset(decision.citations),
        decision.network,
        frozenset(decision.held_by),
        frozenset(decision.silent),
        frozenset(decision.questions),
        decision.deadline,
    )


def agree(one: Ruleset, other: Ruleset, asked: Sequence[Asked], what: str) -> None:
    """Raises `DisagreementError` where they answer a call differently; `what` says which."""
    for call, route in asked:
        answers = answer(decide(one, call, route, NOW)), answer(decide(other, call, route, NOW))
        if answers[0] != answers[1]:
            raise DisagreementError(
                f"{what} answer {call} on {route} differently: {answers[0]} and {answers[1]}"
            )
