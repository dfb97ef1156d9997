"""Edits of the directory's things: what they are, and the directory that they make."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import read_instant
from changeover.basics.canonical import canonical
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.yaml_source import SourceError
from changeover.directory.difference import Change
from changeover.directory.model import Directory
from changeover.directory.writing import SECTIONS, ThingKind, binding_id, form_of, written
from changeover.orders.papers import Kept
from changeover.orders.preview import PreviewChange

SetState = Literal["open", "entered", "recorded", "removed"]

_DESCRIBING = frozenset(
    {"name", "aliases", "products", "capabilities", "owner", "criticality", "contacts"}
)
"""The fields that name or describe a thing, and bind nobody."""


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing as it is to be: its form, or None to remove it.

    `was` is its form when the edit began, None for a new thing. A binding's id is
    `service/slot@since` of what it was.
    """

    kind: ThingKind
    id: str
    form: dict[str, Any] | None
    was: dict[str, Any] | None = None


class EditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who entered a set for another to confirm, when, and what they were shown."""

    account: str
    by: str
    at: datetime
    seen: str


class EditSet(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a set; `recorded` is when it was, `reverses` the set that it undoes."""

    edits: tuple[Edit, ...]
    entry: EditEntry | None = None
    recorded: datetime | None = None
    confirmed_by: str | None = None
    reverses: str | None = None


class EditProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, where in the directory, and which edit it stands in (None: elsewhere)."""

    edit: int | None
    path: str
    what: str
    do: str = ""


class EditPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What recording a set now would do.

    `overtaken` are the places of edits whose thing is another by now. `services` are the
    slots that stand otherwise at `at`, for the present instant. `refusal` says why it could
    not be recorded.
    """

    version: int
    at: datetime
    problems: tuple[EditProblem, ...] = ()
    overtaken: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    services: tuple[PreviewChange, ...] = ()
    refusal: str = ""
    needs_second: bool = True
    seen: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can be entered or recorded."""
        return not (self.problems or self.overtaken or self.refusal) and bool(self.changes)


class ToldSet(msgspec.Struct, frozen=True, kw_only=True):
    """A set as it stands: its version, who wrote that, and what it holds."""

    id: str
    version: int
    changed: datetime
    changed_by: str
    state: SetState
    edits: EditSet


class EditOvertakenError(ConflictError):
    """The record moved so that a set would do something else than was seen."""

    code = "preview_overtaken"

    def __init__(self) -> None:
        super().__init__(
            "This would no longer do what you were shown: the record moved meanwhile.",
            means="Nothing was recorded.",
            do="Look at what it would do now, then record it if it is still meant.",
        )


class Forms:
    """The forms of a directory's things, by kind and id."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._zone = ZoneInfo(directory.zone)

    def get(self, kind: ThingKind, id_: str) -> dict[str, Any] | None:
        """The form of one thing, None where there is none."""
        if kind == "binding":
            bindings = self._directory.bindings
            found: Any = next((b for b in bindings if binding_id(b) == id_), None)
        else:
            found = getattr(self._directory, SECTIONS[kind]).get(id_)
        return None if found is None else form_of(found, self._zone)

    def edited(self, edits: Iterable[Edit]) -> dict[str, Any]:
        """The directory as it is written, with edits made in order."""
        whole = written(self._directory)
        bindings: dict[str, Any] = dict(
            zip(map(binding_id, self._directory.bindings), whole["bindings"], strict=True)
        )
        for edit in edits:
            into = bindings if edit.kind == "binding" else whole[SECTIONS[edit.kind]]
            if edit.form is None:
                into.pop(edit.id, None)
            else:
                into[edit.id] = edit.form
        whole["bindings"] = list(bindings.values())
        return whole


def placed(edits: Sequence[Edit], error: SourceError) -> Iterator[EditProblem]:
    """The problems, each with the edit that it stands in."""
    for problem in error.problems:
        yield EditProblem(
            edit=next((i for i, e in enumerate(edits) if _within(problem.path, e)), None),
            path=problem.path,
            what=problem.what,
            do=problem.do,
        )


def _within(path: str, edit: Edit) -> bool:
    if edit.kind == "binding":
        return False
    place = f"$.{SECTIONS[edit.kind]}.{edit.id}"
    return path == place or path.startswith((f"{place}.", f"{place}["))


def describes(change: Change) -> bool:
    """Whether a change only names or describes a thing that there is."""
    return change.action == "changed" and all(f.field in _DESCRIBING for f in change.fields)


def seen_of(changes: Sequence[Change], services: Sequence[PreviewChange]) -> str:
    """A digest of what a preview says."""
    outcomes = [
        [one.service, one.slot, one.outcome_before, one.outcome_after, one.because]
        for one in services
    ]
    plain: Mapping[str, Any] = {"changes": msgspec.to_builtins(changes), "services": outcomes}
    return hashlib.sha256(canonical(plain)).hexdigest()


def id_after(edit: Edit, zone: ZoneInfo) -> str:
    """The id of the thing once the edit was made; its form was read before."""
    if edit.kind != "binding" or edit.form is None:
        return edit.id
    when: str = msgspec.to_builtins(read_instant(edit.form["since"], zone))
    return f"{edit.form['service']}/{edit.form['slot']}@{when}"


def entry_of(name: str, body: EditSet) -> EditEntry:
    if body.entry is None or body.recorded is not None:
        raise NotFoundError(
            f"The changes {name} do not wait for confirmation.",
            means="They were not entered, or were confirmed or withdrawn meanwhile.",
            do="Load the page again.",
        )
    return body.entry


def state_of(kept: Kept[EditSet], body: EditSet) -> SetState:
    if kept.value is None:
        return "removed"
    if body.recorded is not None:
        return "recorded"
    return "open" if body.entry is None else "entered"


def told_set(kept: Kept[EditSet], body: EditSet | None = None) -> ToldSet:
    held = kept.value if body is None else body
    if held is None:
        raise NotFoundError(f"There are no changes {kept.id!r}.")
    return ToldSet(
        id=kept.id,
        version=kept.version,
        changed=kept.at,
        changed_by=kept.by,
        state=state_of(kept, held),
        edits=held,
    )
