"""Conversations and their turns in the database.

A turn's body holds all that only the chat understands; what is asked for by
value has a column. `settle` is the one statement that changes a turn, and it
finds only what is still generating.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select, update

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.model import (
    ConversationLine,
    Place,
    Served,
    StoredConversation,
    StoredTurn,
)
from changeover.storage.bodies import Body, decode_body
from changeover.storage.folders import standing_folder
from changeover.storage.insertion import insert_new
from changeover.storage.schema import conversation as conversations
from changeover.storage.schema import folder as folders
from changeover.storage.schema import turn as turns
from changeover.storage.search import SearchIndex

_encoder = msgspec.json.Encoder()
_served_decoder = msgspec.json.Decoder(Served)


class SqlConversations:
    """Implements `chat.ports.Conversations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index = SearchIndex(connection)

    def add(self, conversation: StoredConversation) -> None:
        until = conversation.temporary_until
        row = {
            "id": conversation.id,
            "account": conversation.account,
            "service": conversation.service,
            "title": conversation.title,
            "created": microseconds(conversation.created),
            "changed": microseconds(conversation.changed),
            "temporary_until": None if until is None else microseconds(until),
        }
        self._connection.execute(insert(conversations).values(row))
        self._index.put(conversation.id, conversation.id, conversation.created, conversation.title)

    def get(self, conversation: str) -> StoredConversation:
        named = select(conversations).where(conversations.c.id == conversation)
        row = self._connection.execute(named).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no conversation {conversation}.")
        until = row.temporary_until
        return StoredConversation(
            id=row.id,
            account=row.account,
            service=row.service,
            title=row.title,
            created=from_microseconds(row.created),
            changed=from_microseconds(row.changed),
            temporary_until=None if until is None else from_microseconds(until),
            removed=None if row.removed is None else from_microseconds(row.removed),
        )

    def lock(self, names: Collection[str]) -> None:
        # In one order, so that two that want the same ones never wait for each other. FOR NO KEY
        # UPDATE lets turns refer to the row meanwhile. SQLite has one writer and needs neither.
        rows = (
            select(conversations.c.id)
            .where(conversations.c.id.in_(names))
            .order_by(conversations.c.id)
            .with_for_update(key_share=True)
        )
        self._connection.execute(rows).all()

    def lines(self, account: str) -> list[ConversationLine]:
        count = (
            select(func.count()).where(turns.c.conversation == conversations.c.id).scalar_subquery()
        )
        rows = self._connection.execute(
            select(
                conversations.c.id,
                conversations.c.title,
                conversations.c.changed,
                count,
                conversations.c.pinned,
                conversations.c.archived,
                folders.c.id,
            )
            .select_from(conversations.outerjoin(folders, standing_folder()))
            .where(
                conversations.c.account == account,
                conversations.c.temporary_until.is_(None),
                conversations.c.removed.is_(None),
            )
            .order_by(conversations.c.changed.desc(), conversations.c.id.desc())
        )
        return [
            ConversationLine(
                id=id_,
                title=title,
                changed=from_microseconds(changed),
                turns=number,
                pinned=pinned is not None,
                archived=archived is not None,
                folder=folder,
            )
            for id_, title, changed, number, pinned, archived, folder in rows
        ]

    def rename(self, conversation: str, title: str, *, instead_of: str | None = None) -> bool:
        statement = update(conversations).where(conversations.c.id == conversation)
        if instead_of is not None:
            statement = statement.where(conversations.c.title == instead_of)
        renamed = self._connection.execute(statement.values(title=title)).rowcount == 1
        if renamed:
            self._index.put(conversation, conversation, self.get(conversation).changed, title)
        return renamed

    def shelve(self, conversation: str, at: datetime, place: Place) -> None:
        wanted = {"pinned": place.pinned, "archived": place.archived}
        values: dict[str, int | str | None] = {
            name: microseconds(at) if yes else None
            for name, yes in wanted.items()
            if yes is not None
        }
        if place.folder is not None:
            values["folder"] = place.folder or None
        if values:
            self._connection.execute(
                update(conversations).where(conversations.c.id == conversation).values(values)
            )

    def touch(self, conversation: str, at: datetime) -> None:
        self._connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation)
            .values(changed=microseconds(at))
        )

    def turns(self, conversation: str) -> list[StoredTurn]:
        rows = self._connection.execute(
            select(turns)
            .where(turns.c.conversation == conversation)
            .order_by(turns.c.created, turns.c.id)
        )
        return [_turn(row) for row in rows]

    def add_turn(self, turn: StoredTurn) -> None:
        row = {
            "id": turn.id,
            "conversation": turn.conversation,
            "parent": turn.parent,
            "role": turn.role,
            "created": microseconds(turn.created),
            "state": turn.state,
            "body": _body(turn),
            "served": _served(turn.served),
            "client_id": turn.client_id,
            "start": turn.start,
        }
        if insert_new(self._connection, turns, row) is None:
            raise ConflictError(
                f"The message {turn.client_id or turn.id} was kept already.",
                means="It is in the conversation.",
            )
        if turn.state != "generating":
            self._index.put(turn.id, turn.conversation, turn.created, turn.text)

    def settle(self, turn: StoredTurn) -> bool:
        settled = self._connection.execute(
            update(turns)
            .where(turns.c.id == turn.id, turns.c.state == "generating")
            .values(state=turn.state, body=_body(turn), served=_served(turn.served))
        )
        if settled.rowcount != 1:
            return False
        self._index.put(turn.id, turn.conversation, turn.created, turn.text)
        return True

    def over(self, names: Collection[str]) -> frozenset[str]:
        settled = select(turns.c.id).where(turns.c.id.in_(names), turns.c.state != "generating")
        return frozenset(self._connection.scalars(settled))

    def generating(self) -> list[StoredTurn]:
        rows = self._connection.execute(select(turns).where(turns.c.state == "generating"))
        return [_turn(row) for row in rows]


def _body(turn: StoredTurn) -> bytes:
    return _encoder.encode(
        Body(
            parts=turn.parts,
            problem=turn.problem,
            fresh=turn.fresh,
            cause=turn.cause,
            since=turn.since,
            instructed=turn.instructed,
            origin=turn.origin,
            given=turn.given,
            withheld=turn.withheld,
            content=turn.content,
            pictures=turn.pictures,
            unseen=turn.unseen,
        )
    )


def _served(served: Served | None) -> bytes | None:
    return None if served is None else _encoder.encode(served)


def _turn(row: Row[Any]) -> StoredTurn:
    body = decode_body(row.body)
    return StoredTurn(
        id=row.id,
        conversation=row.conversation,
        parent=row.parent,
        role=row.role,
        created=from_microseconds(row.created),
        state=row.state,
        parts=body.parts,
        served=None if row.served is None else _served_decoder.decode(row.served),
        problem=body.problem,
        client_id=row.client_id,
        fresh=body.fresh,
        cause=body.cause,
        since=body.since,
        start=row.start,
        instructed=body.instructed,
        origin=body.origin,
        given=body.given,
        withheld=body.withheld,
        content=body.content,
        pictures=body.pictures,
        unseen=body.unseen,
    )
