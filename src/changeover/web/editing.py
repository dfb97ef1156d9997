"""The directory at the desk: what stands in it, what names it, and sets of edits.

`version` is the version of a set that the writer saw, `seen` what its preview said; where
either is another by now, nothing is written and the answer is 409.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.basics.text import Bilingual
from changeover.directory.difference import Change, FieldChange
from changeover.directory.model import Directory, Holidays
from changeover.directory.writing import SECTIONS, ThingKind, binding_id, form_of
from changeover.orders.editing import EditOffice
from changeover.orders.edits import Edit, EditPreview, EditProblem, ToldSet
from changeover.orders.mentions import Mention, mentions, name_of
from changeover.orders.preview import PreviewChange
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class EditingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    edits: EditOffice
    office: Office
    clock: Clock
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class BeginEdits(_Body, frozen=True, kw_only=True):
    """What a set holds to begin with."""

    edits: tuple[Edit, ...]


class WriteEdits(_Body, frozen=True, kw_only=True):
    """The edits of a set, and the version that the writer saw."""

    version: int
    edits: tuple[Edit, ...]


class EditsSeen(_Body, frozen=True, kw_only=True):
    """The version of a set that was seen."""

    version: int


class EnterEdits(_Body, frozen=True, kw_only=True):
    """The entry or confirmation of a set: the version and the preview that were seen."""

    version: int
    seen: str


class ThingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the directory: what it is called, and what places it among others.

    `within` is the party, maker, model or service that it is of.
    """

    kind: ThingKind
    id: str
    name: Bilingual
    aliases: tuple[str, ...]
    within: str | None


class DirectoryShown(msgspec.Struct, frozen=True, kw_only=True):
    """The directory, and the sets of edits that were not removed, newest first."""

    demonstration: bool
    zone: str
    now: datetime
    holidays: Holidays | None
    things: tuple[ThingLine, ...]
    sets: tuple[ToldSet, ...]


class ThingVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a recorded directory changed of a thing."""

    at: datetime
    action: str
    fields: tuple[FieldChange, ...]


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """One thing: the form that it is written as, what names it, and what became of it."""

    line: ThingLine
    form: dict[str, Any]
    named_by: tuple[Mention, ...]
    history: tuple[ThingVersion, ...]


class EditsPreviewed(msgspec.Struct, frozen=True, kw_only=True):
    """What recording a set now would do; see `EditPreview`."""

    version: int
    at: datetime
    problems: tuple[EditProblem, ...]
    overtaken: tuple[int, ...]
    changes: tuple[Change, ...]
    services: tuple[PreviewChange, ...]
    refusal: str
    needs_second: bool
    ready: bool
    seen: str


def operations(parts: EditingParts) -> list[Operation | Stream]:
    """`/desk/directory` and `/desk/directory/edits`."""
    desk = _Editing(parts)
    role, base = OFFICERS, "/desk/directory"
    sets, one = base + "/edits", base + "/edits/{id}"
    thing = {"kind": str, "id": str}
    return [
        Operation("GET", base, None, DirectoryShown, role, desk.shown, "The directory."),
        Operation("GET", base + "/thing", None, Thing, role, desk.thing, "One thing of it.", thing),
        Operation("POST", sets, BeginEdits, ToldSet, role, desk.begin, "Begin a set of edits."),
        Operation("GET", one, None, ToldSet, role, desk.get, "A set of edits as it stands."),
        Operation("PUT", one, WriteEdits, ToldSet, role, desk.write, "Write a set of edits."),
        Operation("POST", one + "/removal", EditsSeen, ToldSet, role, desk.remove, "Remove a set."),
        Operation(
            "POST", one + "/restoration", EditsSeen, ToldSet, role, desk.restore, "Restore a set."
        ),
        Operation(
            "POST",
            one + "/taking-up",
            EditsSeen,
            ToldSet,
            role,
            desk.take_up,
            "Mean a set over what was recorded meanwhile.",
        ),
        Operation(
            "GET",
            one + "/preview",
            None,
            EditsPreviewed,
            role,
            desk.preview,
            "What recording a set would do.",
        ),
        Operation(
            "POST",
            one + "/entry",
            EnterEdits,
            ToldSet,
            role,
            desk.enter,
            "Enter a set, or record it where one officer is enough.",
        ),
        Operation(
            "POST",
            one + "/confirmation",
            EnterEdits,
            ToldSet,
            role,
            desk.confirm,
            "Record what another officer entered.",
        ),
        Operation(
            "POST", one + "/withdrawal", EditsSeen, ToldSet, role, desk.withdraw, "Withdraw a set."
        ),
        Operation(
            "POST",
            one + "/reversal",
            Done,
            ToldSet,
            role,
            desk.reverse,
            "Begin the set that undoes a recorded one.",
        ),
    ]


class _Editing:
    """Each method answers one operation."""

    def __init__(self, parts: EditingParts) -> None:
        self._parts = parts

    def shown(self, _: Caller, __: None, ___: Params) -> DirectoryShown:
        directory = self._directory()
        return DirectoryShown(
            demonstration=self._parts.demonstration,
            zone=directory.zone,
            now=self._parts.clock.now(),
            holidays=directory.holidays,
            things=tuple(_lines(directory)),
            sets=tuple(reversed(self._parts.edits.all())),
        )

    def thing(self, _: Caller, __: None, params: Params) -> Thing:
        kind, id_ = _kind(params.get("kind", "")), params.get("id", "")
        directory = self._directory()
        value = _values(directory, kind).get(id_)
        if value is None:
            raise NotFoundError(
                f"There is no {kind} {id_!r} in the directory.",
                do="Load the list again; it may have been removed.",
            )
        on_record = (issued.instrument for issued in self._parts.office.instruments().values())
        return Thing(
            line=_line(kind, id_, value),
            form=form_of(value, ZoneInfo(directory.zone)),
            named_by=tuple(mentions(directory, on_record, kind, id_)),
            history=tuple(
                ThingVersion(at=at, action=change.action, fields=change.fields)
                for at, change in self._parts.edits.history(kind, id_)
            ),
        )

    def get(self, _: Caller, __: None, params: Params) -> ToldSet:
        return self._parts.edits.get(params["id"])

    def begin(self, caller: Caller, body: BeginEdits, _: Params) -> ToldSet:
        return self._parts.edits.begin(body.edits, writer_of(caller))

    def write(self, caller: Caller, body: WriteEdits, params: Params) -> ToldSet:
        by, edits = writer_of(caller), self._parts.edits
        return edits.write(params["id"], body.edits, by, seen=body.version)

    def remove(self, caller: Caller, body: EditsSeen, params: Params) -> ToldSet:
        return self._parts.edits.remove(params["id"], writer_of(caller), seen=body.version)

    def restore(self, caller: Caller, body: EditsSeen, params: Params) -> ToldSet:
        return self._parts.edits.restore(params["id"], writer_of(caller), seen=body.version)

    def take_up(self, caller: Caller, body: EditsSeen, params: Params) -> ToldSet:
        return self._parts.edits.take_up(params["id"], writer_of(caller), seen=body.version)

    def preview(self, _: Caller, __: None, params: Params) -> EditsPreviewed:
        return _previewed(self._parts.edits.preview(params["id"]))

    def enter(self, caller: Caller, body: EnterEdits, params: Params) -> ToldSet:
        by, edits = writer_of(caller), self._parts.edits
        return edits.enter(params["id"], by, seen=body.version, preview=body.seen)

    def confirm(self, caller: Caller, body: EnterEdits, params: Params) -> ToldSet:
        by, edits = writer_of(caller), self._parts.edits
        return edits.confirm(params["id"], by, seen=body.version, preview=body.seen)

    def withdraw(self, caller: Caller, body: EditsSeen, params: Params) -> ToldSet:
        return self._parts.edits.withdraw(params["id"], writer_of(caller), seen=body.version)

    def reverse(self, caller: Caller, _: Done, params: Params) -> ToldSet:
        return self._parts.edits.reverse(params["id"], writer_of(caller))

    def _directory(self) -> Directory:
        directory = self._parts.office.directory()
        if directory is None:
            raise ConflictError(
                "No directory is on record yet.",
                do="Record the first one from files: changeover apply DIR.",
            )
        return directory


def _kind(text: str) -> ThingKind:
    try:
        kind: ThingKind = msgspec.convert(text, ThingKind)
    except msgspec.ValidationError as error:
        raise InvalidInputError(
            f"{text!r} is no kind of thing in a directory.",
            do=f"Name one of {', '.join([*SECTIONS, 'binding'])}.",
        ) from error
    return kind


def _values(directory: Directory, kind: ThingKind) -> Mapping[str, msgspec.Struct]:
    if kind == "binding":
        return {binding_id(binding): binding for binding in directory.bindings}
    values: Mapping[str, msgspec.Struct] = getattr(directory, SECTIONS[kind])
    return values


def _lines(directory: Directory) -> Iterator[ThingLine]:
    for kind in (*SECTIONS, "binding"):
        for id_, value in _values(directory, _kind(kind)).items():
            yield _line(_kind(kind), id_, value)


_WITHIN = {
    "party": "part_of",
    "issuer": "party",
    "network": "owner",
    "model": "maker",
    "route": "model",
    "service": "party",
    "binding": "service",
}


def _line(kind: ThingKind, id_: str, value: msgspec.Struct) -> ThingLine:
    within = _WITHIN.get(kind)
    return ThingLine(
        kind=kind,
        id=id_,
        name=name_of(value),
        aliases=getattr(value, "aliases", ()),
        within=None if within is None else getattr(value, within),
    )


def _previewed(found: EditPreview) -> EditsPreviewed:
    return EditsPreviewed(
        version=found.version,
        at=found.at,
        problems=found.problems,
        overtaken=found.overtaken,
        changes=found.changes,
        services=found.services,
        refusal=found.refusal,
        needs_second=found.needs_second,
        ready=found.ready,
        seen=found.seen,
    )
