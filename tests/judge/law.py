"""Sections 1, 3 and 4 of docs/rules.md: what instruments do to one another, and status.

All of it is for one call on one route: a stay or a waiver may cover one call and
not another, and so may whatever it puts off. Instants are whole microseconds.

`kept` is the reading of section 9: every ending, stay, waiver, lift and
amendment begins at the latest of its beginning, its instrument's instant of
effect and its instrument's recording. Whether an act is taken is asked of the
record as kept, for no call: then a stay counts if it covers everyone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from changeover.basics.instants import microseconds
from changeover.orders.decision import Call
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Confirm,
    Delegate,
    Find,
    Instrument,
    Issued,
    Lift,
    Reading,
    Rescind,
    Status,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.ruleset import Known
from tests.judge.reach import is_within

FOREVER = 2**70
"""After every instant."""


class Made(NamedTuple):
    """An act, as done to one instrument that it names."""

    place: tuple[int, int]
    issued: Issued
    act: Act
    on: Instrument

    @property
    def by(self) -> Instrument:
        return self.issued.instrument


class Version(NamedTuple):
    """A clause as one text has it: its own, or an amendment of it."""

    held: Issued
    clause: Clause
    reading: Reading
    amended: Made | None

    @property
    def instrument(self) -> Instrument:
        return self.held.instrument


def effect_of(instrument: Instrument) -> int | None:
    """The instant *E* at which it takes effect; None for an announcement."""
    return instant(instrument.effective or instrument.published)


def instant(given: datetime | None) -> int | None:
    return None if given is None else microseconds(given)


def is_ending(act: Act) -> bool:
    return isinstance(act, Rescind | Supersede | Vacate) or (
        isinstance(act, Find) and act.result == "falls"
    )


class Law:
    """What the record says for one call on one route."""

    def __init__(
        self,
        known: Known,
        call: Call | None,
        route: str,
        *,
        readings: Mapping[str, str] | None = None,
        kept: bool = False,
    ) -> None:
        self.known = known
        self._call = call
        self.route = route
        self.readings = readings or {}
        self.kept = kept
        self._covered: dict[tuple[tuple[int, int], str, int], bool] = {}
        self._as_kept = self if call is None else Law(known, None, route, kept=True)
        self.points = sorted(set(_instants(known)))

    @property
    def call(self) -> Call:
        """The call in question."""
        assert self._call is not None, "no call is in question"
        return self._call

    # Section 1.

    def acts_on(self, on: Instrument) -> Iterator[Made]:
        """Every act that names the instrument, of instruments further down the record."""
        standing = False
        for number, issued in enumerate(self.known.issued):
            if standing and effect_of(issued.instrument) is not None:
                for place, act in enumerate(issued.instrument.acts):
                    if not isinstance(act, Delegate) and on.id in act.instruments:
                        yield Made((number, place), issued, act, on)
            if issued.instrument.id == on.id:
                standing = True

    # Section 3.

    def beginning(self, made: Made) -> int:
        """When the act begins, as kept if that is what is asked."""
        begins = _beginning(made)
        if self.kept and (is_ending(made.act) or isinstance(made.act, Stay | Waive | Lift | Amend)):
            return max(begins, _effect(made), _recorded(made.issued))
        return begins

    def taken(self, made: Made) -> int | None:
        """When the act is taken; None when its instrument had been ended by an act by then."""
        then = max(_beginning(made), _effect(made))
        return None if self.had_ended_it(made.by, then) else then

    def had_ended_it(self, instrument: Instrument, at: int) -> bool:
        """Whether an act had ended an instrument by an instant, as it was kept."""
        return bool(self._as_kept.endings(instrument, at))

    def covers(self, made: Made, at: int) -> bool:
        """Whether what the act does is on for the call at an instant."""
        key = (made.place, made.on.id, at)
        if key not in self._covered:
            self._covered[key] = (
                self.beginning(made) <= at
                and not _is_over(made.act, at)
                and self._concerns_call(made.act)
                and self.taken(made) is not None
                and not self._is_off(made, at)
            )
        return self._covered[key]

    def _concerns_call(self, act: Act) -> bool:
        if self._call is None:
            return not (isinstance(act, Stay) and act.parties)
        call, directory = self.call, self.known.directory
        if isinstance(act, Stay):
            return not act.parties or is_within(directory, call.party, act.parties)
        if isinstance(act, Waive):
            return (
                not act.requested
                and (not act.parties or is_within(directory, call.party, act.parties))
                and (not act.services or call.service in act.services)
                and (not act.routes or self.route in act.routes)
                and (not act.purposes or call.purpose in act.purposes)
            )
        return True

    def _is_off(self, made: Made, at: int) -> bool:
        if isinstance(made.act, Stay | Waive):
            return (
                bool(self.stays(made.by, at))
                or self.has_ended(made.by, at)
                or any(self.covers(m, at) for m in self.acts_on(made.by) if isinstance(m.act, Lift))
            )
        return bool(self.stays(made.by, at)) or self.is_vacated(made.by, at)

    def stays(self, instrument: Instrument, at: int) -> list[Made]:
        """The stays of the instrument that cover the call."""
        return [
            m for m in self.acts_on(instrument) if isinstance(m.act, Stay) and self.covers(m, at)
        ]

    def waivers(self, instrument: Instrument, at: int) -> list[Made]:
        """The waivers of the instrument's prohibitions that cover the call."""
        return [
            m for m in self.acts_on(instrument) if isinstance(m.act, Waive) and self.covers(m, at)
        ]

    def endings(self, instrument: Instrument, at: int) -> list[Made]:
        """The endings of the instrument by acts that cover the call."""
        return [m for m in self.acts_on(instrument) if is_ending(m.act) and self.covers(m, at)]

    def is_vacated(self, instrument: Instrument, at: int) -> bool:
        return any(isinstance(m.act, Vacate) for m in self.endings(instrument, at))

    def has_ended(self, instrument: Instrument, at: int) -> bool:
        """Whether an act ended it, or its unconfirmed `provisional_until` has come."""
        lasts = instant(instrument.provisional_until)
        if lasts is not None and lasts <= at and not self._is_confirmed(instrument, lasts):
            return True
        return bool(self.endings(instrument, at))

    def _is_confirmed(self, instrument: Instrument, lasts: int) -> bool:
        for made in self.acts_on(instrument):
            if isinstance(made.act, Confirm):
                taken = self.taken(made)
                if taken is not None and taken < lasts and _recorded(made.issued) < lasts:
                    return True
        return False

    # Section 3, amendment.

    def all_versions(self) -> Iterator[Version]:
        """Every version of every clause on record."""
        for held in self.known.issued:
            yield from self._versions(held)

    def _versions(self, held: Issued) -> Iterator[Version]:
        """Every version of an instrument's clauses, a clause's own text first."""
        preferred = self.readings.get(held.instrument.id)
        for clause in held.instrument.clauses:
            yield Version(held, clause, clause.reading(preferred), None)
            for made in self.amendments(held.instrument, clause.id):
                assert isinstance(made.act, Amend)
                becomes = made.act.becomes
                if becomes is not None and self.taken(made) is not None:
                    yield Version(held, becomes, becomes.reading(preferred), made)

    def amendments(self, instrument: Instrument, clause: str) -> list[Made]:
        """Every amendment of a clause, in the order of issue."""
        return [
            made
            for made in self.acts_on(instrument)
            if isinstance(made.act, Amend) and made.act.clause == clause
        ]

    def own_beginning(self, version: Version) -> int | None:
        """Section 4: when a version begins; None when it is announced."""
        effect = effect_of(version.instrument)
        if effect is None:
            return None
        begins = effect
        if version.reading.since is not None:
            begins = max(begins, microseconds(version.reading.since))
        return begins if version.amended is None else max(begins, self.beginning(version.amended))

    # Section 4.

    def status(self, version: Version, at: int) -> Status:
        """The first that holds."""
        begins = self.own_beginning(version)
        if begins is None:
            return "announced"
        if self._version_ended(version, at):
            return "ended"
        if at < begins:
            return "pending"
        if self.stayed_by(version, at):
            return "stayed"
        if version.reading.modality == "prohibit" and self.waivers(version.instrument, at):
            return "waived"
        deadline = self._moved_deadline(version)
        return "operative" if deadline is None or deadline <= at else "winding-down"

    def _version_ended(self, version: Version, at: int) -> bool:
        until = version.reading.until
        if until is not None and microseconds(until.at) <= at:
            return True
        if self.has_ended(version.instrument, at):
            return True
        amended = version.amended
        if amended is not None and self.is_vacated(amended.by, at):
            return True
        return any(
            self.covers(later, at)
            for later in self.amendments(version.instrument, version.clause.id)
            if amended is None or later.place > amended.place
        )

    def stayed_by(self, version: Version, at: int) -> list[Made]:
        """The stays of its instrument, and of the one that amended it."""
        stays = self.stays(version.instrument, at)
        return stays if version.amended is None else stays + self.stays(version.amended.by, at)

    def deadline(self, version: Version) -> int | None:
        """As moved, or as written where it moved beyond all time; None without a wind-down."""
        moved = self._moved_deadline(version)
        return _written_deadline(version) if moved == FOREVER else moved

    def _moved_deadline(self, version: Version) -> int | None:
        """As written, moved by the stays that stop the clocks."""
        deadline = _written_deadline(version)
        begins = self.own_beginning(version)
        if deadline is None or begins is None:
            return deadline
        for start, end in self._clocks_stopped(version, begins):
            if start < deadline:
                deadline = FOREVER if end == FOREVER else deadline + end - start
        return deadline

    def _clocks_stopped(self, version: Version, begins: int) -> list[tuple[int, int]]:
        """From the beginning on, each time without a break in which they stood still."""
        found: list[tuple[int, int]] = []
        for start, end in pairwise([begins, *(p for p in self.points if p > begins), FOREVER]):
            stays = self.stayed_by(version, start)
            if any(isinstance(m.act, Stay) and m.act.extends for m in stays):
                goes_on = found and found[-1][1] == start
                found.append((found.pop()[0] if goes_on else start, end))
        return found


