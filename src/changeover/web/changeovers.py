"""Changeovers at the desk: what to move and to what, how it stands, and moving back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.directory.rules import descendants
from changeover.evidence.costs import Costs
from changeover.metering.ports import TariffSource
from changeover.orders.candidates import routes_named
from changeover.orders.changeovers import ChangeoverOffice, Move, Stands, Wish
from changeover.orders.names import ModelRef, model_ref
from changeover.orders.notice import SLOT, Notice, Reader, notices
from changeover.orders.preview import Comparison
from changeover.orders.replacements import SlotToMove, slots_to_move
from changeover.orders.ruleset import Ruleset
from changeover.orders.turnovers import turnovers
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.moving_costs import MovingCost, moving_costs
from changeover.web.prepared import OFFICERS, Count

_RECENT = timedelta(days=30)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)

MoveStands = Literal["planned", "entered", "scheduled", "bound", "answering", "overtaken", "off"]
"""`bound`: nothing was answered yet; `overtaken`: bound to something else since; `off`: the
draft was removed."""


class CalledRoute(Protocol):
    """How much a service called a route since an instant."""

    @property
    def service(self) -> str: ...
    @property
    def route(self) -> str: ...
    @property
    def calls(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def first(self) -> datetime | None: ...
    @property
    def last(self) -> datetime | None: ...


class ChangeoverParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with.

    `volumes` tells calls since an instant, `costs` what they cost, `people` how many people
    are in parties, `readers` how many have acknowledged a notice of an order.
    """

    changeovers: ChangeoverOffice
    office: Office
    clock: Clock
    volumes: Callable[[datetime], Iterable[CalledRoute]]
    costs: Costs
    prices: TariffSource
    people: Count
    readers: Callable[[str], int]
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class BeginChangeover(_Body, frozen=True, kw_only=True):
    """What is to be moved; see `Wish`. `before` of a move is not asked for."""

    about: str
    issuer: str
    moves: tuple[Move, ...]
    at: str = ""
    message: Bilingual = Bilingual(en="", fr="")


class MovingSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that may be moved, how many calls its service made there in 30 days, and their cost.

    `cost` is None where its model was not called.
    """

    slot: SlotToMove
    calls: int
    cost: MovingCost | None


class ChangeoverChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What a changeover may be begun from; of what was asked, the slots that it concerns."""

    demonstration: bool
    now: datetime
    zone: str
    at: datetime
    about: str
    slots: tuple[MovingSlot, ...]
    vendors: dict[str, Bilingual]
    models: dict[str, Bilingual]
    orders: dict[str, Bilingual]
    services: dict[str, Bilingual]
    issuers: dict[str, Bilingual]


class MoveProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How the move of a service stands.

    `first` is when the new models first answered there, `last_before` when the models before
    were last called, from 30 days before the move on. `calls` and `failed` count since the
    move. `people` are those who may use the service, `barred_back` says why it cannot be
    undone, None where it can.
    """

    service: str
    service_name: Bilingual
    slots: tuple[str, ...]
    before: tuple[ModelRef, ...]
    after: tuple[ModelRef, ...]
    stands: MoveStands
    first: datetime | None
    last_before: datetime | None
    calls: int
    failed: int
    people: int
    barred_back: Bilingual | None


class ChangeoverStands(msgspec.Struct, frozen=True, kw_only=True):
    """A changeover as it stands; `notices` is what staff are told, `read` by how many."""

    id: str
    by: str
    at: datetime
    title: Bilingual
    about: str
    message: Bilingual
    draft: str
    instrument: str | None
    waiting: str | None
    effective: datetime | None
    reverses: str | None
    moves: tuple[MoveProgress, ...]
    notices: tuple[Notice, ...]
    read: int


class ChangeoversPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every changeover, the newest first."""

    demonstration: bool
    now: datetime
    zone: str
    changeovers: tuple[ChangeoverStands, ...]


