"""Reading a directory from YAML files.

A folder's files are one directory: each may hold some of the sections, and an
id may stand in one file only. Every problem of every file is reported at once,
where it stands: a reference to something that failed to be read is not reported
on top of that failure.

```yaml
zone: America/New_York
holidays: {country: US, subdivision: DC, closed: [2026-12-24]}
parties:
  state: {name: {en: Department of State, fr: Département d'État}, part_of: government}
bindings:
  - {service: statechat, slots: [chat, title], models: [openai/gpt-4.1], since: 2026-03-02}
```
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from changeover.basics.calendars import zone
from changeover.basics.errors import InvalidInputError
from changeover.basics.nearest import advice
from changeover.basics.shapes import shape
from changeover.basics.yaml_source import Path, Problem, SourceError, YamlSource, read_yaml
from changeover.directory.check import Flaw, check
from changeover.directory.forms import (
    BindingForm,
    IssuerForm,
    ModelForm,
    NetworkForm,
    PartyForm,
    Reader,
    RouteForm,
    ServiceForm,
    VendorForm,
)
from changeover.directory.model import Binding, Directory, Holidays

Files = Mapping[str, str] | Sequence[tuple[str, str]]

_FORMS: Mapping[str, Any] = {
    "parties": PartyForm,
    "issuers": IssuerForm,
    "networks": NetworkForm,
    "vendors": VendorForm,
    "models": ModelForm,
    "routes": RouteForm,
    "services": ServiceForm,
}
_SECTIONS = ("zone", "holidays", *_FORMS, "bindings")


def load(files: Files) -> Directory:
    """The directory that the files (name → YAML text) hold together, checked whole.

    Raises `SourceError` with every problem.
    """
    problems: list[Problem] = []
    return _whole(read_all(files, problems), problems)


def load_written(value: Mapping[str, Any]) -> Directory:
    """The directory of one file's plain value (`writing.written`); raises as `load`.

    What it says of its problems is where in the value they are, by their paths.
    """
    return _whole([YamlSource(name="directory", value=value, keys={}, values={})], [])


def _whole(sources: Sequence[YamlSource], problems: list[Problem]) -> Directory:
    merge = _Merge(sources, problems)
    directory = merge.directory()
    if directory is not None:
        merge.report(check(directory))
    if directory is None or problems:
        raise SourceError(problems)
    return directory


def read_all(files: Files, problems: list[Problem]) -> list[YamlSource]:
    """The files that are YAML and hold fields; what is wrong with the others in `problems`."""
    sources = []
    for name, text in files.items() if isinstance(files, Mapping) else files:
        try:
            source = read_yaml(name, text)
        except SourceError as error:
            problems += error.problems
            continue
        if isinstance(source.value, dict):
            sources.append(source)
        elif source.value is not None:
            problems.append(source.problem((), "The file must hold fields, such as parties:."))
    return sources


class _Merge:
    """The files of one directory being put together."""

    def __init__(self, sources: Sequence[YamlSource], problems: list[Problem]) -> None:
        self.sources = sources
        self.problems = problems
        self.all_read = not problems
        self.found: dict[Path, YamlSource] = {}
        self.failed: set[str] = set()
        self.bindings: list[tuple[YamlSource, int, bool]] = []

    def directory(self) -> Directory | None:
        """What could be read; None when not even the zone could."""
        for source in self.sources:
            for key in source.value:
                if key not in _SECTIONS:
                    what = f"There is no section {key!r}."
                    do = advice(key, _SECTIONS)
                    self.problems.append(source.problem((key,), what, do, at_key=True))
        found = self.zone()
        if found is None:
            return None
        sections: dict[str, Any] = {
            section: {
                id_: value
                for source in self.sources
                for id_, value in self.section(source, section, found).items()
            }
            for section in _FORMS
        }
        bindings = tuple(b for source in self.sources for b in self.bound(source, found))
        return Directory(zone=found.key, holidays=self.holidays(), bindings=bindings, **sections)

    def holidays(self) -> Holidays | None:
        """Whose public holidays count, as the one file says that names them; None if none does."""
        path: Path = ("holidays",)
        named = [source for source in self.sources if "holidays" in source.value]
        if not named:
            return None
        self.found[path] = named[0]
        for source in named[1:]:
            self.twice(source, path)
        return shape(named[0], path, named[0].value["holidays"], Holidays, self.problems)

    def zone(self) -> ZoneInfo | None:
        """The one zone that the files name."""
        named = [source for source in self.sources if "zone" in source.value]
        if not named and not self.all_read:
            return None  # it may stand in a file that could not be read
        if not named:
            first = self.sources[0].name if self.sources else "(no file)"
            what = "No file names the directory's zone."
            do = "Add zone: and an IANA name such as America/New_York."
            self.problems.append(
                Problem(file=first, line=1, column=1, path="$.zone", what=what, do=do)
            )
            return None
        values = {str(source.value["zone"]) for source in named}
        if len(values) > 1:
            for source in named:
                what = f"The files name several zones: {', '.join(sorted(values))}."
                self.problems.append(source.problem(("zone",), what, "Name one, in one file."))
            return None
        try:
            return zone(values.pop())
        except InvalidInputError as error:
            self.problems.append(named[0].problem(("zone",), error.what, error.do))
            return None

    def section(self, source: YamlSource, section: str, in_zone: ZoneInfo) -> dict[str, Any]:
        """The section's values in one file; an id that another file has is a problem."""
        entries = source.value.get(section) or {}
        if not isinstance(entries, dict):
            what = f"{section} must be a mapping from each id to its fields."
            self.problems.append(source.problem((section,), what))
            return {}
        values = {}
        for id_, entry in entries.items():
            path = (section, id_)
            if path in self.found:
                self.twice(source, path)
                continue
            self.found[path] = source
            form = shape(source, path, entry, _FORMS[section], self.problems)
            reader = Reader(in_zone)
            if form is not None:
                values[id_] = form.read(id_, reader)
            self.note(source, path, reader)
            if form is None or reader.wrong:
                self.failed.add(id_)
                values.pop(id_, None)
        return values

    def twice(self, source: YamlSource, path: Path) -> None:
        first = self.found[path]
        line = first.keys[path].line
        what = f"{path[-1]} stands in {first.name}:{line} already."
        self.problems.append(source.problem(path, what, "Keep one of them.", at_key=True))

    def note(self, source: YamlSource, path: Path, reader: Reader) -> None:
        for field, error in reader.wrong:
            self.problems.append(source.problem((*path, field), error.what, error.do))

    def bound(self, source: YamlSource, in_zone: ZoneInfo) -> list[Binding]:
        entries = source.value.get("bindings") or []
        if not isinstance(entries, list):
            self.problems.append(source.problem(("bindings",), "bindings must be a list."))
            return []
        result: list[Binding] = []
        for index, entry in enumerate(entries):
            path = ("bindings", index)
            form = shape(source, path, entry, BindingForm, self.problems)
            if form is None:
                continue
            if not form.named_slots():
                what = "The binding names no slot."
                self.problems.append(source.problem(path, what, "Add slot: or slots:."))
            reader = Reader(in_zone)
            bindings = form.read(reader)
            self.note(source, path, reader)
            if not reader.wrong:
                result += bindings
                self.bindings += [(source, index, form.slot is None)] * len(bindings)
        return result

    def report(self, flaws: Sequence[Flaw]) -> None:
        """Places each flaw in the files."""
        for flaw in flaws:
            if flaw.refers in self.failed:
                continue
            source, path = self.place(flaw.path)
            whole = len(flaw.path) == 2 and flaw.path[0] != "holidays"
            self.problems.append(source.problem(path, flaw.what, flaw.do, at_key=whole))

    def place(self, path: Path) -> tuple[YamlSource, Path]:
        if path[0] == "holidays":
            return self.found[path[:1]], path
        if path[0] != "bindings":
            return self.found[path[:2]], path
        source, index, several = self.bindings[int(path[1])]
        rest = ("slots",) if several and path[2:] == ("slot",) else path[2:]
        return source, ("bindings", index, *rest)
