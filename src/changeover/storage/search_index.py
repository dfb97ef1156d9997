"""The databases' own full-text indexes over the table `searched`.

SQLite: an FTS5 table that has that table as its content
(https://sqlite.org/fts5.html#external_content_tables). Who writes a row writes the index in
the same transaction. Triggers would do it by themselves, but may not use FTS5 where the
schema is not trusted (`PRAGMA trusted_schema = OFF`), and that stays off.

PostgreSQL: a GIN index over `to_tsvector('simple', words)`, which keeps itself.

Neither stems: conversations are in two languages and more.
"""

from sqlalchemy import Connection, text

FTS = "search_index"


def make_index(connection: Connection) -> None:
    """Makes the database's index over `searched`, which must be empty."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {FTS} USING fts5("
            "words, content='searched', content_rowid='number', tokenize='unicode61')"
        )
    else:
        connection.exec_driver_sql(
            "CREATE INDEX ix_searched_words ON searched USING gin (to_tsvector('simple', words))"
        )


def fill_index(connection: Connection) -> None:
    """Makes the index that of the rows that stand."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")  # noqa: S608 - a constant


def add_entry(connection: Connection, number: int, words: str) -> None:
    """Indexes the row of a number."""
    if connection.dialect.name == "sqlite":
        added = text(f"INSERT INTO {FTS}(rowid, words) VALUES (:number, :words)")  # noqa: S608 - a constant
        connection.execute(added, {"number": number, "words": words})


def remove_entry(connection: Connection, number: int, words: str) -> None:
    """Takes the row of a number out of the index; `words` must be those that were indexed."""
    if connection.dialect.name == "sqlite":
        removed = text(
            f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', :number, :words)"  # noqa: S608 - a constant
        )
        connection.execute(removed, {"number": number, "words": words})


def is_index(table: str) -> bool:
    """Whether a table is part of the index, not of what is kept."""
    return table == FTS or table.startswith(f"{FTS}_")
