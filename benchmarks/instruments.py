"""Generated instruments: orders, and acts on them, the same for the same seed.

An order has one clause: a prohibition, half of which wind down, or an admission to
the network that denies by default; its target is a maker, a model, a host of a
maker's models or a route. Some orders implement an earlier one. An act names one to
three earlier instruments: a stay, a waiver, a vacatur, a lift, an amendment, a
rescission, a finding on an order that implements another, a judgement of a use
under one that winds down. Stays and waivers are party-limited as often as not: to
a party that is part of one that the first of these orders reaches.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal, get_args

import msgspec

from benchmarks.directory import BEGIN, DATA_CLASSES, DEPTH, PURPOSES, name
from changeover.directory.model import Directory
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
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
    Rescind,
    Scope,
    Source,
    Stay,
    Target,
    Vacate,
    Waive,
    WindDown,
)

Sort = Literal[
    "order",
    "implementing",
    "stay",
    "waiver",
    "vacatur",
    "lift",
    "amendment",
    "rescission",
    "finding",
    "judgement",
]
"""What is drawn: an order with a clause, or an act on earlier instruments."""

SORTS: tuple[Sort, ...] = get_args(Sort)

_OFTEN = (920, 30, 14, 10, 6, 4, 6, 4, 3, 3)
"""How often each sort is drawn: acts are 5 in 100."""

_RULING: tuple[Kind, str] = ("ruling", "court")
_ISSUED_AS: dict[Sort, tuple[Kind, str]] = {
    "stay": _RULING,
    "vacatur": _RULING,
    "lift": _RULING,
    "waiver": ("waiver", "head"),
    "finding": ("finding", "head"),
    "judgement": ("finding", "head"),
}
_SPAN = 420
"""The days after `BEGIN` within which orders take effect."""


class Instruments:
    """Draws one instrument after another; the first ones are the same however many follow."""

    def __init__(self, directory: Directory, seed: str) -> None:
        self._random = Random(f"instruments {seed}")
        self._parties = list(directory.parties)
        self._parts: dict[str, list[str]] = {}
        for party in directory.parties.values():
            self._parts.setdefault(party.part_of or "", []).append(party.id)
        self._services = list(directory.services)
        self._routes = list(directory.routes)
        self._models = list(directory.models)
        self._makers = sorted({model.maker for model in directory.models.values()})
        self._hosts = sorted({route.host for route in directory.routes.values()})
        self._count = 0
        self._orders: list[Issued] = []
        self._drawn: dict[Sort, list[Issued]] = {sort: [] for sort in SORTS}
        self._winding: list[Issued] = []
        self._touched: list[Issued] = []

    def draw(self, count: int) -> list[Issued]:
        """The next instruments, of each sort as often as the world has them."""
        return [self.one(self._random.choices(SORTS, _OFTEN)[0]) for _ in range(count)]

    def one(self, sort: Sort) -> Issued:
        """The next instrument, of this sort, or an order while there is nothing to act on."""
        if sort in {"order", "implementing"}:
            return self._order(sort)
        acted_on = self._acted_on(sort)
        return self._acting(sort, acted_on) if acted_on else self._order("order")

    def stay_of(self, count: int) -> Issued:
        """A stay of so many orders."""
        return self._acting("stay", self._random.sample(self._orders, count))

    def _acted_on(self, sort: Sort) -> Sequence[Issued]:
        """One to three earlier instruments that an act of this sort may name."""
        random = self._random
        among = self._orders
        match sort:
            case "lift":
                among = self._drawn["stay"]
            case "finding":
                among = self._drawn["implementing"]
            case "judgement":
                among = self._winding
            case "amendment" | "rescission":
                return random.sample(among, 1) if among else ()
        return random.sample(among, min(len(among), random.randrange(1, 4)))

    def _order(self, sort: Sort) -> Issued:
        effect = BEGIN + timedelta(days=self._random.randrange(_SPAN))
        clause = self._clause(effect)
        acts: tuple[Act, ...] = ()
        if sort == "implementing" and self._orders:
            # What was stayed or ended is as likely as the rest, or hardly any question would arise.
            among = self._touched if self._touched and self._random.random() < 0.5 else self._orders
            implemented = self._random.choice(among).instrument
            acts = (Implement(instruments=(implemented.id,)),)
        entry = self._issue(sort, effect, (clause,), acts)
        self._orders.append(entry)
        if clause.reading().wind_down is not None:
            self._winding.append(entry)
        return entry

    def _acting(self, sort: Sort, acted_on: Sequence[Issued]) -> Issued:
        """An act that begins up to 200 days after what it acts on: maybe it is still to come."""
        last = max(entry.recorded for entry in acted_on)
        effect = last + timedelta(days=self._random.randrange(1, 200))
        if sort in {"stay", "vacatur", "rescission"}:
            self._touched += acted_on
        act = self._ruling if _ISSUED_AS.get(sort) == _RULING else self._act
        return self._issue(sort, effect, (), (act(sort, acted_on, effect),))

    def _issue(
        self, sort: Sort, effect: datetime, clauses: tuple[Clause, ...], acts: tuple[Act, ...]
    ) -> Issued:
        kind, issuer = _ISSUED_AS.get(sort, ("order", "head"))
        own = f"{'order' if clauses else sort}-{self._count}"
        self._count += 1
        entry = Issued(
            instrument=Instrument(
                id=own,
                kind=kind,
                issuer=issuer,
                title=name(own),
                published=effect,
                effective=effect,
                clauses=clauses,
                acts=acts,
                sources=(Source(address=f"file:{own}", captured=effect, sha256="0" * 64),),
            ),
            recorded=effect,
            entered_by="officer",
            confirmed_by="second officer",
        )
        self._drawn[sort].append(entry)
        return entry

    def _ruling(self, sort: Sort, acted_on: Sequence[Issued], effect: datetime) -> Act:
        random = self._random
        names = _names(acted_on)
        match sort:
            case "stay":
                return Stay(
                    instruments=names,
                    parties=self._part(acted_on[0]) if random.random() < 0.5 else (),
                    until=self._later(effect) if random.random() < 0.5 else None,
                    extends=random.random() < 0.5,
                )
            case "lift":
                return Lift(instruments=names)
            case _:
                return Vacate(instruments=names, from_beginning=random.random() < 0.3)

    def _act(self, sort: Sort, acted_on: Sequence[Issued], effect: datetime) -> Act:
        random = self._random
        names = _names(acted_on)
        match sort:
            case "waiver":
                whole = Waive(instruments=names, until=self._later(effect))
                return self._limited(whole, acted_on[0])
            case "amendment":
                becomes = self._clause(effect) if random.random() < 0.8 else None
                return Amend(instruments=names, clause="1", becomes=becomes)
            case "finding":
                return Find(instruments=names, result=random.choice(("stands", "falls")))
            case "judgement":
                result: Literal["existing", "new"] = random.choice(("existing", "new"))
                service = random.choice(self._services)
                return Judge(instruments=names, service=service, result=result)
            case _:
                return Rescind(instruments=names)

    def _limited(self, whole: Waive, order: Issued) -> Waive:
        """The waiver, for some of those whom the order reaches, or for some services or routes."""
        freed: dict[str, tuple[str, ...]]
        match self._random.choices(("parties", "services", "routes"), (2, 1, 1))[0]:
            case "parties":
                freed = {"parties": self._part(order)}
            case "services":
                freed = {"services": tuple(self._random.sample(self._services, 5))}
            case _:
                freed = {"routes": tuple(self._random.sample(self._routes, 5))}
        limited: Waive = msgspec.structs.replace(whole, **freed)
        return limited

    def _part(self, order: Issued) -> tuple[str, ...]:
        """A party right below the one that an order names, or that one where there is none."""
        (party,) = order.instrument.clauses[0].reading().scope.parties
        return (self._random.choice(self._parts.get(party, [party])),)

    def _clause(self, effect: datetime) -> Clause:
        random = self._random
        modality: Modality = random.choices(("prohibit", "permit"), (4, 1))[0]
        deadline = Moment(at=effect + timedelta(days=180))
        winds_down = modality == "prohibit" and random.random() < 0.5
        reading = Reading(
            id="plain",
            modality=modality,
            targets=(self._target(),),
            scope=self._scope(modality),
            since=None,
            until=Moment(at=self._later(effect)) if random.random() < 0.2 else None,
            wind_down=WindDown(until=deadline) if winds_down else None,
        )
        return Clause(
            id="1", words="No use.", readings=(reading,), chosen="plain", chosen_by="counsel"
        )

    def _target(self) -> Target:
        random = self._random
        match random.choices(("maker", "model", "host", "route"), (6, 2, 1, 1))[0]:
            case "maker":
                return Target(makers=(random.choice(self._makers),))
            case "model":
                return Target(models=(random.choice(self._models),))
            case "host":
                host, maker = random.choice(self._hosts), random.choice(self._makers)
                return Target(hosts=(host,), makers=(maker,))
            case _:
                return Target(routes=(random.choice(self._routes),))

    def _scope(self, modality: Modality) -> Scope:
        random = self._random
        return Scope(
            parties=(self._party(),),
            networks=("closed",) if modality == "permit" else (),
            purposes=(random.choice(PURPOSES),) if random.random() < 0.1 else (),
            data_classes=(random.choice(DATA_CLASSES),) if random.random() < 0.1 else (),
        )

    def _party(self) -> str:
        # High parties reach many: they are as likely here as in life, not as in the tree.
        high = self._random.random() < 0.2
        return self._random.choice(self._parties[:DEPTH] if high else self._parties)

    def _later(self, effect: datetime) -> datetime:
        return effect + timedelta(days=self._random.randrange(20, 400))


def _names(entries: Sequence[Issued]) -> tuple[str, ...]:
    return tuple(entry.instrument.id for entry in entries)
