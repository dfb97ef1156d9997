"""Reading the clauses of one instrument from YAML, and noting what is wrong where.

An instant that cannot be read is noted and left out; what is read is of use
only while nothing was noted.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from changeover.basics.calendars import read_instant, zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.nearest import advice, unknown
from changeover.basics.shapes import shape
from changeover.basics.yaml_source import Path, Problem, YamlSource
from changeover.directory.forms import bilingual
from changeover.directory.model import Directory
from changeover.orders import contradictions
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
from changeover.orders.periods import counted, trigger_of
from changeover.orders.powers import states_terms
from changeover.orders.references import Ids, Reference, in_reading

T = TypeVar("T")

_Unit = Literal["months", "calendar-days", "business-days", "court-days"]
_UNITS: Mapping[str, _Unit] = {
    "months": "months",
    "days": "calendar-days",
    "business_days": "business-days",
    "court_days": "court-days",
}
_LONGEST: Mapping[_Unit, int] = {
    "months": 1200,
    "calendar-days": 36_500,
    "business-days": 26_000,
    "court-days": 26_000,
}

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
            self.wrong(path, unknown(kind, name), advice(name, known))

    def check(self, path: Path, references: Iterable[Reference]) -> bool:
        """Notes what names nothing of the directory; references' paths go on from `path`.

        Returns whether all is there.
        """
        missing = list(self._ids.unknown(references))
        for reference in missing:
            what = unknown(reference.kind, reference.name)
            if reference.kind == "purpose" and reference.name:
                what = f"There is no purpose {reference.name!r} of {reference.of}."
            self.wrong((*path, *reference.path), what, self._ids.advice(reference))
        return not missing

    def instant(self, path: Path, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return read_instant(text, self.zone)
        except InvalidInputError as error:
            self.wrong(path, error.what, error.do)
            return None


class ClauseReader:
    """Reads the clauses of an instrument whose instants are known.

    `since` is when they begin at the earliest: when the instrument takes effect,
    or for what an amendment writes, when the amendment begins. None is never.
    """

    def __init__(self, notes: Notes, instrument: Instrument, since: datetime | None) -> None:
        self.notes = notes
        self.instrument = instrument
        self.since = since

    def clause(self, path: Path, id_: str, value: Any) -> Clause | None:
        if isinstance(value, dict) and "readings" in value:
            several = self.notes.shape(path, value, ReadClauseForm)
            return None if several is None else self.read_clause(id_, path, several)
        flat = self.notes.shape(path, value, FlatClauseForm)
        if flat is None:
            return None
        self.check_words(path, flat.words)
        return Clause(
            id=id_,
            words=flat.words,
            readings=(self.reading(path, "plain", flat),),
            chosen="plain",
            chosen_by=flat.chosen_by,
            signed_by_counsel=flat.signed_by_counsel,
        )

    def check_words(self, path: Path, words: str) -> None:
        if not words.strip():
            what = "The clause has no words."
            self.notes.wrong((*path, "words"), what, "Write what the text says.")

    def read_clause(self, id_: str, path: Path, form: ReadClauseForm) -> Clause:
        self.check_words(path, form.words)
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
        since = self.notes.instant((*path, "since"), form.since)
        begins = self.begins(since)
        reading = Reading(
            id=id_,
            modality=form.modality,
            targets=form.targets,
            scope=form.scope,
            since=since,
            until=self.until((*path, "until"), form.until, begins),
            wind_down=self.wind_down((*path, "wind_down"), form.wind_down, begins),
            in_flight=form.in_flight,
            requirements=form.requirements,
            note=None if form.note is None else bilingual(form.note),
        )
        self.targets((*path, "targets"), form.targets)
        self.scope((*path, "scope"), form.scope)
        if self.notes.check(path, in_reading(reading)):
            for found in contradictions.in_reading(self.notes.directory, reading):
                self.notes.wrong((*path, *found.path), found.what, found.do)
        return reading

    def begins(self, since: datetime | None) -> datetime | None:
        return self.since if self.since is None or since is None else max(self.since, since)

    def targets(self, path: Path, targets: tuple[Target, ...]) -> None:
        if not targets:
            self.notes.wrong(path, "There is no target.", "Say what may or may not be used.")
        for index, target in enumerate(targets):
            if target == Target():
                what = "An empty target would match every model."
                do = "Name makers, models, hosts, resellers or routes."
                self.notes.wrong((*path, index), what, do)

    def scope(self, path: Path, scope: Scope) -> None:
        """An empty scope reaches everybody, as only a vendor's terms may."""
        if scope == Scope() and not states_terms(self.notes.directory, self.instrument):
            what = "An empty scope would reach everybody."
            self.notes.wrong(path, what, "Name the parties, networks or services reached.")

    def wind_down(
        self,
        path: Path,
        form: WindDownForm | None,
        begins: datetime | None,
    ) -> WindDown | None:
        if form is None:
            return None
        if not 0 <= form.recent_days <= 36_500:
            what = "The days must not be negative, nor more than a hundred years."
            self.notes.wrong((*path, "recent_days"), what)
        until = self.until((*path, "until"), form.until, begins)
        return WindDown(
            until=until or Moment(at=NEVER), parties=form.parties, recent_days=form.recent_days
        )

    def until(self, path: Path, form: Until | None, begins: datetime | None) -> Moment | None:
        match form:
            case None:
                return None
            case str():
                at = self.notes.instant(path, form)
                moment = None if at is None else Moment(at=at)
            case PeriodForm():
                moment = self.moment(path, form)
        if moment is not None and begins is not None and moment.at <= begins:
            ends, starts = moment.at.astimezone(self.notes.zone), begins.astimezone(self.notes.zone)
            what = f"This ends {ends.isoformat()}, not after it begins {starts.isoformat()}."
            self.notes.wrong(path, what)
        return moment

    def moment(self, path: Path, form: PeriodForm) -> Moment | None:
        """The instant that a period comes to."""
        period = self.period(path, form)
        if period is None:
            return None
        trigger = trigger_of(self.instrument, period)
        if trigger is None:
            what = f"The instrument has no instant {form.after!r} to count from."
            self.notes.wrong(path, what, f"Add {form.after}: to it, or count from another instant.")
            return None
        try:
            return Moment(at=counted(self.notes.directory, trigger, period), period=period)
        except InvalidInputError as error:
            self.notes.wrong(path, f"{error.what} {error.means}".strip(), error.do)
            return None

    def period(self, path: Path, form: PeriodForm) -> Period | None:
        given = {unit: getattr(form, field) for field, unit in _UNITS.items()}
        counts = [(unit, count) for unit, count in given.items() if count is not None]
        if len(counts) != 1 or not 0 < counts[0][1] <= _LONGEST[counts[0][0]]:
            what = (
                "A period is so many months, days, business_days or court_days, "
                "from 1 to a hundred years."
            )
            self.notes.wrong(path, what)
            return None
        [(unit, count)] = counts
        if form.rolls and unit in {"business-days", "court-days"}:
            what = "Business and court days end on a day on which business is done by themselves."
            self.notes.wrong((*path, "rolls"), what, "Leave rolls out.")
        return Period(count=count, unit=unit, after=form.after, rolls=form.rolls)
