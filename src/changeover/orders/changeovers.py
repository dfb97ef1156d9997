"""Changeovers: services moved from one model to another, planned, followed and undone.

* A changeover holds what is moved, from when, and what staff are told beside the notice
  that they get. It becomes a memo by an issuer that binds the services: an officers'
  draft (`drafts.py`), previewed, entered and confirmed by another officer like any other.
* What it says of its progress is asked of the record, not kept: what the slots are bound
  to, and what was called.
* It is undone by a changeover that moves back what the law lets move back. What it does
  not is refused with the reason: permission that returns moves nothing by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotAuthorisedError
from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.differences import listed
from changeover.orders.drafts import DraftOffice, OfficersDraft
from changeover.orders.model import Instrument
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import Works
from changeover.orders.query import Question, answer
from changeover.orders.replacements import issuers_over
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.usecases import Office


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Slots of a service that get models, in order of preference; `before` is what they had."""

    service: str
    slots: tuple[str, ...]
    models: tuple[str, ...]
    before: tuple[str, ...] = ()


class Changeover(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a changeover.

    `about` is what it was begun from: a vendor, model, order or service. `draft` is the
    officers' draft of its memo, `reverses` the changeover that it undoes.
    """

    about: str
    issuer: str
    title: Bilingual
    message: Bilingual
    moves: tuple[Move, ...]
    draft: str
    reverses: str | None = None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a changeover is to be. `at` is a date or a local time, "" for at once."""

    about: str
    issuer: str
    moves: tuple[Move, ...]
    at: str = ""
    message: Bilingual = Bilingual(en="", fr="")


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """A changeover with the draft of its memo, and the instrument once that was issued."""

    id: str
    by: str
    at: datetime
    changeover: Changeover
    draft: OfficersDraft
    instrument: str | None
    effective: datetime | None


class ChangeoverOffice:
    """Planning changeovers, and asking how they stand."""

    def __init__(self, works: Works, office: Office, drafts: DraftOffice, clock: Clock) -> None:
        self._office = office
        self._drafts = drafts
        self._clock = clock
        self._folder = Folder(works, clock, "changeover", Changeover)

    def all(self) -> list[Stands]:
        """Every changeover, the newest first."""
        return [self._stands(kept) for kept in reversed(self._folder.all())]

    def get(self, name: str) -> Stands:
        """One changeover; `NotFoundError`."""
        return self._stands(self._folder.get(name))

    def instrument(self, stands: Stands) -> Instrument | None:
        """What it would be issued as; None where its draft does not read."""
        if stands.draft.problems or stands.draft.state == "removed":
            return None
        return self._drafts.instrument(stands.draft.id)

    def messages(self) -> Mapping[str, Bilingual]:
        """What staff are told beside the notices of an instrument, by its id."""
        found = {}
        for kept in self._folder.all():
            if kept.value is not None and (kept.value.message.en or kept.value.message.fr):
                instrument = self._drafts.get(kept.value.draft).instrument
                if instrument is not None:
                    found[instrument] = kept.value.message
        return found

    def begin(self, wish: Wish, by: Writer, *, reverses: str | None = None) -> Stands:
        """Plans a changeover and begins the draft of its memo.

        Raises `InvalidInputError` where nothing is moved or `at` is no instant,
        `NotAuthorisedError` where the issuer does not bind a service.
        """
        ruleset = self._office.rules.current
        now = self._clock.now()
        local = zone(ruleset.directory.zone)
        at = read_instant(wish.at, local) if wish.at else now
        moves = tuple(_with_before(ruleset, wish.moves, max(at, now)))
        self._check(ruleset, wish.issuer, moves)
        title = _title(ruleset, moves)
        begun = self._drafts.begin("memo", by)
        form: dict[str, Any] = {
            **begun.form,
            "issuer": wish.issuer,
            "title": {"en": title.en, "fr": title.fr},
            "effective": wish.at or begun.form["published"],
            "rebindings": [
                {"service": m.service, "slots": list(m.slots), "models": list(m.models)}
                for m in moves
            ],
        }
        draft = self._drafts.write(begun.id, form, by, seen=begun.version)
        planned = Changeover(
            about=wish.about,
            issuer=wish.issuer,
            title=title,
            message=wish.message,
            moves=moves,
            draft=draft.id,
            reverses=reverses,
        )
        return self._stands(self._folder.begin(planned, by))

    def undo(self, name: str, by: Writer) -> Stands:
        """Plans the changeover back; `ConflictError` with the reasons where the law bars it."""
        stands = self.get(name)
        if stands.instrument is None:
            raise ConflictError(
                "This changeover was not issued, so that there is nothing to undo.",
                do="Remove its draft instead.",
            )
        barred = [
            reason.en
            for move in stands.changeover.moves
            if (reason := self.barred_back(move)) is not None
        ]
        if barred:
            raise ConflictError(
                " ".join(dict.fromkeys(barred)),
                means="Nothing was planned: the models before may not be used there now.",
                do="Move the services to another model, or have the order changed.",
            )
        back = tuple(
            Move(service=move.service, slots=move.slots, models=move.before)
            for move in stands.changeover.moves
            if move.before
        )
        wish = Wish(about=stands.changeover.about, issuer=stands.changeover.issuer, moves=back)
        return self.begin(wish, by, reverses=name)

    def barred_back(self, move: Move) -> Bilingual | None:
        """Why the models before may not be used now in one of its slots; None where they may."""
        ruleset, now = self._office.rules.current, self._clock.now()
        service = ruleset.directory.services.get(move.service)
        if service is None or not move.before:
            return Bilingual(
                en="Nothing was bound there before.", fr="Rien n'y était lié auparavant."
            )
        routes = routes_named(ruleset, move.before[:1])
        for slot in move.slots:
            call = call_of(service, slot)
            if all(decide(ruleset, call, route, now).outcome == "refuse" for route in routes):
                asked = Question(service=service.id, slot=slot, model=move.before[0])
                return answer(ruleset, asked, now).explanation
        return None

    def _check(self, ruleset: Ruleset, issuer: str, moves: Sequence[Move]) -> None:
        if not moves:
            raise InvalidInputError(
                "Nothing is moved.",
                means="Nothing was planned.",
                do="Choose at least one service and the model that is to answer there.",
            )
        services = ruleset.directory.services
        others = [
            move.service
            for move in moves
            if issuer not in issuers_over(ruleset, services[move.service].party)
        ]
        if others:
            raise NotAuthorisedError(
                f"{issuer or 'Nobody'} does not bind {', '.join(dict.fromkeys(others))}.",
                means="Nothing was planned.",
                do="Choose an issuer that binds all that is moved, or plan one changeover each.",
            )

    def _stands(self, kept: Kept[Changeover]) -> Stands:
        changeover = kept.value
        if changeover is None:
            raise ConflictError(f"The changeover {kept.id} was removed.")
        draft = self._drafts.get(changeover.draft)
        issued = (
            None
            if draft.state != "issued" or draft.instrument is None
            else self._office.instruments().get(draft.instrument)
        )
        return Stands(
            id=kept.id,
            by=kept.by,
            at=kept.at,
            changeover=changeover,
            draft=draft,
            instrument=None if issued is None else issued.instrument.id,
            effective=None if issued is None else issued.instrument.takes_effect(),
        )


def _with_before(ruleset: Ruleset, moves: Iterable[Move], at: datetime) -> Iterable[Move]:
    """The moves with what is bound before each; slots that had the same models go together."""
    for move in moves:
        service = ruleset.directory.services.get(move.service)
        known = [] if service is None else [slot.name for slot in service.slots]
        wrong = [slot for slot in move.slots if slot not in known]
        if service is None or wrong or not move.models or not move.slots:
            raise InvalidInputError(
                f"The move of {move.service!r} names no service, slot or model that there is.",
                means="Nothing was planned.",
                do="Name a service, slots that it has, and a model.",
            )
        alike: dict[tuple[str, ...], list[str]] = {}
        for slot in move.slots:
            binding = ruleset.binding(move.service, slot, microseconds(at))
            alike.setdefault(() if binding is None else binding.models, []).append(slot)
        for before, slots in alike.items():
            yield Move(service=move.service, slots=tuple(slots), models=move.models, before=before)


def _title(ruleset: Ruleset, moves: Sequence[Move]) -> Bilingual:
    directory = ruleset.directory
    services = listed(
        directory.services[name].name for name in dict.fromkeys(m.service for m in moves)
    )
    firsts = dict.fromkeys(move.models[0] for move in moves)
    names = [_model_name(ruleset, first) for first in firsts]
    models = listed(Bilingual(en=name, fr=name) for name in names)
    return Bilingual(
        en=f"{services.en}: {models.en} from now on",
        fr=f"{services.fr}\u00a0: désormais {models.fr}",
    )


def _model_name(ruleset: Ruleset, name: str) -> str:
    directory = ruleset.directory
    route = directory.routes.get(name)
    model = directory.models.get(name if route is None else route.model)
    return name if model is None else model.name
