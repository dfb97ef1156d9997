"""What must hold of every record, whatever its instruments say, with the engine itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from changeover.basics.canonical import canonical
from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory.model import Directory
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.known import read_known
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Instrument,
    Issued,
    Reading,
    Rescind,
    Scope,
    Stay,
    Target,
    Vacate,
    Waive,
)
from changeover.orders.ports import RecordEntry, RecordKind
from changeover.orders.ruleset import Known, call_of, compile_ruleset
from tests.judge.chance import GRID, MOMENT, named
from tests.judge.reach import derivation, is_within
from tests.judge.uses import DAY
from tests.judge.worlds import Asked, draw_case

LONG_AGO = GRID[0] - timedelta(days=1000)
STRICT = {"allow": 0, "notice": 1, "refuse": 2}

seeds = st.integers(0, 2**40)
on_many = settings(
    max_examples=300,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def added(
    known: Known, *acts: Act, at: datetime, reading: Reading | None = None, id_: str = "added"
) -> Known:
    """The record with one more instrument, the last: nothing acts on it."""
    clauses: tuple[Clause, ...] = ()
    if reading is not None:
        clauses = (
            Clause(
                id="one", words="Words.", readings=(reading,), chosen=reading.id, chosen_by="ana"
            ),
        )
    instrument = Instrument(
        id=id_,
        kind="order",
        issuer="i0",
        title=named("added"),
        published=at,
        clauses=clauses,
        acts=acts,
    )
    last = Issued(instrument=instrument, recorded=at, entered_by="ana", confirmed_by="ben")
    return msgspec.structs.replace(known, issued=(*known.issued, last))


def some_reading(**fields: Any) -> Reading:
    given: dict[str, Any] = {
        "id": "plain",
        "modality": "prohibit",
        "targets": (Target(),),
        "scope": Scope(),
        "since": None,
    }
    return Reading(**(given | fields))


def answered(known: Known, asked: Asked, at: datetime | None = None) -> Decision:
    ruleset = compile_ruleset(known, version="drawn", readings=asked.readings)
    return decide(ruleset, asked.call, asked.route, at or asked.at)


def any_reading(seed: int, modality: str) -> Reading:
    """A reading of another record's, in the words of which the ids are the same."""
    readings = [
        reading
        for issued in draw_case(seed, 0).known.issued
        for clause in issued.instrument.clauses
        for reading in clause.readings
    ]
    assume(readings)
    return msgspec.structs.replace(
        readings[seed % len(readings)], modality=modality, requirements=()
    )


@on_many
@given(seeds, seeds, st.sampled_from(GRID))
def test_adding_a_prohibition_never_allows_more(seed: int, other: int, at: datetime):
    case = draw_case(seed)
    more = added(case.known, at=at, reading=any_reading(other, "prohibit"))
    for asked in case.asked:
        before, after = answered(case.known, asked), answered(more, asked)
        assert STRICT[after.outcome] >= STRICT[before.outcome]


@on_many
@given(seeds, st.sampled_from(GRID))
def test_deny_wins_whatever_is_permitted(seed: int, at: datetime):
    case = draw_case(seed)
    networks = tuple(case.known.directory.networks)
    permit = some_reading(modality="permit", scope=Scope(networks=networks))
    freed = added(case.known, at=LONG_AGO, reading=permit)
    barred = added(freed, at=at, reading=some_reading(), id_="bar")
    for asked in case.asked:
        before, after = answered(case.known, asked), answered(freed, asked)
        if before.because in {"prohibited", "new-use", "requirement", "held"}:
            assert (after.outcome, after.because) == (before.outcome, before.because)
        if asked.at >= at:
            assert answered(barred, asked).because == "prohibited"


def every_candidate(known: Known, at: datetime) -> Iterator[tuple[str, Decision]]:
    """Each route that may serve any slot by any name, with the decision on it."""
    ruleset = compile_ruleset(known, version="drawn")
    directory = known.directory
    names = {"default", *directory.models, *directory.routes}
    names |= {alias for model in directory.models.values() for alias in model.aliases}
    for service in directory.services.values():
        for slot in service.slots:
            for asked in sorted(names | {slot.name}):
                try:
                    found = find_candidates(ruleset, service.id, slot.name, asked, at)
                except NotFoundError:
                    continue
                for route in (*found.asked, *found.fallbacks):
                    yield route, decide(ruleset, call_of(service, slot.name), route, at)


@settings(on_many, max_examples=60)
@given(seeds, st.sampled_from(GRID))
def test_what_a_barred_maker_made_is_reached_by_no_name(seed: int, at: datetime):
    known = draw_case(seed, 0).known
    directory = known.directory
    barred = directory.models[min(directory.models)].maker
    known = added(known, at=at, reading=some_reading(targets=(Target(makers=(barred,)),)))
    for route, decision in every_candidate(known, at):
        if barred in makers(directory, route):
            assert decision.because == "prohibited"


