"""What officers do with orders: apply a directory, issue, rescind, release, and ask.

Each act is checked against what stands, recorded together with its ledger entry
in one unit of work, compiled into the next ruleset, and in force on every replica
before it returns (`enforcing.py`): the next call is decided by it, wherever it
comes in. Acts take turns from the look at what stands to the commit, across
processes too, so that each is checked against all before it.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError, ConflictError, NotFoundError
from changeover.directory.difference import Change, difference
from changeover.directory.model import Directory
from changeover.orders.authority import check_authority, check_entry, check_person
from changeover.orders.before_recording import (
    check_grown,
    check_held,
    check_new,
    check_readings,
    check_secrecy,
    rescinded,
    rescinds,
)
from changeover.orders.drawing_up import (
    Finding,
    Freeze,
    Judgement,
    confirmation_of,
    freeze_of,
    judgement_of,
    rescission_of,
    to_instrument,
)
from changeover.orders.enforcement import Enforcement
from changeover.orders.in_force import Rules
from changeover.orders.known import RecordReader, read_known
from changeover.orders.model import Amend, Instrument, Issued, Release, Source
from changeover.orders.ports import CallDays, Enforcing, RecordEntry, Work, Works
from changeover.orders.recording import record_directory, record_instrument, record_release
from changeover.orders.references import check_dropped, check_id
from changeover.orders.ruleset import Ruleset, compile_ruleset
from changeover.orders.uses import Use

_TRIES = 5
_AGAIN_SECONDS = 0.2


class RecordedError(ChangeoverError):
    """An act was recorded, and something after that failed."""

    code = "recorded"


class Office:
    """The acts and questions of officers, over the record."""

    def __init__(
        self, works: Works, calls: CallDays, clock: Clock, enforcer: Enforcing | None = None
    ) -> None:
        self._works = works
        self._calls = calls
        self._clock = clock
        self._enforcer = enforcer
        # Of the ruleset that is grown; taken after a unit of work has its turn, never before.
        self._growing = threading.RLock()
        self._reader = RecordReader()
        # Whether the rules may lack something that was read.
        self._behind = True
        self.rules = Rules()

    def load(self) -> None:
        """Brings the rules up to the record; leaves them empty when there is no directory.

        A directory has everything compiled anew, and so has what follows a failure;
        instruments and releases are added.
        """
        with self._growing:
            self._take(self._entries(after=self._reader.last))

    def catch_up(self) -> None:
        """As `load`, where anything was recorded since."""
        with self._growing:
            entries = self._entries(after=self._reader.last)
            if self._behind or entries:
                self._take(entries)

    def _take(self, entries: Sequence[RecordEntry]) -> None:
        before = len(self._reader.issued), len(self._reader.releases)
        anew = self._behind or any(entry.kind in {"directory", "import"} for entry in entries)
        self._behind = True
        self._reader.take(entries)
        if anew or not self.rules.ready:
            self._compile()
        else:
            issued = self._reader.issued[before[0] :]
            self._grow(issued, self._reader.releases[before[1] :])
        self._behind = False

    def _compile(self) -> None:
        if self._reader.directory is not None:
            self._reader.take_calls(self._calls.days())
            known = self._reader.known()
            self.rules.replace(compile_ruleset(known, version=self._reader.version))

    def _grow(self, issued: Sequence[Issued], releases: Sequence[Release]) -> None:
        ruleset = self.rules.current
        # Days on which calls made nothing an existing use so far may do so for a new order.
        if any(map(_asks_for_uses, issued)):
            self._reader.take_calls(self._calls.days())
            ruleset = ruleset.with_calls(self._reader.calls, version=self._reader.version)
        ruleset = ruleset.with_issued(issued, version=self._reader.version, seq=self._reader.last)
        for release in releases:
            ruleset = ruleset.with_release(
                release, version=self._reader.version, seq=self._reader.last
            )
        self.rules.replace(ruleset)

    def note_calls(self, days: Iterable[tuple[Use, int]]) -> None:
        """Takes notice of uses that recorded calls show, with their UTC days.

        The rules change only where one of them makes an existing use for a clause:
        at most once for each use and clause, not for each call.
        """
        with self._growing:
            if self.rules.ready and any(self.rules.current.misses(*day) for day in days):
                self._reader.take_calls(self._calls.days())
                calls, version = self._reader.calls, self._reader.version
                self.rules.replace(self.rules.current.with_calls(calls, version=version))

    def ruleset(
        self, *, known_at: datetime | None = None, readings: Mapping[str, str] | None = None
    ) -> Ruleset:
        """The ruleset as known at an instant and under other readings than the chosen ones.

        `InvalidInputError` when a reading is named that no clause of that
        instrument has.
        """
        ruleset = self.rules.current
        if known_at is not None:
            known, version = read_known(self._entries(), self._calls.days(), known_at=known_at)
            ruleset = compile_ruleset(known, version=version)
        if not readings:
            return ruleset
        check_readings(ruleset.issued, readings)
        return ruleset.reading(readings)

    def directory(self) -> Directory | None:
        return self.rules.current.directory if self.rules.ready else None

    def instruments(self) -> Mapping[str, Issued]:
        return self.rules.current.issued if self.rules.ready else {}

    def instrument(self, name: str) -> Issued:
        """An instrument on record; `NotFoundError`."""
        found = self.instruments().get(name)
        if found is None:
            raise NotFoundError(
                f"There is no instrument {name!r} on record.",
                do="See `changeover orders list`.",
            )
        return found

    def apply(
        self,
        directory: Directory,
        by: str,
        *,
        dry_run: bool = False,
        confirmed_by: str | None = None,
        beside: Callable[[Work], None] | None = None,
    ) -> tuple[Change, ...]:
        """Records the directory if it differs from what stands; returns the difference.

        `beside` is done in the same unit of work. Raises `ConflictError` when it lacks
        what instruments on record name, and `NotAuthorisedError` when `by` names
        nobody; then nothing was recorded.
        """
        check_person(by)
        enacted: tuple[Enforcement, ...] = ()
        with self.acting() as work:
            old = self.directory()
            changes = difference(old, directory)
            if old is not None:
                on_record = (issued.instrument for issued in self.instruments().values())
                check_dropped(old, directory, on_record)
            if changes and not dry_run:
                now = self._clock.now()
                record_directory(work, directory, now, by, len(changes), confirmed_by=confirmed_by)
                if beside is not None:
                    beside(work)
                enacted = work.enact("directory", ("directory",), now)
        self.bring_into_force(enacted)
        return changes

    def issue(
        self,
        instrument: Instrument,
        *,
        by: str,
        confirmed_by: str | None = None,
        recorded: datetime | None = None,
        beside: Callable[[Work], None] | None = None,
    ) -> Issued:
        """Records an instrument within its issuer's authority; it binds from its instants on.

        `beside` is done in the same unit of work; what it raises undoes all.
        Raises `InvalidInputError`, `NotAuthorisedError` or `ConflictError`, and
        then nothing was recorded.
        """
        (issued,) = self.issue_together(
            (instrument,), by=by, confirmed_by=confirmed_by, recorded=recorded, beside=beside
        )
        return issued

    def issue_together(
        self,
        instruments: Sequence[Instrument],
        *,
        by: str,
        confirmed_by: str | None = None,
        recorded: datetime | None = None,
        beside: Callable[[Work], None] | None = None,
    ) -> tuple[Issued, ...]:
        """Records instruments in this order, all of them or none.

        No ruleset holds some without the others. Otherwise as `issue`.
        """
        with self.acting() as work:
            ruleset = self.rules.current
            standing = dict(ruleset.issued)
            at = recorded or self._clock.now()
            for instrument in instruments:
                check_id(instrument.id)
                check_new(standing, instrument)
                check_authority(ruleset.directory, standing, instrument, at)
                check_entry(instrument, by, confirmed_by, standing)
                check_secrecy(ruleset.directory, standing, instrument)
                standing[instrument.id] = Issued(
                    instrument=instrument,
                    recorded=at,
                    entered_by=by,
                    confirmed_by=confirmed_by,
                )
            issued = tuple(standing[instrument.id] for instrument in instruments)
            check_grown(ruleset, issued)
            for each in issued:
                record_instrument(work, each)
            if beside is not None:
                beside(work)
            names = [instrument.id for instrument in instruments]
            legal = min((i.takes_effect() or at for i in instruments), default=at)
            enacted = work.enact("instrument", names, legal)
        self.bring_into_force(enacted)
        return issued

    def rescind(
        self,
        name: str,
        *,
        by: str,
        confirmed_by: str | None,
        source: Source | None,
        beside: Callable[[Work], None] | None = None,
    ) -> Issued:
        """Issues its issuer's rescission of an instrument, effective now. Raises as `issue`."""
        standing = self.instrument(name).instrument
        if rescinded(self.rules.current, name):
            raise ConflictError(f"The instrument {name} is rescinded already.")
        again = any(rescinds(entry.instrument, name) for entry in self.instruments().values())
        rescission = rescission_of(standing, source, self._clock.now(), again=again)
        return self.issue(rescission, by=by, confirmed_by=confirmed_by, beside=beside)

    def find(
        self,
        finding: Finding,
        *,
        by: str,
        confirmed_by: str | None,
        source: Source | None,
        beside: Callable[[Work], None] | None = None,
    ) -> Issued:
        """Issues a finding on a derived instrument, effective now (rule 5). Raises as `issue`."""
        standing = self.instrument(finding.instrument).instrument
        found = to_instrument(finding, standing, source, self._clock.now())
        return self.issue(found, by=by, confirmed_by=confirmed_by, beside=beside)

    def freeze(self, freeze: Freeze, *, by: str) -> Issued:
        """Issues an emergency freeze, in force now, until it lapses or is confirmed (rule 10).

        Raises `NotFoundError`, and as `issue`.
        """
        drawn_up = freeze_of(freeze, self.rules.current.directory, self._clock.now())
        return self.issue(drawn_up, by=by)

    def confirm(
        self,
        name: str,
        *,
        by: str,
        issuer: str | None,
        source: Source | None,
        beside: Callable[[Work], None] | None = None,
    ) -> Issued:
        """Issues the confirmation that a freeze lasts (rule 10). Raises as `issue`."""
        standing = self.instrument(name).instrument
        confirmed = confirmation_of(standing, source, self._clock.now(), issuer)
        return self.issue(confirmed, by=by, beside=beside)

    def judge(
        self,
        judgement: Judgement,
        *,
        by: str,
        confirmed_by: str | None,
        source: Source | None,
        beside: Callable[[Work], None] | None = None,
    ) -> Issued:
        """Issues a judgement on a use, effective now (rule 3). Raises as `issue`."""
        standing = self.instrument(judgement.instrument).instrument
        judged = judgement_of(judgement, standing, source, self._clock.now())
        return self.issue(judged, by=by, confirmed_by=confirmed_by, beside=beside)

    def release(self, service: str, route: str, *, by: str) -> Release:
        """Releases a held route for a service: traffic may return there (rule 9).

        `NotFoundError`, `ConflictError` when nothing holds it.
        """
        check_person(by)
        with self.acting() as work:
            now = self._clock.now()
            check_held(self.rules.current, service, route, now)
            release = Release(service=service, route=route, at=now, by=by)
            record_release(work, release)
            enacted = work.enact("release", (f"{service}/{route}",), now)
        self.bring_into_force(enacted)
        return release

    def _load_recorded(self) -> None:
        """Loads what was just committed; what fails here leaves it on record, and says so."""
        for _ in range(_TRIES):
            try:
                self.load()
            except ChangeoverError as error:
                failed = error
                time.sleep(_AGAIN_SECONDS)
            else:
                return
        raise RecordedError(
            f"It was recorded, and could not be read back. {failed.what}",
            means="It is on record, and decisions here follow it once the record can be read.",
            do="Do not enter it again. See `changeover orders list` once the database answers.",
        ) from failed

    def enforcement(self, name: str) -> Enforcement | None:
        """When an instrument came into force on every replica; None where that was not kept."""
        return None if self._enforcer is None else self._enforcer.of(name)

    def _entries(self, after: int = 0) -> list[RecordEntry]:
        with self._works.reading() as work:
            return work.record.entries(after)

    @contextmanager
    def acting(self) -> Iterator[Work]:
        """A unit of work in its turn, the rules up to all that was committed before it.

        What takes long to compile is done before, while nobody waits: a transaction in
        which nothing goes on for seconds is ended by PostgreSQL.
        """
        self.catch_up()
        with self._works.begin() as work:
            self.catch_up()
            yield work

    def bring_into_force(self, enacted: Sequence[Enforcement]) -> None:
        """The rules of this process first, then every replica's; returns when all decide by it."""
        if enacted:
            self._load_recorded()
        if self._enforcer is not None:
            self._enforcer.settle(enacted)


def _asks_for_uses(issued: Issued) -> bool:
    """Whether a clause of it lets existing uses go on, or one that it makes of another."""
    instrument = issued.instrument
    amended = (act.becomes for act in instrument.acts if isinstance(act, Amend))
    clauses = (*instrument.clauses, *(clause for clause in amended if clause is not None))
    return any(reading.wind_down for clause in clauses for reading in clause.readings)
