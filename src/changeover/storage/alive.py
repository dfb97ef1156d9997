"""Which of the processes on one database serve, by their leases and the database's clock."""

from sqlalchemy import Connection, select

from changeover.storage.replicas import NOW
from changeover.storage.schema import replica


class SqlAlive:
    """Implements `chat.ports.Alive`. A file of SQLite is one process's alone: no other lives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def starts(self) -> frozenset[str]:
        if self._connection.dialect.name != "postgresql":
            return frozenset()
        living = select(replica.c.start).where(replica.c.lease_until > NOW)
        return frozenset(self._connection.scalars(living))
