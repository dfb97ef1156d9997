"""The processes that serve on one PostgreSQL database: their leases, and what each has loaded.

A renewal is one statement, so that no process that is stopped in between can hold
its locks. It takes the revision's row FOR SHARE: it waits for a change that is
being committed and returns the number after it, or it is committed before that
change is (`revisions` takes the row for itself). Either way no lease begins
without the change that whoever made the change does not see in this table.

https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnClause,
    Connection,
    Row,
    delete,
    literal_column,
    select,
    text,
    update,
)

from changeover.orders.enforcement import Renewal, Renewed, Replica
from changeover.storage.postgresql import PostgresBackend
from changeover.storage.schema import replica, revision

_CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
NOW: ColumnClause[int] = literal_column(_CLOCK)
"""The database's clock, in microseconds since 1970."""

_COLUMNS = Replica.__struct_fields__
_FORGOTTEN_AFTER = 30 * 86_400_000_000
_RENEW = text(
    f"""
    WITH held AS (SELECT number FROM revision WHERE id = 1 FOR SHARE),
         clock AS MATERIALIZED (SELECT number, {_CLOCK} AS now FROM held)
    INSERT INTO replica (start, host, pid, address, version, began, renewed, lease_until,
                         revision, skew, state)
    SELECT :start, :host, :pid, :address, :version, now, now, now + :lease, :revision, :skew, :state
    FROM clock
    ON CONFLICT (start) DO UPDATE SET
        renewed = excluded.renewed, lease_until = excluded.lease_until,
        revision = excluded.revision, skew = excluded.skew, state = excluded.state,
        address = excluded.address
    RETURNING renewed, (SELECT number FROM clock) AS number
    """  # noqa: S608 - constants
)


class PostgresReplicas:
    """Implements `orders.ports.Replicas`."""

    def __init__(self, backend: PostgresBackend) -> None:
        self._backend = backend

    def renew(self, renewal: Renewal) -> Renewed:
        with self._backend.explained(), self._backend.apart.connect() as connection:
            row = connection.execute(_RENEW, msgspec.structs.asdict(renewal)).one()
        return Renewed(now=row.renewed, revision=row.number)

    def leave(self, start: str) -> None:
        with self._backend.explained(), self._backend.apart.connect() as connection:
            gone = update(replica).where(replica.c.start == start)
            connection.execute(gone.values(state="gone", lease_until=NOW))
            connection.execute(delete(replica).where(replica.c.renewed < NOW - _FORGOTTEN_AFTER))

    def all(self) -> tuple[int, Sequence[Replica]]:
        with self._backend.explained(), self._backend.apart.connect() as connection:
            return replicas(connection)

    def revision(self) -> int:
        with self._backend.explained(), self._backend.apart.connect() as connection:
            return int(connection.execute(select(revision.c.number)).scalar_one())


def replicas(connection: Connection) -> tuple[int, Sequence[Replica]]:
    """The database's clock, and every process that serves or served, the oldest first."""
    rows = connection.execute(select(replica, NOW.label("now")).order_by(replica.c.began))
    found = list(rows)
    if not found:
        return int(connection.execute(select(NOW)).scalar_one()), ()
    return int(found[0].now), tuple(map(_replica, found))


def _replica(row: Row[Any]) -> Replica:
    return msgspec.convert({name: row._mapping[name] for name in _COLUMNS}, Replica)  # noqa: SLF001 - its public name
