"""How a process is doing, as it tells the others, and how all of them together are."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from changeover.gateway.health import RouteHealth, State

Standing = Literal["sound", "trying", "resting", "unasked"]


class ProcessHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What one process tells: answers on their way, calls that wait to be recorded, its routes."""

    start: str
    in_flight: int
    undrained: int
    routes: tuple[RouteHealth, ...]


class RouteTogether(msgspec.Struct, frozen=True, kw_only=True):
    """A route as all processes see it.

    `rests_in` of them have it rest, the longest for `rests_for` seconds. Times are in
    milliseconds: `median_ms` is weighted by calls, `slow_ms` is the slowest process's.
    """

    route: str
    state: Standing
    rests_in: int
    rests_for: float
    why: str
    calls: int
    failed: int
    median_ms: int | None
    slow_ms: int | None


_WORST: Sequence[State] = ("resting", "trying", "sound")


def together(processes: Iterable[ProcessHealth], routes: Iterable[str]) -> list[RouteTogether]:
    """How `routes` are doing over all processes."""
    found: dict[str, list[RouteHealth]] = {route: [] for route in routes}
    for process in processes:
        for each in process.routes:
            if each.route in found:
                found[each.route].append(each)
    return [_together(route, told) for route, told in found.items()]


def _together(route: str, told: list[RouteHealth]) -> RouteTogether:
    asked = [each for each in told if each.calls or each.state != "sound"]
    answered = sum(each.calls - each.failed for each in asked)
    medians = sum((each.median_ms or 0) * (each.calls - each.failed) for each in asked)
    state: Standing = "unasked"
    if asked:
        state = min((each.state for each in asked), key=_WORST.index)
    return RouteTogether(
        route=route,
        state=state,
        rests_in=sum(each.state == "resting" for each in asked),
        rests_for=max((each.rests_for for each in asked), default=0.0),
        why=next((each.why for each in asked if each.why), ""),
        calls=sum(each.calls for each in asked),
        failed=sum(each.failed for each in asked),
        median_ms=round(medians / answered) if answered else None,
        slow_ms=max((each.slow_ms for each in asked if each.slow_ms is not None), default=None),
    )
