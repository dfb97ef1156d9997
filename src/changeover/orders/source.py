"""Reading instruments from YAML files (`forms.py` shows how they are written).

A file holds one instrument, or several under `instruments:`. Every problem of
every file is reported at once, where it stands:

1. what is not YAML or does not fit the forms;
2. references to what the directory, or the instruments known, do not have, and
   to instruments that were recorded only later;
3. targets and scopes that are empty, which would match everything;
4. windows and wind-downs that end before they begin, and periods that count
   from an instant the instrument does not have;
5. ids that stand twice, or that no instrument may bear.

Whether the issuer may do this is not asked here; `authority.py` asks it when the
instrument is issued.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.nearest import advice
from changeover.basics.yaml_source import Path, Problem, SourceError, YamlSource
from changeover.directory.forms import bilingual
from changeover.directory.model import Directory
from changeover.directory.source import Files, read_all
from changeover.orders.act_source import ActReader
from changeover.orders.clause_source import NEVER, ClauseReader, Notes
from changeover.orders.forms import InstrumentForm
from changeover.orders.model import Instrument, Issued, Rebinding, Source
from changeover.orders.references import Reference, in_rebinding, wrong_id

_SHA256 = re.compile(r"[0-9a-f]{64}")


def load_instruments(files: Files, directory: Directory, known: Iterable[str] = ()) -> list[Issued]:
    """The instruments that the files (name → YAML text) hold, by the instant recorded.

    `known` are ids of instruments on record already, which these may refer to.
    Raises `SourceError` with every problem.
    """
    problems: list[Problem] = []
    sources = read_all(files, problems)
    found: dict[str, tuple[Issued, _Entry]] = {}
    written = {id_ for source in sources for id_ in _ids(source)}
    for source in sources:
        for path, value in _entries(source):
            entry = _Entry(Notes(source, path, directory, problems))
            issued = entry.read(value)
            if issued is None:
                continue
            first = found.setdefault(issued.instrument.id, (issued, entry))
            if first[1] is not entry:
                entry.twice(issued.instrument.id, first[1])
    for issued, entry in found.values():
        entry.check_acts(issued, {id_: one for id_, (one, _) in found.items()}, {*known, *written})
    if problems:
        raise SourceError(problems)
    return sorted((issued for issued, _ in found.values()), key=lambda issued: issued.recorded)


def _entries(source: YamlSource) -> Iterator[tuple[Path, Any]]:
    listed = source.value.get("instruments")
    if not isinstance(listed, list):
        yield (), source.value
        return
    for index, value in enumerate(listed):
        yield ("instruments", index), value


def _ids(source: YamlSource) -> Iterator[str]:
    for _, value in _entries(source):
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            yield value["id"]


class _Entry:
    """One instrument being read."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.act_paths: tuple[Path, ...] = ()

    def read(self, value: Any) -> Issued | None:
        """The instrument as far as it can be read, what is wrong being noted."""
        form = self.notes.shape((), value, InstrumentForm)
        if form is None:
            return None
        self.notes.check((), [Reference(("issuer",), "issuer", form.issuer)])
        if (wrong := wrong_id(form.id)) is not None:
            self.notes.wrong(("id",), *wrong)
        acts = ActReader(self.notes, form).acts()
        self.act_paths = tuple(path for path, _ in acts)
        instrument = Instrument(
            id=form.id,
            kind=form.kind,
            issuer=form.issuer,
            title=bilingual(form.title),
            announced=self.notes.instant(("announced",), form.announced),
            signed=self.notes.instant(("signed",), form.signed),
            published=self.notes.instant(("published",), form.published),
            effective=self.notes.instant(("effective",), form.effective),
            served=self.served(form.served),
            acts=tuple(act for _, act in acts),
            rebindings=self.rebindings(form.rebindings),
            sources=self.sources(form),
        )
        reader = ClauseReader(self.notes, instrument)
        clauses = [reader.clause(id_, one) for id_, one in form.clauses.items()]
        return Issued(
            instrument=msgspec.structs.replace(
                instrument, clauses=tuple(clause for clause in clauses if clause is not None)
            ),
            recorded=self.notes.instant(("recorded",), form.recorded) or NEVER,
            entered_by=form.entered_by,
            confirmed_by=form.confirmed_by,
        )

    def served(self, form: Mapping[str, str]) -> dict[str, datetime]:
        served = {}
        for addressee, text in form.items():
            path = ("served", addressee)
            self.notes.check((), [Reference(path, "addressee", addressee)])
            served[addressee] = self.notes.instant(path, text) or NEVER
        return served

    def rebindings(self, rebindings: tuple[Rebinding, ...]) -> tuple[Rebinding, ...]:
        for index, change in enumerate(rebindings):
            path = ("rebindings", index)
            self.notes.check(path, in_rebinding(change))
            for field, names in (("slots", change.slots), ("models", change.models)):
                if not names:
                    self.notes.wrong((*path, field), f"The rebinding names no {field}.")
        return rebindings

    def sources(self, form: InstrumentForm) -> tuple[Source, ...]:
        sources = []
        for index, one in enumerate(form.sources):
            path = ("sources", index)
            if not _SHA256.fullmatch(one.sha256):
                what = "This is not a SHA-256 digest."
                self.notes.wrong((*path, "sha256"), what, "Write its 64 hexadecimal digits.")
            sources.append(
                Source(
                    address=one.address,
                    captured=self.notes.instant((*path, "captured"), one.captured) or NEVER,
                    sha256=one.sha256,
                    account=one.account,
                )
            )
        return tuple(sources)

    def twice(self, id_: str, first: "_Entry") -> None:
        place = first.notes.source.problem((*first.notes.path, "id"), "")
        what = f"The instrument {id_} stands in {place.file}:{place.line} already."
        self.notes.wrong(("id",), what, "Keep one of them.")

    def check_acts(self, issued: Issued, loaded: Mapping[str, Issued], known: set[str]) -> None:
        """What it acts on exists, and was recorded before it."""
        for act, base in zip(issued.instrument.acts, self.act_paths, strict=True):
            for index, name in enumerate(act.instruments):
                other = loaded.get(name)
                if name == issued.instrument.id:
                    self.notes.wrong((*base, index), f"{name} cannot act on itself.")
                elif name not in known:
                    do = advice(name, sorted(known - {issued.instrument.id}))
                    self.notes.wrong((*base, index), f"There is no instrument {name!r}.", do)
                elif other is not None and NEVER < issued.recorded < other.recorded:
                    what = f"{name} was recorded only after this instrument."
                    self.notes.wrong((*base, index), what)
