"""Reading what an instrument does to others, and noting what is wrong where."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from changeover.basics.yaml_source import Path
from changeover.orders.clause_source import Notes
from changeover.orders.forms import DelegateForm, EndForm, InstrumentForm, StayForm, WaiveForm
from changeover.orders.model import (
    Act,
    Decline,
    Delegate,
    Implement,
    Lift,
    Rescind,
    Stay,
    Supersede,
    Vacate,
    Waive,
)
from changeover.orders.references import in_act

Placed = tuple[Path, Act]
"""An act, and where in the instrument the names that it acts on are listed."""


class ActReader:
    """Reads the acts of one instrument."""

    def __init__(self, notes: Notes, form: InstrumentForm) -> None:
        self.notes = notes
        self.form = form

    def acts(self) -> tuple[Placed, ...]:
        return (*self.plain(), *self.keeping_off(), *self.ending(), *self.found())

    def plain(self) -> Iterator[Placed]:
        """Those that are written as a mere list of instruments."""
        form = self.form
        since = self.notes.instant(("rescinds_since",), form.rescinds_since)
        if since is not None and not form.rescinds:
            self.notes.wrong(("rescinds_since",), "The instrument rescinds nothing.")
        if form.implements:
            yield ("implements",), Implement(instruments=form.implements)
        if form.rescinds:
            yield ("rescinds",), Rescind(instruments=form.rescinds, since=since)
        if form.supersedes:
            yield ("supersedes",), Supersede(instruments=form.supersedes)
        if form.declines:
            yield ("declines",), Decline(instruments=form.declines)

    def keeping_off(self) -> Iterator[Placed]:
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
        return Delegate(
            to=form.to,
            instruments=form.instruments,
            parties=form.parties,
            until=self.notes.instant((*path, "until"), form.until),
            conditions=form.conditions,
        )

    def ending(self) -> Iterator[Placed]:
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

    def found(self) -> Iterator[Placed]:
        for index, finding in enumerate(self.form.finds):
            yield self.checked(("finds", index), finding)

    def window(
        self, path: Path, since: str | None, until: str | None
    ) -> tuple[datetime | None, datetime | None]:
        begins = self.notes.instant((*path, "since"), since)
        ends = self.notes.instant((*path, "until"), until)
        effective = self.form.effective or self.form.published
        starts = begins or (None if effective is None else self.notes.instant((), effective))
        if starts is not None and ends is not None and ends <= starts:
            self.notes.wrong((*path, "until"), "This ends before it begins.")
        return begins, ends

    def checked(self, path: Path, act: Act) -> Placed:
        self.notes.check(path, in_act(act))
        if not act.instruments:
            self.notes.wrong((*path, "instruments"), "It names no instrument.")
        return (*path, "instruments"), act


def _numbered(name: str, forms: Iterable[EndForm]) -> Iterator[tuple[Path, EndForm]]:
    for index, form in enumerate(forms):
        yield (name, index), form
