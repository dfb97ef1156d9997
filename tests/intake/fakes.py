"""An in-memory place for captures and drafts."""

import msgspec

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.intake.ports import Document, StoredDraft


class FakeDrafts:
    """Keeps everything in dictionaries; counts nothing, forgets nothing."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.drafts: dict[str, StoredDraft] = {}

    def keep_document(self, document: Document) -> bool:
        return self.documents.setdefault(document.sha256, document) is document

    def keep(self, draft: StoredDraft) -> bool:
        return self.drafts.setdefault(draft.id, draft) is draft

    def get(self, draft: str) -> StoredDraft:
        try:
            return self.drafts[draft]
        except KeyError:
            raise NotFoundError(f"There is no draft {draft}.") from None

    def document(self, sha256: str) -> Document:
        try:
            return self.documents[sha256]
        except KeyError:
            raise NotFoundError(f"There is no document {sha256}.") from None

    def all(self) -> list[StoredDraft]:
        return list(self.drafts.values())

    def mark_issued(self, draft: str, instrument: str) -> None:
        stored = self.get(draft)
        if stored.issued_as is not None:
            raise ConflictError(f"The draft {draft} was issued already.")
        self.drafts[draft] = msgspec.structs.replace(stored, issued_as=instrument)
