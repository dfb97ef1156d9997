"""The register of stated uses at the desk: line by line, and by CSV files."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.basics.ids import new_id
from changeover.evidence.register import RegisterFile, StatedUse, check_use, read_register
from changeover.orders.papers import Kept
from changeover.web.api import Caller, Done, Operation, Params, Stream
from changeover.web.compliance_parts import Body, ComplianceParts
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class StateUse(Body, frozen=True, kw_only=True):
    """A stated use; with an id and the version seen, another version of it."""

    use: StatedUse
    id: str | None = None
    version: int = 0


class RemoveLine(Body, frozen=True, kw_only=True):
    """A line to remove, or to restore: the version that was seen."""

    version: int


class RegisterUpload(Body, frozen=True, kw_only=True):
    """A CSV file (base64 in JSON); it is taken in only when `commit`, and nothing is wrong."""

    name: str
    content: bytes
    commit: bool = False


class KeptUse(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the register."""

    id: str
    version: int
    by: str
    at: datetime
    use: StatedUse


class RegisterTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, and whether it was taken in; `batch` undoes that."""

    file: RegisterFile
    committed: bool
    batch: str


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines an undone import removed."""

    removed: int


def operations(parts: ComplianceParts) -> list[Operation | Stream]:
    """`/desk/compliance/uses` and `/desk/compliance/register`."""
    desk = _Register(parts)
    role, base = OFFICERS, "/desk/compliance"
    return [
        Operation("POST", base + "/uses", StateUse, KeptUse, role, desk.state, "State a use."),
        Operation(
            "POST",
            base + "/uses/{id}/removal",
            RemoveLine,
            Undone,
            role,
            desk.remove,
            "Remove a stated use.",
        ),
        Operation(
            "POST",
            base + "/uses/{id}/restoration",
            RemoveLine,
            KeptUse,
            role,
            desk.restore,
            "Restore a stated use.",
        ),
        Operation(
            "POST",
            base + "/register",
            RegisterUpload,
            RegisterTaken,
            role,
            desk.take,
            "Read a file of stated uses, and take it in.",
        ),
        Operation(
            "POST",
            base + "/register/{id}/undoing",
            Done,
            Undone,
            role,
            desk.undo,
            "Undo the import of a file.",
        ),
    ]


def kept_uses(parts: ComplianceParts) -> Iterable[KeptUse]:
    """The lines of the register that stand, by first writing."""
    for kept in parts.uses.all():
        if kept.value is not None:
            yield _kept_use(kept, kept.value)


class _Register:
    def __init__(self, parts: ComplianceParts) -> None:
        self._parts = parts

    def state(self, caller: Caller, body: StateUse, _: Params) -> KeptUse:
        wrong = check_use(self._parts.office.rules.current.directory, body.use)
        if wrong:
            raise InvalidInputError(
                " ".join(what for _, what in wrong), means="Nothing was written."
            )
        by = writer_of(caller)
        if body.id is None:
            kept = self._parts.uses.begin(body.use, by)
        else:
            kept = self._parts.uses.write(body.id, body.use, by, seen=body.version)
        return _kept_use(kept, body.use)

    def remove(self, caller: Caller, body: RemoveLine, params: Params) -> Undone:
        self._parts.uses.remove(params["id"], writer_of(caller), seen=body.version)
        return Undone(removed=1)

    def restore(self, caller: Caller, body: RemoveLine, params: Params) -> KeptUse:
        kept = self._parts.uses.restore(params["id"], writer_of(caller), seen=body.version)
        if kept.value is None:
            raise ConflictError("There is nothing to restore.")
        return _kept_use(kept, kept.value)

    def take(self, caller: Caller, body: RegisterUpload, _: Params) -> RegisterTaken:
        """Nothing is half-imported: all lines are written in one unit of work, or none."""
        batch = new_id("batch")
        directory = self._parts.office.rules.current.directory
        found = read_register(body.content, directory, batch=batch)
        commit = body.commit and not found.problems
        if commit:
            by = writer_of(caller)
            with self._parts.works.begin() as work:
                for use in found.uses:
                    self._parts.uses.write_in(work, new_id("stated-use"), use, by, seen=0)
        return RegisterTaken(file=found, committed=commit, batch=batch)

    def undo(self, caller: Caller, _: Done, params: Params) -> Undone:
        by, removed = writer_of(caller), 0
        lines = [k for k in self._parts.uses.all() if k.value and k.value.batch == params["id"]]
        with self._parts.works.begin() as work:
            for kept in lines:
                self._parts.uses.write_in(work, kept.id, None, by, seen=kept.version)
                removed += 1
        return Undone(removed=removed)


def _kept_use(kept: Kept[StatedUse], use: StatedUse) -> KeptUse:
    return KeptUse(id=kept.id, version=kept.version, by=kept.by, at=kept.at, use=use)
