"""YAML that people write, read into plain values with the place of every one.

YAML 1.1 surprises its writers: `no` is false, `2026-03-02` a date object,
`4.10` a float, `12:30:45` a number in base sixty. Here a plain scalar is null
(`null`, `~` or nothing), true, false or a decimal integer, and everything else
is text, as in YAML 1.2's JSON schema but for its floats, which the record
cannot hold. A key that stands twice in one mapping is an error, an alias counts
as often as it is used, and size, depth and number of values are bounded, so
that no document can blow up its reader.

Errors are problems with file, line and column, reported together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any

import msgspec
import yaml

from changeover.basics.errors import InvalidInputError

Path = tuple[str | int, ...]

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 24
MAX_VALUES = 200_000

_TAGS = "tag:yaml.org,2002:"
_WORDS: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
# Beyond 18 digits it is a number to nobody here, and int() of millions of digits is slow.
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Place(msgspec.Struct, frozen=True):
    """Where something stands in a file; lines and columns count from 1."""

    line: int
    column: int


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, and where. `path` is written `$.parties.state.name`."""

    file: str
    line: int
    column: int
    path: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        advice = f" {self.do}" if self.do else ""
        return f"{self.file}:{self.line}:{self.column}: {self.what}{advice}"


class SourceError(InvalidInputError):
    """Files that cannot be read as what they should be; `problems` lists every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column)))
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{count} {noun}:\n" + "\n".join(str(p) for p in self.problems))


class YamlSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file's value with the place of every key and value in it, by path."""

    name: str
    value: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

    def problem(self, path: Path, what: str, do: str = "", *, at_key: bool = False) -> Problem:
        """A problem at `path`, or at the nearest place above it that the file has."""
        first, second = (self.keys, self.values) if at_key else (self.values, self.keys)
        place = Place(1, 1)
        for end in range(len(path), -1, -1):
            found = first.get(path[:end]) or second.get(path[:end])
            if found is not None:
                place = found
                break
            first, second = self.keys, self.values
        return Problem(
            file=self.name,
            line=place.line,
            column=place.column,
            path=written(path),
            what=what,
            do=do,
        )


def written(path: Path) -> str:
    """A path as people read it: `$.bindings[2].models[0]`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def read_yaml(name: str, text: str) -> YamlSource:
    """The value of one YAML document; `name` is the file's, for errors.

    Raises `SourceError` where the text is not YAML, is more than one document,
    holds a key twice, a tag other than YAML's own plain ones, or too much.
    """
    if len(text) > MAX_CHARACTERS:
        what = f"The file has {len(text)} characters; {MAX_CHARACTERS} are read at most."
        raise SourceError([Problem(file=name, line=1, column=1, path="$", what=what)])
    reader = _Reader(name)
    try:
        value = reader.document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        said = "; ".join(part for part in (error.context, error.problem) if part)
        raise SourceError([reader.at(place, (), f"This is not YAML: {said}.")]) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1)
        what = "This character may not stand in YAML."
        raise SourceError([reader.at(place, (), what)]) from error
    if reader.problems:
        raise SourceError(reader.problems)
    return YamlSource(name=name, value=value, keys=reader.keys, values=reader.values)


class _Reader:
    """Builds the value from PyYAML's events; one reader per document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.anchors: dict[str, list[yaml.Event]] = {}
        self.count = 0

    def at(self, place: Place, path: Path, what: str, do: str = "") -> Problem:
        return Problem(
            file=self.name,
            line=place.line,
            column=place.column,
            path=written(path),
            what=what,
            do=do,
        )

    def document(self, events: Iterator[yaml.Event]) -> Any:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    what = "A second document begins here; a file holds one."
                    raise SourceError([self.at(_place(event), (), what)])
                value = self.node(next(events), events, ())
        return value

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:
        place = _place(event)
        self.count += 1
        if len(path) > MAX_DEPTH or self.count > MAX_VALUES:
            bound = f"{MAX_DEPTH} levels" if len(path) > MAX_DEPTH else f"{MAX_VALUES} values"
            raise SourceError([self.at(place, path, f"The file holds more than {bound}.")])
        self.values.setdefault(path, place)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path)
        anchor = event.anchor if isinstance(event, yaml.NodeEvent) else None
        if anchor is None:
            return self.content(event, events, path)
        kept = [event]
        value = self.content(event, _tee(events, kept), path)
        self.anchors[anchor] = kept
        return value

    def alias(self, event: yaml.AliasEvent, path: Path) -> Any:
        """The anchored node once more, as if it were written here."""
        kept = self.anchors.get(str(event.anchor))
        if kept is None:
            what = f"The alias *{event.anchor} stands for nothing written before it."
            raise SourceError([self.at(_place(event), path, what)])
        replay = iter(kept)
        return self.content(next(replay), replay, path)

    def content(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:
        match event:
            case yaml.MappingStartEvent():
                self.expect_tag(event, path, "map")
                return self.mapping(events, path)
            case yaml.SequenceStartEvent():
                self.expect_tag(event, path, "seq")
                return self.sequence(events, path)
            case yaml.ScalarEvent():
                return self.scalar(event, path)
            case _:
                what = "This cannot stand here."
                raise SourceError([self.at(_place(event), path, what)])

    def mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, path)
            place = _place(event)
            inner = (*path, key)
            if key in result:
                first = self.keys[inner].line
                what = f"{key!r} stands here a second time; the first is on line {first}."
                self.problems.append(self.at(place, inner, what, "Keep one of them."))
            self.keys.setdefault(inner, place)
            result[key] = self.node(next(events), events, inner)
        return result

    def key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise SourceError([self.at(_place(event), path, "A key must be plain text.")])
        return str(event.value)

    def sequence(self, events: Iterator[yaml.Event], path: Path) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self.node(event, events, (*path, len(result))))
        return result

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> str | int | bool | None:
        text = str(event.value)
        tag = event.tag
        if tag in {_TAGS + "str", "!"} or (tag is None and not event.implicit[0]):
            return text
        value = _plain(text)
        kinds = {NoneType: "null", bool: "bool", int: "int", str: "str"}
        if tag is not None and tag != _TAGS + kinds[type(value)]:
            self.problems.append(self.at(_place(event), path, *_bad_tag(tag)))
        return value

    def expect_tag(self, event: yaml.CollectionStartEvent, path: Path, kind: str) -> None:
        if event.tag not in {None, "!", _TAGS + kind}:
            self.problems.append(self.at(_place(event), path, *_bad_tag(str(event.tag))))


def _plain(text: str) -> str | int | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _bad_tag(tag: str) -> tuple[str, str]:
    shown = tag.replace(_TAGS, "!!")
    return f"The tag {shown} is not read here, or its value is not one.", "Leave the tag out."


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _tee(events: Iterator[yaml.Event], kept: list[yaml.Event]) -> Iterator[yaml.Event]:
    for event in events:
        kept.append(event)
        yield event
