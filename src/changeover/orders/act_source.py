"""Reading what an instrument does to others, and noting what is wrong where."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.yaml_source import Path
from changeover.orders.clause_source import ClauseReader, Notes
from changeover.orders.forms import (
    AmendForm,
    DelegateForm,
    EndForm,
    InstrumentForm,
    StayForm,
    WaiveForm,
)
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Confirm,
    Decline,
    Delegate,
    Implement,
    Instrument,
    Lift,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.references import in_act


class PlacedAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act, and where it stands: the act, and the instruments that it acts on."""

    act: Act
    path: Path
    named: Path


class ActReader:
    """Reads the acts of one instrument whose instants are known."""

    def __init__(self, notes: Notes, form: InstrumentForm, instrument: Instrument) -> None:
        self.notes = notes
        self.form = form
        self.instrument = instrument
        self.effect = instrument.takes_effect()

    def acts(self) -> tuple[PlacedAct, ...]:
        return (
            *self.plain(),
            *self.keeping_off(),
            *self.ending(),
            *self.judged(),
            *self.amending(),
        )

    def plain(self) -> Iterator[PlacedAct]:
        """Those that are written as a mere list of instruments."""
        form = self.form
        since = self.notes.instant(("rescinds_since",), form.rescinds_since)
        if since is not None and not form.rescinds:
            self.notes.wrong(("rescinds_since",), "The instrument rescinds nothing.")
        if form.implements:
            yield _listed("implements", Implement(instruments=form.implements))
        if form.rescinds:
            yield _listed("rescinds", Rescind(instruments=form.rescinds, since=since))
        if form.supersedes:
            yield _listed("supersedes", Supersede(instruments=form.supersedes))
        if form.declines:
            yield _listed("declines", Decline(instruments=form.declines))
        if form.confirms:
            yield _listed("confirms", Confirm(instruments=form.confirms))

    def keeping_off(self) -> Iterator[PlacedAct]:
        for index, stay in enumerate(self.form.stays):
            yield self.checked(("stays", index), self.stay(("stays", index), stay))
        for index, waiver in enumerate(self.form.waives):
            yield self.checked(("waives", index), self.waiver(("waives", index), waiver))
        for index, one in enumerate(self.form.delegates):
            yield self.checked(("delegates", index), self.delegation(("delegates", index), one))

    def stay(self, path: Path, form: StayForm) -> Stay:
        since, until = self.window(path, form.since, form.until)
        return Stay(
            instruments=form.instruments,
            parties=form.parties,
            since=since,
            until=until,
            extends=form.extends,
        )

    def waiver(self, path: Path, form: WaiveForm) -> Waive:
        since, until = self.window(path, form.since, form.until)
        if not (form.parties or form.services or form.routes or form.purposes):
            what = "The waiver would free everybody."
            self.notes.wrong(path, what, "Name the parties, services, routes or purposes freed.")
        return Waive(
            instruments=form.instruments,
            parties=form.parties,
            services=form.services,
            routes=form.routes,
            purposes=form.purposes,
            since=since,
            until=until,
            requested=form.requested,
            conditions=form.conditions,
            plan=form.plan,
            approver=form.approver,
        )

    def delegation(self, path: Path, form: DelegateForm) -> Delegate:
        _, until = self.window(path, None, form.until)
        if form.longest_days is not None and form.longest_days < 1:
            what = "No waiver could last so short."
            self.notes.wrong((*path, "longest_days"), what, "Write 1 or more, or leave it out.")
        return Delegate(
            to=form.to,
            instruments=form.instruments,
            parties=form.parties,
            services=form.services,
            routes=form.routes,
            purposes=form.purposes,
            until=until,
            longest_days=form.longest_days,
            requires=form.requires,
            conditions=form.conditions,
        )

    def ending(self) -> Iterator[PlacedAct]:
        for path, form in _numbered("lifts", self.form.lifts):
            since = self.notes.instant((*path, "since"), form.since)
            if form.from_beginning:
                what = "A lift does not reach back."
                self.notes.wrong((*path, "from_beginning"), what, "Say since when.")
            yield self.checked(path, Lift(instruments=form.instruments, since=since))
        for path, form in _numbered("vacates", self.form.vacates):
            since = self.notes.instant((*path, "since"), form.since)
            if since is not None and form.from_beginning:
                what = "It is vacated either since an instant or from the beginning."
                self.notes.wrong(path, what, "Leave one of them out.")
            act = Vacate(
                instruments=form.instruments, since=since, from_beginning=form.from_beginning
            )
            yield self.checked(path, act)

    def judged(self) -> Iterator[PlacedAct]:
        for index, finding in enumerate(self.form.finds):
            yield self.checked(("finds", index), finding)
        for index, judgement in enumerate(self.form.judges):
            yield self.checked(("judges", index), judgement)

    def amending(self) -> Iterator[PlacedAct]:
        for index, form in enumerate(self.form.amends):
            path = ("amends", index)
            since = self.notes.instant((*path, "since"), form.since)
            act = Amend(
                instruments=form.instruments,
                clause=form.clause,
                becomes=self.becomes(path, form, since),
                since=since,
                anew=form.anew,
            )
            yield self.checked(path, act)

    def becomes(self, path: Path, form: AmendForm, since: datetime | None) -> Clause | None:
        """What the clause becomes; None where it is struck, or was wrong and noted."""
        if form.becomes is msgspec.UNSET:
            if form.anew:
                what = "A clause that is struck has no uses to judge anew."
                self.notes.wrong((*path, "anew"), what, "Leave it out, or say what it becomes.")
            return None
        if form.becomes is None:
            what = "It is not said what the clause becomes."
            do = "Write the clause, or leave becomes out to strike it."
            self.notes.wrong((*path, "becomes"), what, do)
            return None
        begins = None if self.effect is None else since or self.effect
        reader = ClauseReader(self.notes, self.instrument, begins)
        return reader.clause((*path, "becomes"), form.clause, form.becomes)

    def window(
        self, path: Path, since: str | None, until: str | None
    ) -> tuple[datetime | None, datetime | None]:
        begins = self.notes.instant((*path, "since"), since)
        ends = self.notes.instant((*path, "until"), until)
        starts = [instant for instant in (begins, self.effect) if instant is not None]
        if ends is not None and starts and ends <= max(starts):
            self.notes.wrong((*path, "until"), "This ends before it begins.")
        return begins, ends

    def checked(self, path: Path, act: Act) -> PlacedAct:
        self.notes.check(path, in_act(act))
        if not act.instruments:
            self.notes.wrong((*path, "instruments"), "It names no instrument.")
        return PlacedAct(act=act, path=path, named=(*path, "instruments"))


def _listed(field: str, act: Act) -> PlacedAct:
    return PlacedAct(act=act, path=(field,), named=(field,))


def _numbered(name: str, forms: Iterable[EndForm]) -> Iterator[tuple[Path, EndForm]]:
    for index, form in enumerate(forms):
        yield (name, index), form