def operations(parts: ChangeoverParts) -> list[Operation | Stream]:
    """`/desk/changeovers`."""
    desk = _Changeovers(parts)
    role, base = OFFICERS, "/desk/changeovers"
    return [
        Operation("GET", base, None, ChangeoversPage, role, desk.all, "Changeovers."),
        Operation(
            "GET",
            base + "/choices",
            None,
            ChangeoverChoices,
            role,
            desk.choices,
            "What a vendor, model, order or service concerns, and what may take its place.",
            {"of": str, "at": str},
        ),
        Operation(
            "POST", base, BeginChangeover, ChangeoverStands, role, desk.begin, "Plan a changeover."
        ),
        Operation("GET", base + "/{id}", None, ChangeoverStands, role, desk.one, "How one stands."),
        Operation(
            "POST",
            base + "/{id}/undoing",
            Done,
            ChangeoverStands,
            role,
            desk.undo,
            "Plan the changeover back, where the law allows it.",
        ),
    ]


class _Changeovers:
    """Each method answers one operation."""

    def __init__(self, parts: ChangeoverParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> ChangeoversPage:
        ruleset = self._parts.office.rules.current
        return ChangeoversPage(
            demonstration=self._parts.demonstration,
            now=self._parts.clock.now(),
            zone=ruleset.directory.zone,
            changeovers=tuple(map(self._told, self._parts.changeovers.all())),
        )

    def one(self, _: Caller, __: None, params: Params) -> ChangeoverStands:
        return self._told(self._parts.changeovers.get(params["id"]))

    def begin(self, caller: Caller, body: BeginChangeover, _: Params) -> ChangeoverStands:
        wish = Wish(
            about=body.about,
            issuer=body.issuer,
            moves=body.moves,
            at=body.at,
            message=body.message,
        )
        return self._told(self._parts.changeovers.begin(wish, writer_of(caller)))

    def undo(self, caller: Caller, _: Done, params: Params) -> ChangeoverStands:
        return self._told(self._parts.changeovers.undo(params["id"], writer_of(caller)))

    def choices(self, _: Caller, __: None, params: Params) -> ChangeoverChoices:
        ruleset, now = self._parts.office.rules.current, self._parts.clock.now()
        directory = ruleset.directory
        at = read_instant(params["at"], zone(directory.zone)) if params.get("at") else now
        about = params.get("of", "")
        slots = slots_to_move(ruleset, about, at, now) if about else []
        calls = self._calls(ruleset, now - _RECENT)
        costs = moving_costs(self._parts.costs, self._parts.prices, directory, now)
        return ChangeoverChoices(
            demonstration=self._parts.demonstration,
            now=now,
            zone=directory.zone,
            at=max(at, now),
            about=about,
            slots=tuple(
                MovingSlot(
                    slot=slot,
                    calls=calls.get((slot.service, slot.bound.id), 0),
                    cost=costs(slot),
                )
                for slot in slots
            ),
            vendors={v.id: v.name for v in directory.vendors.values()},
            models={m.id: Bilingual(en=m.name, fr=m.name) for m in directory.models.values()},
            orders={name: entry.instrument.title for name, entry in ruleset.issued.items()},
            services={s.id: s.name for s in directory.services.values()},
            issuers={i.id: i.name for i in directory.issuers.values()},
        )

    def _calls(self, ruleset: Ruleset, since: datetime) -> dict[tuple[str, str], int]:
        """Calls by service and model."""
        found: dict[tuple[str, str], int] = {}
        for volume in self._parts.volumes(since):
            model = _model_of(ruleset, volume.route)
            if model is not None:
                key = volume.service, model
                found[key] = found.get(key, 0) + volume.calls
        return found

    def _told(self, stands: Stands) -> ChangeoverStands:
        ruleset = self._parts.office.rules.current
        changeover = stands.changeover
        instrument = stands.instrument
        waiting = stands.draft.instrument if stands.draft.state == "entered" else None
        since = stands.effective
        made = [] if since is None else list(self._parts.volumes(since))
        recent = list(self._parts.volumes((since or self._parts.clock.now()) - _RECENT))
        return ChangeoverStands(
            id=stands.id,
            by=stands.by,
            at=stands.at,
            title=changeover.title,
            about=changeover.about,
            message=changeover.message,
            draft=changeover.draft,
            instrument=instrument,
            waiting=waiting,
            effective=stands.effective,
            reverses=changeover.reverses,
            moves=tuple(
                self._progress(ruleset, stands, move, (made, recent)) for move in changeover.moves
            ),
            notices=tuple(self._notices(ruleset, stands)),
            read=0 if instrument is None else self._parts.readers(instrument),
        )

    def _progress(
        self,
        ruleset: Ruleset,
        stands: Stands,
        move: Move,
        called: tuple[Sequence[CalledRoute], Sequence[CalledRoute]],
    ) -> MoveProgress:
        """`called` is what was since the move, and from 30 days before it on."""
        directory = ruleset.directory
        service = directory.services[move.service]
        before, after = _models(ruleset, move.before), _models(ruleset, move.models)
        made = [v for v in called[0] if v.service == move.service]
        made = [v for v in made if _model_of(ruleset, v.route) in after]
        ever = [v for v in called[1] if v.service == move.service and v.last is not None]
        last = [v.last for v in ever if _model_of(ruleset, v.route) in before and v.last]
        first = min((v.first for v in made if v.first is not None), default=None)
        return MoveProgress(
            service=service.id,
            service_name=service.name,
            slots=move.slots,
            before=tuple(model_ref(directory, model) for model in before),
            after=tuple(model_ref(directory, model) for model in after),
            stands=self._state(ruleset, stands, move, first),
            first=first,
            last_before=max(last, default=None),
            calls=sum(volume.calls for volume in made),
            failed=sum(volume.failed for volume in made),
            people=self._parts.people(descendants(directory, service.party)),
            barred_back=self._parts.changeovers.barred_back(move),
        )

    def _state(
        self, ruleset: Ruleset, stands: Stands, move: Move, first: datetime | None
    ) -> MoveStands:
        if stands.instrument is None or stands.effective is None:
            states: Mapping[str, MoveStands] = {"entered": "entered", "removed": "off"}
            return states.get(stands.draft.state, "planned")
        now = self._parts.clock.now()
        if stands.effective > now:
            return "scheduled"
        instant = microseconds(now)
        bound = [ruleset.binding(move.service, slot, instant) for slot in move.slots]
        if any(binding is None or binding.models != move.models for binding in bound):
            return "overtaken"
        return "bound" if first is None else "answering"

    def _notices(self, ruleset: Ruleset, stands: Stands) -> Iterable[Notice]:
        """What staff are, or would be, told of the services' chats."""
        now, name = self._parts.clock.now(), stands.draft.instrument
        if name is None:
            return
        if stands.instrument is None:
            instrument = self._parts.changeovers.instrument(stands)
            if instrument is None:
                return
            ruleset = Comparison(ruleset, [instrument], now).after
        for service in dict.fromkeys(move.service for move in stands.changeover.moves):
            found = ruleset.directory.services[service]
            if all(slot.name != SLOT for slot in found.slots):
                continue
            reader = Reader(account="", party=found.party, created=_EVER)
            turned = [t for t in turnovers(ruleset, service, SLOT) if t.instrument == name]
            when = turned[-1].at if turned else now
            for notice in notices(ruleset, turned, reader, when):
                yield msgspec.structs.replace(
                    notice, in_force=when <= now, message=_said(stands.changeover.message)
                )


def _said(message: Bilingual) -> Bilingual | None:
    return message if message.en or message.fr else None


def _model_of(ruleset: Ruleset, route: str) -> str | None:
    found = ruleset.directory.routes.get(route)
    return None if found is None else found.model


def _models(ruleset: Ruleset, names: Iterable[str]) -> list[str]:
    """The models that a binding's names come to, each once, in order."""
    routes = ruleset.directory.routes
    return list(dict.fromkeys(routes[route].model for route in routes_named(ruleset, names)))
