"""Asking a ruleset call by call, and what two ways of deciding must agree on."""

import time
from collections.abc import Sequence

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
    times = []
    for call, route in asked:
        began = time.perf_counter_ns()
        decide(ruleset, call, route, NOW)
        times.append((time.perf_counter_ns() - began) / 1000)
    return times


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
