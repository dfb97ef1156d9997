"""Captures, drafts and claims in the database."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select, update

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.intake.ports import (
    Document,
    KeptDocument,
    Read,
    StoredClaim,
    StoredDraft,
    Unread,
)
from changeover.storage.insertion import insert_new
from changeover.storage.schema import claim as claims
from changeover.storage.schema import document as documents
from changeover.storage.schema import draft as drafts

_READING: msgspec.json.Decoder[Read | Unread] = msgspec.json.Decoder(Read | Unread)


class SqlDrafts:
    """Implements `intake.ports.Drafts`. A draft's document must have been kept before it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_document(self, document: Document) -> bool:
        row = {
            "sha256": document.sha256,
            "name": document.name,
            "content": document.content,
            "captured": microseconds(document.captured),
            "address": document.address,
            "account": document.account,
            "reading": None if document.reading is None else msgspec.json.encode(document.reading),
        }
        if insert_new(self._connection, documents, row) is not None:
            return True
        if document.address:
            # The same bytes once more, and now it is said where they were found.
            unsaid = (documents.c.sha256 == document.sha256) & (documents.c.address == "")
            found = {"address": document.address, "account": document.account}
            self._connection.execute(update(documents).where(unsaid).values(**found))
        if document.reading is not None:
            self.keep_reading(document.sha256, document.reading)
        return False

    def keep_reading(self, sha256: str, reading: Read | Unread) -> None:
        never_read = (documents.c.sha256 == sha256) & documents.c.reading.is_(None)
        kept = update(documents).where(never_read).values(reading=msgspec.json.encode(reading))
        self._connection.execute(kept)

    def keep(self, draft: StoredDraft) -> bool:
        self.document(draft.document)
        row = {
            "id": draft.id,
            "document": draft.document,
            "body": draft.body,
            "created": microseconds(draft.created),
            "issued_as": draft.issued_as,
        }
        return insert_new(self._connection, drafts, row) is not None

    def get(self, draft: str) -> StoredDraft:
        row = self._connection.execute(select(drafts).where(drafts.c.id == draft)).one_or_none()
        if row is None:
            raise NotFoundError(
                f"There is no draft {draft}.",
                do="See `changeover drafts`. The name of an instrument's file ends in .yaml.",
            )
        return _draft(row)

    def document(self, sha256: str) -> Document:
        named = select(documents).where(documents.c.sha256 == sha256)
        row = self._connection.execute(named).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no document with the digest {sha256}.")
        return Document(
            sha256=row.sha256,
            name=row.name,
            content=row.content,
            captured=from_microseconds(row.captured),
            address=row.address,
            account=row.account,
            reading=None if row.reading is None else _READING.decode(row.reading),
        )

    def documents(self) -> list[KeptDocument]:
        size = func.length(documents.c.content).label("size")
        listed = select(
            documents.c.sha256,
            documents.c.name,
            documents.c.captured,
            documents.c.address,
            documents.c.account,
            size,
        )
        rows = self._connection.execute(
            listed.order_by(documents.c.captured.desc(), documents.c.sha256)
        )
        return [
            KeptDocument(
                sha256=row.sha256,
                name=row.name,
                captured=from_microseconds(row.captured),
                size=row.size,
                address=row.address,
                account=row.account,
            )
            for row in rows
        ]

    def all(self) -> list[StoredDraft]:
        rows = self._connection.execute(select(drafts).order_by(drafts.c.created, drafts.c.seq))
        return [_draft(row) for row in rows]

    def keep_claim(self, claim: StoredClaim) -> bool:
        self.document(claim.document)
        row = {
            "id": claim.id,
            "document": claim.document,
            "body": claim.body,
            "created": microseconds(claim.created),
        }
        return insert_new(self._connection, claims, row) is not None

    def claims(self) -> list[StoredClaim]:
        rows = self._connection.execute(select(claims).order_by(claims.c.created, claims.c.seq))
        return [
            StoredClaim(
                id=row.id,
                document=row.document,
                body=row.body,
                created=from_microseconds(row.created),
            )
            for row in rows
        ]

    def mark_issued(self, draft: str, instrument: str) -> None:
        standing = self.get(draft)
        if standing.issued_as is not None:
            raise ConflictError(
                f"The draft {draft} was issued already, as {standing.issued_as}.",
                do=f"See `changeover orders show {standing.issued_as}`.",
            )
        self._connection.execute(
            update(drafts).where(drafts.c.id == draft).values(issued_as=instrument)
        )


def _draft(row: Row[Any]) -> StoredDraft:
    return StoredDraft(
        id=row.id,
        document=row.document,
        body=row.body,
        created=from_microseconds(row.created),
        issued_as=row.issued_as,
    )
