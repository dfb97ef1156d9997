"""Searching conversations in the database (`search_index` has its two indexes).

What is asked for is made of folded words, letters and digits only, each in quotes: nothing
of it can be syntax to either database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    update,
)

from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.finding import Hit, Term, indexed
from changeover.storage.bodies import words_of_body
from changeover.storage.folders import standing_folder
from changeover.storage.schema import conversation as conversations
from changeover.storage.schema import folder as folders
from changeover.storage.schema import searched
from changeover.storage.schema import turn as turns
from changeover.storage.search_index import FTS, add_entry, remove_entry

_fts = table(FTS, column("rowid"), column("words"))
# Scores that differ by less are those of equals.
_DIGITS = 6


class SearchIndex:
    """Keeps what is searched."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, name: str, conversation: str, at: datetime, text: str) -> None:
        """Has a title (its name is the conversation's) or a turn found by its words."""
        connection, words = self._connection, indexed(text)
        known = connection.execute(
            select(searched.c.number, searched.c.words).where(searched.c.id == name)
        ).one_or_none()
        row = {"conversation": conversation, "at": microseconds(at), "words": words}
        if known is not None:
            connection.execute(update(searched).where(searched.c.id == name).values(row))
            remove_entry(connection, known.number, known.words)
            add_entry(connection, known.number, words)
        elif words:
            added = connection.execute(
                insert(searched).values({"id": name, **row}).returning(searched.c.number)
            )
            add_entry(connection, added.scalar_one(), words)

    def forget(self, conversation: str) -> None:
        """Takes what a conversation is found by out of the index; its rows are not deleted."""
        rows = select(searched.c.number, searched.c.words).where(
            searched.c.conversation == conversation
        )
        for row in self._connection.execute(rows).all():
            remove_entry(self._connection, row.number, row.words)


class SqlSearch:
    """Implements `chat.ports.Search`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"

    def count(self, account: str, terms: Sequence[Term]) -> int:
        found = self._found(account, terms, func.count())
        return int(self._connection.scalar(found) or 0)

    def hits(self, account: str, terms: Sequence[Term], skip: int, limit: int) -> list[Hit]:
        wanted = (
            self._found(
                account,
                terms,
                searched.c.id,
                searched.c.conversation,
                searched.c.at,
                conversations.c.title,
                folders.c.name.label("folder"),
                turns.c.role,
                turns.c.body,
            )
            .outerjoin(turns, turns.c.id == searched.c.id)
            .outerjoin(folders, standing_folder())
            .order_by(self._score(terms).desc(), searched.c.at.desc(), searched.c.id.desc())
            .offset(skip)
            .limit(limit)
        )
        return [
            Hit(
                conversation=row.conversation,
                title=row.title,
                folder=row.folder,
                turn=None if row.id == row.conversation else row.id,
                role=row.role,
                at=from_microseconds(row.at),
                text=row.title if row.body is None else words_of_body(row.body),
            )
            for row in self._connection.execute(wanted)
        ]

    def _found(self, account: str, terms: Sequence[Term], *wanted: Any) -> Select[Any]:
        found = select(*wanted).select_from(searched)
        found = found.join(conversations, conversations.c.id == searched.c.conversation)
        if self._sqlite:
            found = found.join(_fts, _fts.c.rowid == searched.c.number)
            matches: ColumnElement[bool] = literal_column(FTS).op("MATCH")(_in_fts(terms))
        else:
            matches = _vector().op("@@")(_in_postgresql(terms))
        own = conversations.c.account == account
        kept = conversations.c.temporary_until.is_(None) & conversations.c.removed.is_(None)
        return found.where(and_(matches, own, kept))

    def _score(self, terms: Sequence[Term]) -> ColumnElement[Any]:
        if self._sqlite:
            return func.round(-func.bm25(literal_column(FTS)), _DIGITS)
        # 1: divided by 1 + the logarithm of the text's length.
        return func.ts_rank(_vector(), _in_postgresql(terms), 1)


def _in_fts(terms: Sequence[Term]) -> str:
    """The terms in the language of FTS5."""
    return " AND ".join(f'"{" ".join(t.words)}"{"*" if t.prefix else ""}' for t in terms)


def _in_postgresql(terms: Sequence[Term]) -> ColumnElement[Any]:
    """The terms as a tsquery."""
    written = " & ".join(
        " <-> ".join(
            f"'{word}'{':*' if term.prefix and place == len(term.words) - 1 else ''}"
            for place, word in enumerate(term.words)
        )
        for term in terms
    )
    return func.to_tsquery(literal_column("'simple'::regconfig"), written)


def _vector() -> ColumnElement[Any]:
    return func.to_tsvector(literal_column("'simple'::regconfig"), searched.c.words)
