"""Reading the clauses of one instrument from YAML, and noting what is wrong where.

An instant that cannot be read is noted and left out; what is read is of use
only while nothing was noted.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from changeover.basics.calendars import after_days, after_months, read_instant, zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.nearest import advice
from changeover.basics.shapes import shape
from changeover.basics.yaml_source import Path, Problem, YamlSource
from changeover.directory.forms import bilingual
from changeover.directory.model import Directory
from changeover.orders.forms import (
    FlatClauseForm,
    PeriodForm,
    ReadClauseForm,
    ReadingForm,
    Until,
    WindDownForm,
)
from changeover.orders.model import (
    Clause,
    Instrument,
    Moment,
    Period,
    Reading,
    Scope,
    Target,
    WindDown,
)
from changeover.orders.references import Ids, Reference, in_scope, in_target, in_wind_down

T = TypeVar("T")

NEVER = datetime.min.replace(tzinfo=UTC)
"""Stands for an instant that is wrong and was noted."""


class Notes:
    """One instrument's place in its file, and the problems found in it.

    Paths are from the instrument on.
    """

    def __init__(
        self, source: YamlSource, path: Path, directory: Directory, problems: list[Problem]
    ) -> None:
        self.source = source
        self.path = path
        self.directory = directory
        self.problems = problems
        self.zone = zone(directory.zone)
        self._ids = Ids(directory)

    def shape(self, path: Path, value: Any, of: type[T]) -> T | None:
        """`value` as an `of`; None, and noted, when it is none."""
        return shape(self.source, (*self.path, *path), value, of, self.problems)

    def wrong(self, path: Path, what: str, do: str = "", *, at_key: bool = False) -> None:
        at = (*self.path, *path)
        self.problems.append(self.source.problem(at, what, do, at_key=at_key))

    def refer(self, path: Path, kind: str, known: Mapping[str, Any], name: str) -> None:
        if name not in known:
            self.wrong(path, f"There is no {kind} {name!r}.", advice(name, known))

    def check(self, path: Path, references: Iterable[Reference]) -> None:
        """Notes what names nothing of the directory; references' paths go on from `path`."""
        for reference in self._ids.unknown(references):
            what = f"There is no {reference.kind} {reference.name!r}."
            self.wrong((*path, *reference.path), what, self._ids.advice(reference))

    def instant(self, path: Path, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return read_instant(text, self.zone)
        except InvalidInputError as error:
            self.wrong(path, error.what, error.do)
            return None


class ClauseReader:
    """Reads the clauses of an instrument whose instants are known."""

    def __init__(self, notes: Notes, instrument: Instrument) -> None:
        self.notes = notes
        self.instrument = instrument

    def clause(self, id_: str, value: Any) -> Clause | None:
        path = ("clauses", id_)
        if isinstance(value, dict) and "readings" in value:
            several = self.notes.shape(path, value, ReadClauseForm)
            return None if several is None else self.read_clause(id_, path, several)
        flat = self.notes.shape(path, value, FlatClauseForm)
        if flat is None:
            return None
        return Clause(
            id=id_,
            words=flat.words,
            readings=(self.reading(path, "plain", flat),),
            chosen="plain",
            chosen_by=flat.chosen_by,
            signed_by_counsel=flat.signed_by_counsel,
        )

    def read_clause(self, id_: str, path: Path, form: ReadClauseForm) -> Clause:
        return Clause(
            id=id_,
            words=form.words,
            readings=tuple(
                self.reading((*path, "readings", name), name, one)
                for name, one in form.readings.items()
            ),
            chosen=self.chosen(path, form) or "",
            chosen_by=form.chosen_by,
            signed_by_counsel=form.signed_by_counsel,
        )

    def chosen(self, path: Path, form: ReadClauseForm) -> str | None:
        if form.chosen is None and len(form.readings) == 1:
            return next(iter(form.readings))
        if not form.readings:
            self.notes.wrong((*path, "readings"), "The clause has no reading.")
        elif form.chosen is None:
            what = "The clause has several readings and none is chosen."
            self.notes.wrong(path, what, "Add chosen: and the reading's id.", at_key=True)
        else:
            self.notes.refer((*path, "chosen"), "reading", form.readings, form.chosen)
        return form.chosen

    def reading(self, path: Path, id_: str, form: ReadingForm) -> Reading:
        self.targets((*path, "targets"), form.targets)
        self.scope((*path, "scope"), form.scope)
        since = self.notes.instant((*path, "since"), form.since)
        begins = self.instrument.begins(since)
        return Reading(
            id=id_,
            modality=form.modality,
            targets=form.targets,
            scope=form.scope,
            since=since,
            until=self.until((*path, "until"), form.until, begins),
            wind_down=self.wind_down((*path, "wind_down"), form.wind_down, begins),
            in_flight=form.in_flight,
            note=None if form.note is None else bilingual(form.note),
        )

    def targets(self, path: Path, targets: tuple[Target, ...]) -> None:
        if not targets:
            self.notes.wrong(path, "There is no target.", "Say what may or may not be used.")
        for index, target in enumerate(targets):
            at = (*path, index)
            if target == Target():
                what = "An empty target would match every model."
                self.notes.wrong(at, what, "Name makers, models, hosts, resellers or routes.")
            self.notes.check(at, in_target(target))

    def scope(self, path: Path, scope: Scope) -> None:
        if scope == Scope():
            what = "An empty scope would reach everybody."
            self.notes.wrong(path, what, "Name the parties, networks or services reached.")
        self.notes.check(path, in_scope(scope))

    def wind_down(
        self,
        path: Path,
        form: WindDownForm | None,
        begins: datetime | None,
    ) -> WindDown | None:
        if form is None:
            return None
        if form.recent_days < 0:
            self.notes.wrong((*path, "recent_days"), "The days must not be negative.")
        until = self.until((*path, "until"), form.until, begins)
        wind_down = WindDown(
            until=until or Moment(at=NEVER), parties=form.parties, recent_days=form.recent_days
        )
        self.notes.check(path, in_wind_down(wind_down))
        return wind_down

    def until(self, path: Path, form: Until | None, begins: datetime | None) -> Moment | None:
        match form:
            case None:
                return None
            case str():
                at = self.notes.instant(path, form)
                moment = None if at is None else Moment(at=at)
            case PeriodForm():
                moment = self.period(path, form)
        if moment is not None and begins is not None and moment.at <= begins:
            ends, starts = moment.at.astimezone(self.notes.zone), begins.astimezone(self.notes.zone)
            what = f"This ends {ends.isoformat()}, not after it begins {starts.isoformat()}."
            self.notes.wrong(path, what)
        return moment

    def period(self, path: Path, form: PeriodForm) -> Moment | None:
        trigger = {
            "signed": self.instrument.signed,
            "published": self.instrument.published,
            "effective": self.instrument.takes_effect(),
        }[form.after]
        if trigger is None:
            what = f"The instrument has no instant {form.after!r} to count from."
            self.notes.wrong(path, what, f"Add {form.after}: to it, or count from another instant.")
            return None
        match form.months, form.days:
            case int() as months, None if 0 < months <= 1200:
                period = Period(count=months, unit="months", after=form.after)
                return Moment(at=after_months(trigger, months, self.notes.zone), period=period)
            case None, int() as days if 0 < days <= 36_500:
                period = Period(count=days, unit="calendar-days", after=form.after)
                return Moment(at=after_days(trigger, days, self.notes.zone), period=period)
            case _:
                what = "A period is so many months or so many days, from 1 to a hundred years."
                self.notes.wrong(path, what)
                return None
