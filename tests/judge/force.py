"""Section 5 of docs/rules.md: what a clause in force does."""

from typing import NamedTuple

from changeover.orders.decision import Effect, Judged
from changeover.orders.model import Status
from tests.judge.law import Law, Version
from tests.judge.reach import is_within
from tests.judge.uses import existing_use


class Does(NamedTuple):
    """What a version does to the answer, why, and the reason that a refusal by it gives."""

    effect: Effect
    why: str
    reason: str = ""
    awaits: tuple[Judged, ...] = ()


def does(law: Law, version: Version, status: Status, at: int) -> Does:
    """What a version of this status does, terms apart."""
    match version.reading.modality:
        case "permit":
            return Does("permits" if status == "operative" else "none", status)
        case "prohibit":
            return prohibits(law, version, status, at)
        case "require":
            return requires(law, version, status)


def prohibits(law: Law, version: Version, status: Status, at: int) -> Does:
    if status == "operative":
        return Does("refuses", "prohibited", "prohibited")
    if status != "winding-down":
        return Does("none", status)
    wind_down = version.reading.wind_down
    assert wind_down is not None
    if wind_down.parties and not is_within(law.known.directory, law.call.party, wind_down.parties):
        return Does("refuses", "no-grace", "prohibited")
    use = existing_use(law, version, at)
    if use.goes_on:
        return Does("notice", "existing-use")
    return Does("refuses", "new-use", "new-use", use.awaits)


def requires(law: Law, version: Version, status: Status) -> Does:
    if status != "operative":
        return Does("none", status)
    return (
        Does("none", "met")
        if is_met(law, version)
        else Does("refuses", "requirement", "requirement")
    )


def is_met(law: Law, version: Version) -> bool:
    """Whether the route has every assurance that the requirement names."""
    has = law.known.directory.routes[law.route].assurances
    return set(version.reading.requirements) <= set(has)
