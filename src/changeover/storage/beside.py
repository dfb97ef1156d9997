"""Reading one state of a database beside the processes that have it open.

A file of SQLite is read without its lock, which its one process holds; a
transaction that reads sees one state of it all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from changeover.basics.errors import NotFoundError
from changeover.storage import sqlite
from changeover.storage.database import open_backend, parse_url
from changeover.storage.postgresql import allow_pauses


@contextmanager
def reading_beside(url: str) -> Iterator[tuple[Connection, str]]:
    """A connection that sees one state of the database, and how errors call the database.

    Nothing is migrated and nothing locked. Raises `NotFoundError` when there is no
    such file, `StorageError` when the database cannot be read.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = sqlite.database_path(parsed)
        if not path.is_file():
            raise NotFoundError(
                f"There is no database {path}.",
                do="Name the data folder with --data, before the command.",
            )
        engine = sqlite.reading_engine(path)
        try:
            with sqlite.explained(path), engine.begin() as connection:
                yield connection, str(path)
        finally:
            engine.dispose()
        return
    backend = open_backend(url)
    try:
        with backend.explained(), backend.reader.begin() as connection:
            allow_pauses(connection)
            yield connection, backend.name
    finally:
        backend.close()
