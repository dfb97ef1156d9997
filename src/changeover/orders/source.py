"""Reading instruments from YAML files (`forms.py` shows how they are written).

A file holds one instrument, or several under `instruments:`. Every problem of
every file is reported at once, where it stands:

1. what is not YAML or does not fit the forms;
2. references to what the directory, or the instruments known, do not have, to
   instruments that were recorded only later, and in a circle;
3. targets and scopes that are empty, which would match everything, and what
   contradicts itself (`contradictions.py`);
4. windows and wind-downs that end before they begin, and periods that count
   from an instant the instrument does not have, or by holidays that are not known;
5. ids that stand twice, or that no instrument may bear;
6. where nothing of that is wrong, acts that nothing in the instrument named
   answers to (`grounds.py`).

Whether the issuer may do this is not asked here; `authority.py` asks it when the
instrument is issued.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from changeover.basics.nearest import advice
from changeover.basics.yaml_source import Path, Problem, SourceError, YamlSource
from changeover.directory.model import Directory
from changeover.directory.source import Files, read_all
from changeover.orders.act_source import PlacedAct
from changeover.orders.circles import circles, depths
from changeover.orders.clause_source import NEVER, Notes
from changeover.orders.grounds import Grounds
from changeover.orders.instrument_source import InstrumentReader
from changeover.orders.model import Amend, Issued


def load_instruments(
    files: Files,
    directory: Directory,
    known: Iterable[str] = (),
    *,
    on_record: Mapping[str, Issued] | None = None,
    issuing: datetime | None = None,
) -> list[Issued]:
    """The instruments that the files (name → YAML text) hold, by the instant recorded.

    Of those recorded at the same instant, what acts on another comes after it. Files of what is
    to be issued (`issuing` says when) need not say when it was recorded and by whom.
    `on_record` are the instruments that these may refer to, `known` ids of others.
    Raises `SourceError` with every problem.
    """
    problems: list[Problem] = []
    sources = read_all(files, problems)
    return _load(sources, _Batch(directory, dict(on_record or {}), known, issuing), problems)


def load_form(
    form: Mapping[str, Any], directory: Directory, *, on_record: Mapping[str, Issued]
) -> Issued:
    """The instrument that a form is of, as a file would hold it; raises as `load_instruments`.

    What it says of its problems is where in the form they are, by their paths.
    """
    source = YamlSource(name="draft", value=form, keys={}, values={})
    if "instruments" in form:
        what = "A draft is of one instrument, and this names several."
        raise SourceError([source.problem(("instruments",), what)])
    (found,) = _load([source], _Batch(directory, on_record, ()), [])
    return found


def _load(sources: Iterable[YamlSource], batch: "_Batch", problems: list[Problem]) -> list[Issued]:
    for source in sources:
        batch.read(source, problems)
    acting = batch.check()
    if not problems:
        batch.check_grounds()
    if problems:
        raise SourceError(problems)
    depth = depths(acting)
    found = [issued for issued, _ in batch.found.values()]
    return sorted(found, key=lambda issued: (issued.recorded, depth[issued.instrument.id]))


class _Batch:
    """The instruments of some files, and those that they may refer to."""

    def __init__(
        self,
        directory: Directory,
        on_record: Mapping[str, Issued],
        known: Iterable[str],
        issuing: datetime | None = None,
    ) -> None:
        self.issuing = issuing
        self.directory = directory
        self.on_record = on_record
        self.known = {*known, *on_record}
        self.found: dict[str, tuple[Issued, InstrumentReader]] = {}

    def read(self, source: YamlSource, problems: list[Problem]) -> None:
        self.known.update(_ids(source))
        for path, value in _entries(source):
            notes = Notes(source, path, self.directory, problems)
            entry = InstrumentReader(notes, self.issuing)
            issued = entry.read(value)
            if issued is None:
                continue
            first = self.found.setdefault(issued.instrument.id, (issued, entry))
            if first[1] is not entry:
                entry.twice(issued.instrument.id, first[1])

    def check(self) -> dict[str, frozenset[str]]:
        """Checks what the instruments do to one another; returns which acts on which."""
        acting = {
            name: frozenset(
                other
                for act in issued.instrument.acts
                for other in act.instruments
                if other in self.found and other != name
            )
            for name, (issued, _) in self.found.items()
        }
        closed: set[tuple[str, str]] = set()
        for circle in circles(acting):
            self.found[circle[0]][1].in_circle(circle)
            closed.update(pairwise(circle))
        for name, (issued, entry) in self.found.items():
            for placed in entry.acts:
                for index, other in enumerate(placed.act.instruments):
                    if (name, other) not in closed:
                        self.check_named(issued, entry, placed, index)
        return acting

    def check_named(
        self, issued: Issued, entry: InstrumentReader, placed: PlacedAct, index: int
    ) -> None:
        """What it acts on exists, and was recorded before it."""
        name = placed.act.instruments[index]
        loaded = self.found[name][0] if name in self.found else None
        path, own = (*placed.named, index), issued.instrument.id
        if name == own:
            entry.notes.wrong(path, f"{name} cannot act on itself.")
        elif name not in self.known:
            do = advice(name, sorted(self.known - {own}))
            entry.notes.wrong(path, f"There is no instrument {name!r}.", do)
        elif loaded is not None and NEVER < issued.recorded < loaded.recorded:
            entry.notes.wrong(path, f"{name} was recorded only after this instrument.")

    def check_grounds(self) -> None:
        """What the instruments act on has what the acts need."""
        for issued, entry in self.found.values():
            for placed in entry.acts:
                for index in range(len(placed.act.instruments)):
                    self.check_ground(issued, entry, placed, index)

    def check_ground(
        self, issued: Issued, entry: InstrumentReader, placed: PlacedAct, index: int
    ) -> None:
        before = {
            name: one
            for name, (one, _) in self.found.items()
            if one is not issued and one.recorded <= issued.recorded
        }
        record = {**self.on_record, **before}
        target = record.get(placed.act.instruments[index])
        if target is None:
            return
        # An instrument that is issued is recorded then, whatever its file says.
        taken = issued.instrument.takes_effect() or issued.recorded
        grounds = Grounds(self.directory, record, issued.instrument, taken)
        lacking = grounds.lacking(placed.act, target.instrument)
        if lacking is not None:
            clause = isinstance(placed.act, Amend)
            path = (*placed.path, "clause") if clause else (*placed.named, index)
            known = [one.id for one in target.instrument.clauses] if clause else []
            do = advice(placed.act.clause, known) if isinstance(placed.act, Amend) else ""
            entry.notes.wrong(path, f"{lacking[0].upper()}{lacking[1:]}.", do)


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