def _effect(made: Made) -> int:
    effect = effect_of(made.by)
    assert effect is not None, "an announcement does nothing to others"
    return effect


def _beginning(made: Made) -> int:
    """When an act begins: at its `since`, else when its instrument takes effect."""
    effect = _effect(made)
    match made.act:
        case Vacate(from_beginning=True):
            on = effect_of(made.on)
            return effect if on is None else _reaching_back(made, on)
        case Rescind(since=since) | Vacate(since=since) | Amend(since=since):
            return effect if since is None else _reaching_back(made, microseconds(since))
        case Stay(since=since) | Waive(since=since) | Lift(since=since):
            return effect if since is None else max(effect, microseconds(since))
        case _:
            return effect


def _reaching_back(made: Made, begins: int) -> int:
    """Only what had taken effect when it was recorded may begin before that."""
    effect = _effect(made)
    return begins if _recorded(made.issued) >= effect else max(begins, effect)


def _written_deadline(version: Version) -> int | None:
    reading = version.reading
    if reading.wind_down is None or reading.modality != "prohibit":
        return None
    return microseconds(reading.wind_down.until.at)


def _is_over(act: Act, at: int) -> bool:
    return isinstance(act, Stay | Waive) and act.until is not None and microseconds(act.until) <= at


def _recorded(issued: Issued) -> int:
    return microseconds(issued.recorded)


def _instants(known: Known) -> Iterator[int]:
    """Every instant that the instruments name: only there may anything change for a call.

    A deadline that a stay moved is the one exception (section 4).
    """
    for issued in known.issued:
        yield _recorded(issued)
        instrument = issued.instrument
        given = [instrument.published, instrument.effective, instrument.provisional_until]
        for act in instrument.acts:
            given += [getattr(act, "since", None), getattr(act, "until", None)]
            if isinstance(act, Amend) and act.becomes is not None:
                given += _of_clause(act.becomes)
        for clause in instrument.clauses:
            given += _of_clause(clause)
        yield from (microseconds(g) for g in given if g is not None)


def _of_clause(clause: Clause) -> list[datetime | None]:
    given: list[datetime | None] = []
    for reading in clause.readings:
        given += [
            reading.since,
            None if reading.until is None else reading.until.at,
            None if reading.wind_down is None else reading.wind_down.until.at,
        ]
    return given
