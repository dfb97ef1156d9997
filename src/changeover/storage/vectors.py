"""Indexes of passages by meaning, in the database."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.documents.vectors import Piece, VectorIndex
from changeover.storage.insertion import insert_new
from changeover.storage.schema import file as files
from changeover.storage.schema import vector_index, vector_piece


class SqlVectors:
    """Implements `documents.vectors.Vectors`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[VectorIndex]:
        ordered = select(vector_index).order_by(vector_index.c.begun, vector_index.c.id)
        return [
            VectorIndex(
                id=row.id,
                model=row.model,
                version=row.version,
                cut=row.cut,
                state=row.state,
                begun=from_microseconds(row.begun),
                start=row.start,
            )
            for row in self._connection.execute(ordered)
        ]

    def add(self, index: VectorIndex) -> None:
        row = {
            "id": index.id,
            "model": index.model,
            "version": index.version,
            "cut": index.cut,
            "state": index.state,
            "begun": microseconds(index.begun),
            "start": index.start,
        }
        self._connection.execute(insert(vector_index).values(row))

    def take(self, index: str, start: str, instead_of: str | None) -> bool:
        column = vector_index.c.start
        left = column.is_(None) if instead_of is None else column == instead_of
        taken = update(vector_index).where(vector_index.c.id == index, left)
        return self._connection.execute(taken.values(start=start)).rowcount == 1

    def serve(self, index: str) -> None:
        self._connection.execute(delete(vector_piece).where(vector_piece.c.index != index))
        self._connection.execute(delete(vector_index).where(vector_index.c.id != index))
        self._connection.execute(
            update(vector_index).where(vector_index.c.id == index).values(state="serving")
        )

    def forget(self, index: str) -> None:
        self._connection.execute(delete(vector_piece).where(vector_piece.c.index == index))
        self._connection.execute(delete(vector_index).where(vector_index.c.id == index))

    def add_piece(self, index: str, piece: Piece) -> None:
        # The file is gone where it was removed while the model was asked.
        named = select(files.c.id).where(files.c.id == piece.file)
        known = select(vector_index.c.id).where(vector_index.c.id == index)
        if any(self._connection.execute(one).one_or_none() is None for one in (named, known)):
            return
        row = {
            "index": index,
            "file": piece.file,
            "first": piece.first,
            "count": piece.count,
            "body": piece.body,
        }
        insert_new(self._connection, vector_piece, row)

    def covered(self, index: str) -> dict[str, int]:
        rows = self._connection.execute(
            select(vector_piece.c.file, func.sum(vector_piece.c.count))
            .where(vector_piece.c.index == index)
            .group_by(vector_piece.c.file)
        )
        return {file: int(count) for file, count in rows}

    def pieces(self, index: str, names: Collection[str]) -> list[Piece]:
        rows = self._connection.execute(
            select(
                vector_piece.c.file, vector_piece.c.first, vector_piece.c.count, vector_piece.c.body
            )
            .where(vector_piece.c.index == index, vector_piece.c.file.in_(names))
            .order_by(vector_piece.c.file, vector_piece.c.first)
        )
        return [
            Piece(file=file, first=first, count=count, body=bytes(body))
            for file, first, count, body in rows
        ]