def makers(directory: Directory, route: str) -> set[str]:
    models = derivation(directory, directory.routes[route].model)
    return {directory.models[model].maker for model in models}


@on_many
@given(seeds, seeds)
def test_a_waiver_frees_nothing_that_it_does_not_name(seed: int, other: int):
    case = draw_case(seed)
    waivers = [
        act
        for issued in draw_case(other, 0).known.issued
        for act in issued.instrument.acts
        if isinstance(act, Waive)
    ]
    assume(waivers)
    names = [issued.instrument.id for issued in case.known.issued]
    waiver = msgspec.structs.replace(waivers[0], instruments=(names[other % len(names)],))
    waived = added(case.known, waiver, at=LONG_AGO)
    for asked in case.asked:
        before, after = answered(case.known, asked), answered(waived, asked)
        if not is_named(case.known.directory, waiver, asked):
            assert after == before
        assert how_the_rest_stands(after, waiver) == how_the_rest_stands(before, waiver)


def is_named(directory: Directory, waiver: Waive, asked: Asked) -> bool:
    """Whether the waiver names the call: parties that are not in the directory are nobody."""
    return (
        (not waiver.parties or is_within(directory, asked.call.party, waiver.parties))
        and (not waiver.services or asked.call.service in waiver.services)
        and (not waiver.routes or asked.route in waiver.routes)
        and (not waiver.purposes or asked.call.purpose in waiver.purposes)
    )


def how_the_rest_stands(decision: Decision, waiver: Waive) -> list[tuple[str, ...]]:
    """What is cited of what the waiver does not name.

    Not what it does: a vendor's terms decide again where a prohibition of its
    agreement is waived.
    """
    return sorted(
        (c.instrument, c.clause, c.amended_by or "", c.status, *sorted(c.kept_off_by))
        for c in decision.citations
        if c.instrument not in waiver.instruments
    )


@pytest.mark.parametrize("freed_by", [Stay, Rescind, Vacate])
@settings(on_many, max_examples=100)
@given(seed=seeds)
def test_permission_returning_never_moves_traffic(freed_by: type, seed: int):
    case = draw_case(seed)
    known = msgspec.structs.replace(
        case.known, issued=tuple(in_time(i) for i in case.known.issued), releases=()
    )
    names = tuple(issued.instrument.id for issued in known.issued)
    for asked in case.asked:
        created = known.directory.services[asked.call.service].created
        if created > asked.at or answered(known, asked).because != "prohibited":
            continue
        free = added(known, freed_by(instruments=names), at=asked.at + MOMENT)
        after = answered(free, asked, asked.at + MOMENT)
        assert (after.outcome, after.because) == ("refuse", "held")


def in_time(issued: Issued) -> Issued:
    """The same, recorded before it counts and reaching back to nothing."""
    acts = tuple(
        msgspec.structs.replace(act, since=None, **_not_from_the_beginning(act))
        if isinstance(act, Rescind | Vacate | Amend)
        else act
        for act in issued.instrument.acts
    )
    instrument = msgspec.structs.replace(issued.instrument, acts=acts)
    return msgspec.structs.replace(issued, instrument=instrument, recorded=LONG_AGO)


def _not_from_the_beginning(act: Act) -> dict[str, bool]:
    return {"from_beginning": False} if isinstance(act, Vacate) else {}


@settings(on_many, max_examples=80)
@given(seeds, seeds, st.sampled_from(GRID))
def test_what_was_known_at_an_instant_never_changes_afterwards(
    seed: int, other: int, known_at: datetime
):
    case, later = draw_case(seed), draw_case(other).known
    entries = list(_entries(case.known))
    more = [
        msgspec.structs.replace(entry, recorded=known_at + timedelta(days=1))
        for entry in _entries(later)
    ]
    numbered = [
        msgspec.structs.replace(entry, seq=n) for n, entry in enumerate([*entries, *more], 1)
    ]
    then, version = read_known(numbered[: len(entries)], case.known.calls, known_at=known_at)
    now, same = read_known(
        numbered, (*case.known.calls, *_called_after(known_at, later)), known_at=known_at
    )
    assert (now, same) == (then, version)
    for asked in case.asked:
        assert answered(now, asked) == answered(then, asked)


def _called_after(instant: datetime, known: Known) -> Iterator[Any]:
    """Calls on that day, which was not over, and on later ones."""
    today = microseconds(instant) // DAY
    yield from ((use, today + day % 30) for use, day in known.calls)


def _entries(known: Known) -> Iterator[RecordEntry]:
    yield _entry("directory", "directory", LONG_AGO, known.directory)
    for issued in known.issued:
        yield _entry("instrument", issued.instrument.id, issued.recorded, issued)
    for release in known.releases:
        yield _entry("release", release.route, release.at, release)


def _entry(kind: RecordKind, key: str, recorded: datetime, body: Any) -> RecordEntry:
    return RecordEntry(seq=0, kind=kind, key=key, recorded=recorded, body=canonical(body))
