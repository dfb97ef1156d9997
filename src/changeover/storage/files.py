"""Files in the database: as they come, their bytes, texts and indexes."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.documents.model import FileText, Found, Indexed, StoredFile
from changeover.storage.insertion import insert_new
from changeover.storage.schema import collection as collections
from changeover.storage.schema import conversation as conversations
from changeover.storage.schema import file as files
from changeover.storage.schema import (
    file_chunk,
    file_content,
    file_index,
    file_text,
    vector_piece,
)

_encoder = msgspec.json.Encoder()
_found = msgspec.json.Decoder(Found)
_text = msgspec.json.Decoder(FileText)
_index = msgspec.json.Decoder(Indexed)


class SqlFiles:
    """Implements `documents.ports.Files`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def owner(self, conversation: str) -> str | None:
        named = select(conversations.c.account).where(
            conversations.c.id == conversation, conversations.c.removed.is_(None)
        )
        return self._connection.scalars(named).one_or_none()

    def add(self, file: StoredFile) -> None:
        row = {
            "id": file.id,
            "account": file.account,
            "conversation": file.conversation,
            "collection": file.collection,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "created": microseconds(file.created),
            "state": file.state,
            "received": file.received,
            "start": file.start,
            "found": _encoder.encode(file.found),
        }
        self._connection.execute(insert(files).values(row))

    def get(self, file: str) -> StoredFile:
        row = self._connection.execute(select(files).where(files.c.id == file)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no file {file}.")
        return _file(row)

    def of(self, conversation: str) -> list[StoredFile]:
        own = select(files).where(files.c.conversation == conversation)
        ordered = own.order_by(files.c.created, files.c.id)
        return [_file(row) for row in self._connection.execute(ordered)]

    def of_collections(self, collections: Collection[str]) -> list[StoredFile]:
        standing = files.c.collection.in_(collections), files.c.removed.is_(None)
        ordered = select(files).where(*standing).order_by(files.c.created, files.c.id)
        return [_file(row) for row in self._connection.execute(ordered)]

    def collected(self) -> list[tuple[StoredFile, str]]:
        rows = self._connection.execute(
            select(files, collections.c.data_class)
            .join(collections, collections.c.id == files.c.collection)
            .where(
                collections.c.removed.is_(None),
                files.c.removed.is_(None),
                files.c.state == "ready",
            )
            .order_by(files.c.id)
        )
        return [(_file(row), row.data_class) for row in rows]

    def put_away(self, file: str, at: datetime | None) -> None:
        removed = None if at is None else microseconds(at)
        self._connection.execute(update(files).where(files.c.id == file).values(removed=removed))

    def put_away_before(self, before: datetime) -> list[StoredFile]:
        gone = select(files).where(files.c.removed < microseconds(before)).order_by(files.c.id)
        return [_file(row) for row in self._connection.execute(gone)]

    def receive(self, file: str, offset: int, content: bytes) -> bool:
        grown = (
            update(files)
            .where(files.c.id == file, files.c.received == offset, files.c.state == "uploading")
            .values(received=offset + len(content))
        )
        if self._connection.execute(grown).rowcount != 1:
            return False
        row = {"file": file, "offset": offset, "content": content}
        self._connection.execute(insert(file_chunk).values(row))
        return True

    def received(self, file: str) -> bytes:
        chunks = (
            select(file_chunk.c.content)
            .where(file_chunk.c.file == file)
            .order_by(file_chunk.c.offset)
        )
        return b"".join(self._connection.scalars(chunks))

    def settle(self, file: StoredFile, content: bytes | None) -> None:
        if content is not None:
            row = {"sha256": hashlib.sha256(content).hexdigest(), "content": content}
            insert_new(self._connection, file_content, row)
            self._connection.execute(delete(file_chunk).where(file_chunk.c.file == file.id))
        self._connection.execute(
            update(files)
            .where(files.c.id == file.id)
            .values(
                state=file.state,
                start=file.start,
                sha256=file.sha256,
                found=_encoder.encode(file.found),
            )
        )

    def take(self, file: str, start: str, instead_of: str | None) -> bool:
        left = files.c.start.is_(None) if instead_of is None else files.c.start == instead_of
        taken = update(files).where(files.c.id == file, files.c.state == "reading", left)
        return self._connection.execute(taken.values(start=start)).rowcount == 1

    def reading(self) -> list[StoredFile]:
        read = select(files).where(files.c.state == "reading").order_by(files.c.id)
        return [_file(row) for row in self._connection.execute(read)]

    def content(self, sha256: str) -> bytes:
        kept = select(file_content.c.content).where(file_content.c.sha256 == sha256)
        found = self._connection.scalars(kept).one_or_none()
        if found is None:
            raise NotFoundError("The bytes of this file are not kept.")
        return bytes(found)

    def put_text(self, file: str, text: FileText) -> None:
        if self._stands(file):
            self._connection.execute(delete(file_text).where(file_text.c.file == file))
            row = {"file": file, "body": _encoder.encode(text)}
            self._connection.execute(insert(file_text).values(row))

    def text(self, file: str) -> FileText | None:
        kept = select(file_text.c.body).where(file_text.c.file == file)
        body = self._connection.scalars(kept).one_or_none()
        return None if body is None else _text.decode(body)

    def put_index(self, file: str, maker: str, index: Indexed) -> None:
        if self._stands(file):
            self._connection.execute(delete(file_index).where(file_index.c.file == file))
            row = {"file": file, "maker": maker, "body": _encoder.encode(index)}
            self._connection.execute(insert(file_index).values(row))

    def index(self, file: str) -> tuple[str, Indexed] | None:
        row = self._connection.execute(
            select(file_index).where(file_index.c.file == file)
        ).one_or_none()
        return None if row is None else (row.maker, _index.decode(row.body))

    def makers(self, names: Collection[str]) -> dict[str, str]:
        kept = select(file_index.c.file, file_index.c.maker).where(file_index.c.file.in_(names))
        return {row.file: row.maker for row in self._connection.execute(kept)}

    def made_otherwise(self, maker: str) -> list[str]:
        other = select(file_index.c.file).where(file_index.c.maker != maker)
        return list(self._connection.scalars(other.order_by(file_index.c.file)))

    def remove(self, file: str) -> None:
        sha256 = self.get(file).sha256
        for table in (file_chunk, file_text, file_index, vector_piece):
            self._connection.execute(delete(table).where(table.c.file == file))
        self._connection.execute(delete(files).where(files.c.id == file))
        others = select(files.c.id).where(files.c.sha256 == sha256, files.c.state != "uploading")
        if self._connection.execute(others.limit(1)).one_or_none() is None:
            self._connection.execute(delete(file_content).where(file_content.c.sha256 == sha256))

    def _stands(self, file: str) -> bool:
        """Whether it was not removed while it was read."""
        named = select(files.c.id).where(files.c.id == file)
        return self._connection.execute(named).one_or_none() is not None


def _file(row: Row[Any]) -> StoredFile:
    return StoredFile(
        id=row.id,
        account=row.account,
        conversation=row.conversation,
        collection=row.collection,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        created=from_microseconds(row.created),
        state=row.state,
        received=row.received,
        start=row.start,
        found=_found.decode(row.found),
        removed=None if row.removed is None else from_microseconds(row.removed),
    )
