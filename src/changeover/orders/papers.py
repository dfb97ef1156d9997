"""Papers: what officers write beside the record, kept in every version.

A draft, a line of a register, an attestation, a message to owners: none of them is
an instrument and none decides a call. Each has a kind, an id and a body of one type.

* A version is never changed. Writing adds the next one, and so does removing: the
  versions before stay, and a removed paper can be restored. That is what undo is.
* Who writes says which version they saw. If another came between, `OvertakenError`
  gives that one, and nothing was written.
* Each version is told to the ledger, by its digest, in the unit of work that keeps it.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar, cast

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.ids import new_id
from changeover.orders.ports import Work, Works

PaperKind = Literal[
    "draft",
    "reviewed",
    "stated-use",
    "attestation",
    "exit",
    "terms-seen",
    "directory-edit",
    "changeover",
    "message",
    "bundle",
    "retention",
    "legal-hold",
    "glossary",
]
"""What there are papers of. Kinds are told to the ledger, so that none is renamed."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a paper. `body` is canonical JSON, None where it was removed.

    Versions count from 1. `account` is whose session wrote it, None for the command line.
    """

    kind: str
    id: str
    version: int
    at: datetime
    by: str
    account: str | None
    body: bytes | None


class Papers(Protocol):
    """Keeps papers, version by version."""

    def add(self, paper: Paper) -> bool:
        """Keeps a version; False when the paper does not have exactly those before it."""
        ...

    def newest(self, kind: str) -> list[Paper]:
        """The newest version of each paper of a kind, removed ones too, by first writing."""
        ...

    def versions(self, kind: str, paper: str) -> list[Paper]:
        """Every version of a paper, oldest first; none for one that is not known."""
        ...


class PaperWork(Protocol):
    """A unit of work on papers."""

    @property
    def papers(self) -> Papers: ...


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: the person's name as it is kept, and the account of their session, if any."""

    name: str
    account: str | None = None


T = TypeVar("T", bound=msgspec.Struct)


class Kept(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A version of a paper with its body read; None where it was removed."""

    id: str
    version: int
    at: datetime
    by: str
    account: str | None
    value: T | None


class OvertakenError(ConflictError):
    """Another version came between what was seen and what was to be written."""

    code = "overtaken"

    def __init__(self, kept: Kept[msgspec.Struct]) -> None:
        self.kept = kept
        super().__init__(
            f"{kept.by} has written version {kept.version} meanwhile.",
            means="Nothing was written over it, and what you wrote is still on your page.",
            do="Look at what changed, then write yours again or leave it.",
        )


class Folder(Generic[T]):
    """The papers of one kind, whose bodies are of type `of`."""

    def __init__(self, works: Works, clock: Clock, kind: PaperKind, of: type[T]) -> None:
        self._works = works
        self._clock = clock
        self._kind = kind
        self._decoder = msgspec.json.Decoder(of)

    def all(self) -> list[Kept[T]]:
        """The newest version of each that was not removed, by first writing."""
        return [kept for kept in self.every() if kept.value is not None]

    def every(self) -> list[Kept[T]]:
        """The newest version of each, removals too, by first writing."""
        with self._works.reading() as work:
            found = papers_of(work).newest(self._kind)
        return [self._read(paper) for paper in found]

    def get(self, paper: str) -> Kept[T]:
        """The newest version, a removal too; `NotFoundError`."""
        return self.versions(paper)[-1]

    def versions(self, paper: str) -> list[Kept[T]]:
        """Every version, oldest first; `NotFoundError` where there is none."""
        with self._works.reading() as work:
            found = papers_of(work).versions(self._kind, paper)
        if not found:
            raise NotFoundError(
                f"There is no {self._kind} {paper!r}.",
                do="Load the list again; it may have another name.",
            )
        return [self._read(version) for version in found]

    def begin(
        self,
        value: T,
        by: Writer,
        *,
        paper: str | None = None,
        beside: Callable[[Work], None] | None = None,
    ) -> Kept[T]:
        """Writes a new paper; `OvertakenError` when one of that id stands already."""
        return self.write(paper or new_id(self._kind), value, by, seen=0, beside=beside)

    def write(
        self,
        paper: str,
        value: T | None,
        by: Writer,
        *,
        seen: int,
        beside: Callable[[Work], None] | None = None,
    ) -> Kept[T]:
        """Writes the version after `seen`; with a value of None, removes the paper.

        `beside` is done in the same unit of work. `OvertakenError` when another
        version came between, `NotFoundError` when there never was one.
        """
        with self._works.begin() as work:
            kept = self.write_in(work, paper, value, by, seen=seen)
            if beside is not None:
                beside(work)
        return kept

    def write_in(
        self, work: Work, paper: str, value: T | None, by: Writer, *, seen: int
    ) -> Kept[T]:
        """As `write`, in a unit of work that is open."""
        if value is None and seen < 1:
            # A removal of nothing would leave a paper that never said anything.
            raise NotFoundError(f"There is no {self._kind} {paper!r}.")
        version = Paper(
            kind=self._kind,
            id=paper,
            version=seen + 1,
            at=self._clock.now(),
            by=by.name,
            account=by.account,
            body=None if value is None else canonical(value),
        )
        if not papers_of(work).add(version):
            standing = papers_of(work).versions(self._kind, paper)
            if not standing:
                raise NotFoundError(f"There is no {self._kind} {paper!r}.")
            raise OvertakenError(cast(Kept[msgspec.Struct], self._read(standing[-1])))
        work.tell("paper", version.at, told(version))
        return self._read(version)

    def check_seen(self, paper: str, *, seen: int) -> None:
        """Raises `OvertakenError` when another version than `seen` (0: none) is the newest."""
        with self._works.reading() as work:
            versions = papers_of(work).versions(self._kind, paper)
        if len(versions) != seen and versions:
            raise OvertakenError(cast(Kept[msgspec.Struct], self._read(versions[-1])))

    def remove(self, paper: str, by: Writer, *, seen: int) -> Kept[T]:
        """Removes it; the versions before stay. Raises as `write`."""
        return self.write(paper, None, by, seen=seen)

    def restore(self, paper: str, by: Writer, *, seen: int) -> Kept[T]:
        """Writes the newest version that has a body once more: a removal undone.

        `NotFoundError`, `ConflictError` where it was not removed, else as `write`.
        """
        versions = self.versions(paper)
        if versions[-1].value is not None:
            raise ConflictError(f"The {self._kind} {paper} was not removed.")
        bodies = [version.value for version in versions if version.value is not None]
        return self.write(paper, bodies[-1], by, seen=seen)

    def _read(self, paper: Paper) -> Kept[T]:
        return Kept(
            id=paper.id,
            version=paper.version,
            at=paper.at,
            by=paper.by,
            account=paper.account,
            value=None if paper.body is None else self._decoder.decode(paper.body),
        )


def papers_of(work: Work) -> Papers:
    """The papers of a unit of work: the storage's serve all offices."""
    return cast(PaperWork, work).papers


def told(paper: Paper) -> dict[str, str | int | None]:
    """What the ledger is told of a version: never its body."""
    return {
        "paper": paper.kind,
        "id": paper.id,
        "version": paper.version,
        "sha256": None if paper.body is None else hashlib.sha256(paper.body).hexdigest(),
        "by": paper.by,
    }
