"""The versions of an instrument's clauses: their own text, and one for each amendment.

A version ends when a later amendment of its clause begins. An amended one begins
with the amendment, and is stayed or ended with the instrument that made it as well
as with the one that holds it. An amendment keeps the original reference instant:
existing uses are judged at the beginning of the clause's own text, unless the
amendment says anew.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.compiled_directory import CompiledDirectory
from changeover.orders.impact import Amendment, Impact, Whoms
from changeover.orders.impacts import Impacts
from changeover.orders.laying_out import lay_out
from changeover.orders.model import Clause, Instrument, Issued, Reading, Scope
from changeover.orders.status import Layer, Standing
from changeover.orders.tables import is_found_by_its_key
from changeover.orders.uses import Window


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    """How a version came to be: its text, its beginnings, who made it, and what is on it."""

    clause: str
    reading: Reading
    begins: int | None
    kept_begins: int | None
    window: Window | None
    amended_by: str | None
    impacts: tuple[Impact, ...]


class VersionReader:
    """Makes versions of the clauses of a record's instruments in a directory."""

    def __init__(self, ground: CompiledDirectory, preferred: Mapping[str, str]) -> None:
        """`preferred` prefers readings other than the chosen: an instrument's id to a reading's."""
        self._ground = ground
        self._preferred = preferred

    def versions(self, entry: Issued, impacts: Impacts) -> Iterator[Standing]:
        """Every version of every clause of an instrument."""
        instrument = entry.instrument
        if not instrument.clauses:
            return
        on = impacts.on(instrument.id)
        amendments = impacts.amendments(instrument.id)
        for number, clause in enumerate(instrument.clauses):
            chain = [a for a in amendments if a.act.clause == clause.id]
            for version, made in enumerate(self._made(entry, clause, chain, on)):
                rank = impacts.place(instrument.id), number, version
                yield self._stand(entry, made, impacts, rank)

    def _made(
        self, entry: Issued, clause: Clause, chain: list[Amendment], on: tuple[Impact, ...]
    ) -> Iterator[_Made]:
        instrument = entry.instrument
        reading = clause.reading(self._preferred.get(instrument.id))
        begins = _micro(instrument.begins(reading.since))
        first = None if begins is None else _window(reading, begins, microseconds(entry.recorded))
        yield _Made(
            clause=clause.id,
            reading=reading,
            begins=begins,
            kept_begins=begins,
            window=first,
            amended_by=None,
            impacts=(*on, *(a.ending for a in chain)),
        )
        for number, amendment in enumerate(chain, start=1):
            if amendment.act.becomes is not None:
                later = (a.ending for a in chain[number:])
                impacts = (*on, *amendment.on, *later)
                yield self._amended(instrument, clause, amendment, first, impacts)

    def _amended(
        self,
        instrument: Instrument,
        clause: Clause,
        amendment: Amendment,
        first: Window | None,
        impacts: tuple[Impact, ...],
    ) -> _Made:
        text = amendment.act.becomes or clause
        reading = text.reading(self._preferred.get(instrument.id))
        own = instrument.begins(reading.since)
        begins = None if own is None else max(microseconds(own), amendment.ending.since)
        kept = None if begins is None else max(begins, amendment.ending.kept)
        frame: Window | None = None
        if begins is not None and amendment.act.anew:
            frame = _window(reading, begins, microseconds(amendment.entry.recorded))
        elif begins is not None and first is not None:
            frame = _window(reading, first.begins, first.recorded)
        return _Made(
            clause=clause.id,
            reading=reading,
            begins=begins,
            kept_begins=kept,
            window=frame,
            amended_by=amendment.entry.instrument.id,
            impacts=impacts,
        )

    def _stand(
        self, entry: Issued, made: _Made, impacts: Impacts, rank: tuple[int, int, int]
    ) -> Standing:
        instrument, reading = entry.instrument, made.reading
        scope = reading.scope
        # Only a prohibition winds down.
        wind_down = reading.wind_down if reading.modality == "prohibit" else None
        on = tuple(i for i in made.impacts if _counts(i, reading))
        networks = frozenset(scope.networks)
        vendor, layer = self._terms(instrument)
        standing = Standing(
            rank=rank,
            instrument=instrument.id,
            issuer=instrument.issuer,
            vendor=vendor,
            clause=made.clause,
            reading=reading.id,
            amended_by=made.amended_by,
            layer=layer,
            modality=reading.modality,
            targets=reading.targets,
            scope=scope,
            networks=networks,
            services=frozenset(scope.services),
            purposes=frozenset(scope.purposes),
            data_classes=frozenset(scope.data_classes),
            attributes=frozenset(scope.attributes),
            requirements=frozenset(reading.requirements),
            begins=made.begins,
            kept_begins=made.kept_begins,
            until=None if reading.until is None else microseconds(reading.until.at),
            deadline=None if wind_down is None else microseconds(wind_down.until.at),
            grace=self._ground.descent.of(wind_down.parties)
            if wind_down and wind_down.parties
            else None,
            window=made.window,
            admits=networks & self._ground.networks_of(instrument.issuer)
            if layer == "orders"
            else frozenset(),
            cuts=reading.in_flight == "cut",
            implements=impacts.implemented_by(instrument),
            impacts=on,
            declined=impacts.declined(instrument.id),
            judgements=impacts.judgements(instrument.id),
            whoms=_whoms(on),
            keyed=all(map(is_found_by_its_key, reading.targets)),
            everything=_asks_for_whom_alone(scope),
        )
        if standing.whoms:
            return standing
        laid_out: Standing = msgspec.structs.replace(standing, timeline=lay_out(standing))
        return laid_out

    def _terms(self, instrument: Instrument) -> tuple[str | None, Layer]:
        """Whose terms the instrument is of, if it is of any, and in which layer it stands."""
        issuer = self._ground.directory.issuers.get(instrument.issuer)
        if issuer is not None and issuer.vendor is not None:
            if instrument.kind == "terms":
                return issuer.vendor, "terms"
            if instrument.kind == "agreement":
                return issuer.vendor, "agreement"
        return None, "orders"


def _counts(impact: Impact, reading: Reading) -> bool:
    """A waiver frees from prohibitions alone; a stay keeps off whatever an instrument says."""
    return impact.kind in {"ended", "stayed"} or (
        impact.kind == "waived" and reading.modality == "prohibit"
    )


def _asks_for_whom_alone(scope: Scope) -> bool:
    return not (
        scope.networks or scope.services or scope.purposes or scope.data_classes or scope.attributes
    )


def _whoms(impacts: tuple[Impact, ...]) -> Whoms:
    return Whoms(whom for impact in impacts for whom in impact.whoms())


def _window(reading: Reading, begins: int, recorded: int) -> Window:
    days = 90 if reading.wind_down is None else reading.wind_down.recent_days
    return Window(begins, days, recorded)


def _micro(instant: datetime | None) -> int | None:
    return None if instant is None else microseconds(instant)
