"""The database's own clock, and which starts live by their leases on it."""

from sqlalchemy import Connection, inspect, select

from changeover.storage.replicas import NOW
from changeover.storage.schema import replica


def living_starts(connection: Connection) -> frozenset[str] | None:
    """Those whose lease runs; None where no leases are kept: on a file of SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    if not inspect(connection).has_table(replica.name):
        return frozenset()
    return frozenset(connection.scalars(select(replica.c.start).where(replica.c.lease_until > NOW)))


def database_clock(connection: Connection) -> int | None:
    """What it says, in microseconds since 1970; None on a file, which has none of its own."""
    if connection.dialect.name != "postgresql":
        return None
    return connection.scalar(select(NOW))
