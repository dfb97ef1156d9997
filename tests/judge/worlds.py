"""Small worlds of every kind, and questions about them, drawn from a source of chance.

Instants come from a small grid, so that ends often meet beginnings. Authority need
not hold and directories say odd things: an answer follows from any record that
names what exists.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from changeover.orders.decision import Call, Person
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Confirm,
    Decline,
    Delegate,
    Find,
    Implement,
    Instrument,
    Issued,
    Judge,
    Kind,
    Lift,
    Modality,
    Moment,
    Reading,
    Rebinding,
    Rescind,
    Scope,
    Stay,
    Supersede,
    Target,
    Vacate,
    Waive,
    WindDown,
)
from changeover.orders.ruleset import Known, call_of
from tests.judge.chance import ASSURANCES, ATTRIBUTES, GRID, MOMENT, PURPOSES, T0, Chance, named
from tests.judge.directories import Directories


class Asked(NamedTuple):
    """A question: a call on a route at an instant, under the readings preferred."""

    call: Call
    route: str
    at: datetime
    readings: dict[str, str]


class Case(NamedTuple):
    """A record and questions about it."""

    known: Known
    asked: tuple[Asked, ...]


def draw_case(seed: int, questions: int = 8) -> Case:
    """The record and the questions of a seed; always the same."""
    known = Worlds(random.Random(seed)).known()
    chance = random.Random(f"questions of {seed}")
    return Case(known, tuple(_question(chance, known) for _ in range(questions)))


cases = st.integers(0, 2**40).map(draw_case)
"""Records with questions, by their seeds."""


class Worlds(Directories):
    """A world, drawn part by part: its directory, its record, what was known of its past."""

    def known(self) -> Known:
        self.directory = self._directory()
        issued = self._issued()
        return Known(
            directory=self.directory,
            issued=issued,
            releases=tuple(self._release() for _ in range(self.count(0, 4))),
            calls=tuple(self._called() for _ in range(self.count(0, 10))),
            stated=self._stated(),
            services=self._services_then(),
            routes=self._routes_then(),
            seq=len(issued),
        )

    # The record.

    def _issued(self) -> tuple[Issued, ...]:
        number = self.count(1, 12) if self.likely(0.5) else self.count(5, 12)
        recorded = [self.instant() for _ in range(number)]
        if self.likely(0.9):
            recorded.sort()
        self._names = [f"i{n}" for n in range(number)]
        self._drawn: list[Instrument] = []
        for n in range(number):
            self._drawn.append(self._instrument(n, recorded[n]))
        return tuple(
            Issued(instrument=instrument, recorded=at, entered_by="ana", confirmed_by="ben")
            for instrument, at in zip(self._drawn, recorded, strict=True)
        )

    def _instrument(self, n: int, recorded: datetime) -> Instrument:
        issuer = self.one(list(self.directory.issuers))
        terms = self.directory.issuers[issuer].vendor is not None
        kind: Kind = self.one(("terms", "agreement") if terms else ("order", "memo", "ruling"))
        if self.likely(0.05):
            kind = self.one(("order", "terms", "agreement"))
        acts = n > 0 and self.likely(0.65)
        clauses = not acts or self.likely(0.35)
        early = clauses and self.likely(0.7)
        at = self.one(GRID[:5]) if early else self.instant()
        at = recorded if self.likely(0.3) else at
        effective = self.instant_or_none(0.25)
        announced_only = self.likely(0.04)
        return Instrument(
            id=self._names[n],
            kind=kind,
            issuer=issuer,
            title=named(f"instrument {n}"),
            announced=T0,
            published=None if announced_only or (effective and self.likely(0.3)) else at,
            effective=None if announced_only else effective,
            provisional_until=self.instant_or_none(0.15),
            clauses=self._clauses() if clauses else (),
            acts=self._acts(n, derives=clauses) if acts else (),
            rebindings=(self._rebinding(),) if self.likely(0.15) else (),
        )

    def _clauses(self) -> tuple[Clause, ...]:
        return tuple(self._clause(f"c{k}") for k in range(1 if self.likely(0.8) else 2))

    def _clause(self, id_: str) -> Clause:
        readings = tuple(self._reading(f"r{k}") for k in range(1 if self.likely(0.8) else 3))
        chosen = self.one(readings).id
        return Clause(id=id_, words="Words.", readings=readings, chosen=chosen, chosen_by="ana")

    def _reading(self, id_: str) -> Reading:
        modality: Modality = self.one(
            ("prohibit", "prohibit", "prohibit", "prohibit", "permit", "permit", "require")
        )
        return Reading(
            id=id_,
            modality=modality,
            targets=tuple(self._target() for _ in range(1 if self.likely(0.75) else 2)),
            scope=self._scope(admits=modality == "permit"),
            since=self.instant_or_none(0.15),
            until=self._until(0.12),
            wind_down=self._wind_down() if self.likely(0.55) else None,
            in_flight="cut" if self.likely(0.2) else "finish",
            requirements=self.maybe(ASSURANCES, 0.9) if modality == "require" else (),
        )

    def _until(self, share: float) -> Moment | None:
        return Moment(at=self.instant()) if self.likely(share) else None

    def _wind_down(self) -> WindDown:
        return WindDown(
            until=Moment(at=self.one(GRID[len(GRID) // 2 :])),
            parties=self.maybe(list(self.directory.parties), 0.2),
            recent_days=self.one((90, 90, 20, 10, 0)),
        )

    def _target(self) -> Target:
        world = self.directory
        vendors = list(world.vendors)
        return Target(
            makers=self.maybe(vendors, 0.5),
            models=self.maybe(list(world.models), 0.2),
            hosts=self.maybe(vendors, 0.12, 3),
            resellers=self.maybe(vendors, 0.04),
            routes=self.maybe(list(world.routes), 0.08, 3),
        )

    def _scope(self, *, admits: bool) -> Scope:
        world = self.directory
        narrow = self.likely(0.5)
        return Scope(
            parties=self.maybe(list(world.parties), 0.4, 3),
            regulated=self.maybe(list(world.parties), 0.08),
            contracts=self.maybe(("*", "c1", "c2"), 0.12),
            networks=self.maybe(list(world.networks), 0.7 if admits else 0.15, 3),
            services=self.maybe(list(world.services), 0.15) if narrow else (),
            purposes=self.maybe(PURPOSES, 0.25) if narrow else (),
            data_classes=self.maybe(("internal", "secret"), 0.1) if narrow else (),
            attributes=self.maybe(ATTRIBUTES, 0.12) if narrow else (),
        )

    def _rebinding(self) -> Rebinding:
        service = self.directory.services[self.one(list(self.directory.services))]
        return Rebinding(
            service=service.id,
            slots=self.some([slot.name for slot in service.slots]),
            models=self._served_by(list(self.directory.models), list(self.directory.routes)),
        )

    # Acts.

    def _acts(self, n: int, *, derives: bool) -> tuple[Act, ...]:
        """What an instrument does; one with clauses of its own often implements another."""
        acts = tuple(self._act(n) for _ in range(self.count(1, 2)))
        if derives and self.likely(0.5):
            return (Implement(instruments=self._acted_on(n)), *acts[1:])
        derived = [drawn.id for drawn in self._drawn if drawn.implements()]
        if derived and self.likely(0.3):
            return (*acts[1:], Find(instruments=(self.one(derived),), result="stands"))
        return acts

    def _act(self, n: int) -> Act:
        """An act of the instrument at a place of the record, mostly on those just before it."""
        on = self._acted_on(n)
        since = self.instant_or_none(0.3)
        until = self.instant_or_none(0.35)
        parties = self.maybe(list(self.directory.parties), 0.25)
        kind = self.one(_ACTS)
        simple: dict[str, Any] = {
            "rescind": lambda: Rescind(instruments=on, since=since),
            "supersede": lambda: Supersede(instruments=on),
            "implement": lambda: Implement(instruments=on),
            "decline": lambda: Decline(instruments=on),
            "confirm": lambda: Confirm(instruments=self._likely_on(on, _is_provisional)),
            "delegate": lambda: Delegate(to=self.one(list(self.directory.issuers)), instruments=on),
            "lift": lambda: Lift(instruments=on, since=since),
            "vacate": lambda: Vacate(instruments=on, since=since, from_beginning=self.likely(0.4)),
            "find": lambda: Find(instruments=on, result=self.one(("stands", "falls"))),
            "stay": lambda: Stay(
                instruments=on,
                parties=parties,
                since=since,
                until=until,
                extends=self.likely(0.4),
            ),
            "waive": lambda: self._waive(on, parties, since, until),
            "judge": lambda: self._judge(self._likely_on(on, _winds_down)),
            "amend": lambda: self._amend(n, since),
        }
        made: Act = simple[kind]()
        return made

    def _acted_on(self, n: int) -> tuple[str, ...]:
        if self.likely(0.04):
            return self.some(self._names)
        near = self._names[max(0, n - 3) : n] if self.likely(0.6) else self._names[:n]
        return self.some(near, 2 if self.likely(0.2) else 1)

    def _likely_on(
        self, on: tuple[str, ...], fitting: Callable[[Instrument], bool]
    ) -> tuple[str, ...]:
        """Mostly one of those drawn already that the act fits."""
        found = [drawn.id for drawn in self._drawn if fitting(drawn)]
        return (self.one(found),) if found and self.likely(0.8) else on

    def _waive(
        self,
        on: tuple[str, ...],
        parties: tuple[str, ...],
        since: datetime | None,
        until: datetime | None,
    ) -> Waive:
        world = self.directory
        return Waive(
            instruments=on,
            parties=parties,
            services=self.maybe(list(world.services), 0.3),
            routes=self.maybe(list(world.routes), 0.15, 3),
            purposes=self.maybe(PURPOSES, 0.15),
            since=since,
            until=until,
            requested=self.likely(0.08),
        )

    def _judge(self, on: tuple[str, ...]) -> Judge:
        return Judge(
            instruments=on,
            service=self.one(list(self.directory.services)),
            purposes=self.maybe(PURPOSES, 0.2),
            routes=self.maybe(list(self.directory.routes), 0.2, 5),
            result=self.one(("existing", "new")),
        )

    def _amend(self, n: int, since: datetime | None) -> Act:
        having = [drawn for drawn in self._drawn[:n] if drawn.clauses]
        if not having:
            return Supersede(instruments=self._acted_on(n))
        on = self.one(having)
        clause = self.one(on.clauses).id
        return Amend(
            instruments=(on.id,),
            clause=clause,
            becomes=None if self.likely(0.15) else self._clause(clause),
            since=since,
            anew=self.likely(0.4),
        )


def _is_provisional(instrument: Instrument) -> bool:
    return instrument.provisional_until is not None


def _winds_down(instrument: Instrument) -> bool:
    readings = (reading for clause in instrument.clauses for reading in clause.readings)
    return any(reading.wind_down is not None for reading in readings)


_ACTS = (
    *("stay",) * 7,
    *("waive",) * 4,
    *("amend",) * 5,
    *("judge",) * 4,
    *("lift", "vacate", "rescind", "find", "confirm") * 2,
    *("implement", "supersede", "decline", "delegate"),
)


def _question(source: random.Random, known: Known) -> Asked:
    """A call from a slot of a service, now and then by a person or for a purpose unknown."""
    chance = Chance(source)
    service = known.directory.services[chance.one(list(known.directory.services))]
    call = call_of(service, chance.one(service.slots).name)
    if chance.likely(0.3):
        yes = frozenset(chance.maybe(ATTRIBUTES, 0.6))
        no = frozenset(chance.maybe(ATTRIBUTES, 0.6)) - yes
        call = msgspec.structs.replace(call, person=Person(yes=yes, no=no))
    if chance.likely(0.08):
        call = msgspec.structs.replace(call, purpose="")
    if chance.likely(0.05):
        call = msgspec.structs.replace(call, data_class="")
    if chance.likely(0.1):
        content = chance.maybe(("internal", "secret", "public"), 0.5)
        call = msgspec.structs.replace(call, content=tuple(content))
    at = chance.instant()
    at = chance.one((at, at, at, at - MOMENT, at + timedelta(days=3)))
    readings = {}
    if chance.likely(0.2):
        readings = {issued.instrument.id: chance.one(("r0", "r1", "r2")) for issued in known.issued}
    return Asked(call, chance.one(list(known.directory.routes)), at, readings)
