"""What intake needs from outside: a place that keeps captures and drafts."""

from datetime import datetime
from typing import Protocol

import msgspec

from changeover.intake.formats.model import DocumentText
from changeover.intake.model import Language, Quote, UnknownName


class Read(msgspec.Struct, frozen=True, kw_only=True, tag="read"):
    """What a document says, and what was read in it beside drafts and claims."""

    text: DocumentText
    language: Language
    dated: str | None
    unknown: tuple[UnknownName, ...]
    notes: tuple[str, ...]
    marked: tuple[Quote, ...] = ()


class Unread(msgspec.Struct, frozen=True, kw_only=True, tag="unread"):
    """Why a document has no text, and what to do."""

    what: str
    do: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A capture: the original bytes with their digest, the name given and when it came.

    `address` is where it was found, "" where that was not said, `account` whose account it
    was found on. `reading` is None for one that was kept as a source and never read.
    """

    sha256: str
    name: str
    content: bytes
    captured: datetime
    address: str = ""
    account: str | None = None
    reading: Read | Unread | None = None


class KeptDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A capture as listed: without its bytes, of which `size` is the number."""

    sha256: str
    name: str
    captured: datetime
    size: int
    address: str = ""
    account: str | None = None


class StoredDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as kept: canonical JSON `body`; `issued_as` once a person issued it."""

    id: str
    document: str
    body: bytes
    created: datetime
    issued_as: str | None = None


class StoredClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as kept: canonical JSON `body`."""

    id: str
    document: str
    body: bytes
    created: datetime


class Drafts(Protocol):
    """Captures and what was read from them. The same document twice is one document."""

    def keep_document(self, document: Document) -> bool:
        """Keeps the capture; False when its digest stands already."""
        ...

    def keep_reading(self, sha256: str, reading: Read | Unread) -> None:
        """Keeps what was read in a capture that was never read before."""
        ...

    def keep(self, draft: StoredDraft) -> bool:
        """Keeps the draft; False when its id stands already."""
        ...

    def get(self, draft: str) -> StoredDraft:
        """The draft; `NotFoundError`."""
        ...

    def document(self, sha256: str) -> Document:
        """The capture; `NotFoundError`."""
        ...

    def documents(self) -> list[KeptDocument]:
        """Every capture without its bytes, the last one first."""
        ...

    def all(self) -> list[StoredDraft]:
        """Every draft, oldest first."""
        ...

    def keep_claim(self, claim: StoredClaim) -> bool:
        """Keeps the claim; False when its id stands already."""
        ...

    def claims(self) -> list[StoredClaim]:
        """Every claim, oldest first."""
        ...

    def mark_issued(self, draft: str, instrument: str) -> None:
        """Says which instrument a draft became; `ConflictError` if it became one already."""
        ...
