"""Parties' collections in the database, and which of them conversations ask."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.documents.collections import Asked, Counts, StoredCollection
from changeover.documents.model import Found
from changeover.identity.people import Role
from changeover.storage.schema import asked_collection
from changeover.storage.schema import collection as table
from changeover.storage.schema import file as files


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    """What of a collection nothing is looked up by."""

    description: str
    owners: tuple[str, ...]
    edited_by: tuple[Role, ...]


_encoder = msgspec.json.Encoder()
_body = msgspec.json.Decoder(_Body)
_found = msgspec.json.Decoder(Found)
_UNREAD = frozenset({"uploading", "reading"})


class SqlCollections:
    """Implements `documents.collections.Collections`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, collection: StoredCollection) -> None:
        body = _Body(
            description=collection.description,
            owners=collection.owners,
            edited_by=collection.edited_by,
        )
        values = {
            "party": collection.party,
            "name": collection.name,
            "data_class": collection.data_class,
            "body": _encoder.encode(body),
            "created": microseconds(collection.created),
        }
        changed = update(table).where(table.c.id == collection.id).values(values)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(table).values({"id": collection.id, **values}))

    def get(self, collection: str) -> StoredCollection | None:
        named = select(table).where(table.c.id == collection)
        row = self._connection.execute(named).one_or_none()
        return None if row is None else _collection(row)

    def of(self, parties: Collection[str]) -> list[StoredCollection]:
        rows = self._connection.execute(
            select(table)
            .where(table.c.party.in_(parties), table.c.removed.is_(None))
            .order_by(table.c.id)
        )
        return [_collection(row) for row in rows]

    def counts(self, collections: Collection[str]) -> dict[str, Counts]:
        rows = self._connection.execute(
            select(files.c.collection, files.c.state, files.c.found).where(
                files.c.collection.in_(collections), files.c.removed.is_(None)
            )
        )
        counted: dict[str, Counts] = {}
        for name, state, found in rows:
            before = counted.get(name, Counts())
            counted[name] = Counts(
                files=before.files + 1,
                unread=before.unread + (state in _UNREAD),
                passages=before.passages + _found.decode(found).passages,
            )
        return counted

    def remove(self, collection: str, at: datetime | None) -> None:
        removed = None if at is None else microseconds(at)
        self._connection.execute(
            update(table).where(table.c.id == collection).values(removed=removed)
        )

    def removed_before(self, before: datetime) -> list[StoredCollection]:
        gone = select(table).where(table.c.removed < microseconds(before)).order_by(table.c.id)
        return [_collection(row) for row in self._connection.execute(gone)]

    def forget(self, collections: Collection[str]) -> None:
        self._connection.execute(delete(table).where(table.c.id.in_(collections)))

    def asked(self, conversation: str) -> list[Asked]:
        rows = self._connection.execute(
            select(asked_collection.c.collection, asked_collection.c.name)
            .where(asked_collection.c.conversation == conversation)
            .order_by(asked_collection.c.collection)
        )
        return [Asked(collection=name, name=called) for name, called in rows]

    def ask(self, conversation: str, account: str, wanted: Sequence[Asked]) -> None:
        self._connection.execute(
            delete(asked_collection).where(asked_collection.c.conversation == conversation)
        )
        rows = [
            {
                "conversation": conversation,
                "collection": one.collection,
                "account": account,
                "name": one.name,
            }
            for one in wanted
        ]
        if rows:
            self._connection.execute(insert(asked_collection), rows)

    def asked_as(self, account: str, collection: str) -> str | None:
        named = (
            select(asked_collection.c.name)
            .where(
                asked_collection.c.account == account, asked_collection.c.collection == collection
            )
            .order_by(asked_collection.c.conversation.desc())
            .limit(1)
        )
        return self._connection.scalars(named).one_or_none()


def _collection(row: Row[Any]) -> StoredCollection:
    body = _body.decode(row.body)
    return StoredCollection(
        id=row.id,
        party=row.party,
        name=row.name,
        description=body.description,
        data_class=row.data_class,
        owners=body.owners,
        edited_by=body.edited_by,
        created=from_microseconds(row.created),
        removed=None if row.removed is None else from_microseconds(row.removed),
    )
