"""Looking at a database as it stands, to verify what it holds.

Nothing is made, locked or migrated, and a server may have it open: the state that
is read is one state. What an older schema does not have yet, it does not hold.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from changeover.basics.errors import NotFoundError
from changeover.storage import sqlite
from changeover.storage.database import Work, parse
from changeover.storage.postgresql import PostgresBackend


@contextmanager
def looking(url: str) -> Iterator[Work]:
    """A unit of work that reads. `NotFoundError` for a file that is not there."""
    parsed = parse(url)
    with ExitStack() as stack:
        if parsed.get_backend_name() == "postgresql":
            backend = PostgresBackend(parsed)
            stack.callback(backend.close)
            stack.enter_context(backend.explained())
            engine = backend.reader
        else:
            path = sqlite.database_path(parsed)
            if not path.is_file():
                raise NotFoundError(
                    f"There is no database in {path.parent}.",
                    do="Name the data folder with --data, before the command.",
                )
            engine = sqlite.reading_engine(path)
            stack.callback(engine.dispose)
            stack.enter_context(sqlite.explained(path))
        yield Work(stack.enter_context(engine.begin()))
